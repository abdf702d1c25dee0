package unweave.kernels;

/**
 * The geometry of a convolution: images N H W C, weights kernelHeight x kernelWidth x inChannels/groups x outChannels.
 * Output channel o belongs to group o / (outChannels/groups). Padding holds zeros.
 *
 * @param padY rows of padding above the image; an output position p begins at row p * strideY - padY
 * @param padX columns of padding to the left of the image
 * @param padBottom rows of padding below the image
 * @param padRight columns of padding to the right of the image
 */
public record ConvShape(
        int batch,
        int inHeight,
        int inWidth,
        int inChannels,
        int outChannels,
        int kernelHeight,
        int kernelWidth,
        int strideY,
        int strideX,
        int padY,
        int padX,
        int padBottom,
        int padRight,
        int dilationY,
        int dilationX,
        int groups) {

    public ConvShape {
        if (batch < 1
                || inHeight < 1
                || inWidth < 1
                || inChannels < 1
                || outChannels < 1
                || kernelHeight < 1
                || kernelWidth < 1
                || strideY < 1
                || strideX < 1
                || dilationY < 1
                || dilationX < 1
                || groups < 1
                || padY < 0
                || padX < 0
                || padBottom < 0
                || padRight < 0) {
            throw new IllegalArgumentException("convolution sizes must be positive (padding may be 0)");
        }
        if (inChannels % groups != 0 || outChannels % groups != 0) {
            throw new IllegalArgumentException("groups " + groups + " must divide the input channels " + inChannels
                    + " and the output channels " + outChannels);
        }
        if (inHeight + padY + padBottom < dilationY * (kernelHeight - 1) + 1
                || inWidth + padX + padRight < dilationX * (kernelWidth - 1) + 1) {
            throw new IllegalArgumentException("kernel " + kernelHeight + "x" + kernelWidth
                    + " is larger than the padded input " + inHeight + "x" + inWidth);
        }
    }

    /** With as much padding below and to the right as above and to the left. */
    public ConvShape(
            int batch,
            int inHeight,
            int inWidth,
            int inChannels,
            int outChannels,
            int kernelHeight,
            int kernelWidth,
            int strideY,
            int strideX,
            int padY,
            int padX,
            int dilationY,
            int dilationX,
            int groups) {
        this(
                batch,
                inHeight,
                inWidth,
                inChannels,
                outChannels,
                kernelHeight,
                kernelWidth,
                strideY,
                strideX,
                padY,
                padX,
                padY,
                padX,
                dilationY,
                dilationX,
                groups);
    }

    /** The convolution that is a dense layer: inChannels values in, outChannels values out. */
    public static ConvShape dense(int batch, int inFeatures, int outFeatures) {
        return new ConvShape(batch, 1, 1, inFeatures, outFeatures, 1, 1, 1, 1, 0, 0, 1, 1, 1);
    }

    /** A square kernel of odd size with stride 1 and the padding that keeps height and width. */
    public static ConvShape same(int batch, int height, int width, int inChannels, int outChannels, int kernel) {
        return new ConvShape(
                batch, height, width, inChannels, outChannels, kernel, kernel, 1, 1, kernel / 2, kernel / 2, 1, 1, 1);
    }

    public int outHeight() {
        return (inHeight + padY + padBottom - dilationY * (kernelHeight - 1) - 1) / strideY + 1;
    }

    public int outWidth() {
        return (inWidth + padX + padRight - dilationX * (kernelWidth - 1) - 1) / strideX + 1;
    }

    /** Whether there is padding on any side. */
    public boolean isPadded() {
        return padY != 0 || padX != 0 || padBottom != 0 || padRight != 0;
    }

    /** Whether opposite sides have the same padding. */
    public boolean isPaddedEqually() {
        return padY == padBottom && padX == padRight;
    }

    /** Input channels that one output channel sees. */
    public int groupChannels() {
        return inChannels / groups;
    }

    /** Values of the input: N H W C. */
    public long inputSize() {
        return (long) batch * inHeight * inWidth * inChannels;
    }

    /** Values of the output: N H' W' C'. */
    public long outputSize() {
        return (long) batch * outHeight() * outWidth() * outChannels;
    }

    /** Values of the weights. */
    public long weightSize() {
        return (long) kernelHeight * kernelWidth * groupChannels() * outChannels;
    }

    /** Multiply-adds count two; padding counts as if it were computed. */
    public double flops() {
        return 2.0 * outputSize() * kernelHeight * kernelWidth * groupChannels();
    }

    public ConvShape withBatch(int newBatch) {
        return new ConvShape(
                newBatch,
                inHeight,
                inWidth,
                inChannels,
                outChannels,
                kernelHeight,
                kernelWidth,
                strideY,
                strideX,
                padY,
                padX,
                padBottom,
                padRight,
                dilationY,
                dilationX,
                groups);
    }

    /**
     * "2x9x8x3-5 3x3 s2 p1 d2 g2": batch, height, width, channels in and out, kernel, and stride, padding (p1, py,x or
     * ptop,left,bottom,right), dilation and groups where they are not the default.
     */
    @Override
    public String toString() {
        return batch + "x" + inHeight + "x" + inWidth + "x" + inChannels + "-" + outChannels + " " + kernelHeight + "x"
                + kernelWidth
                + option(" s", strideY, strideX, 1)
                + padding(padY, padX, padBottom, padRight)
                + option(" d", dilationY, dilationX, 1)
                + option(" g", groups, groups, 1);
    }

    static String padding(int top, int left, int bottom, int right) {
        return top == bottom && left == right
                ? option(" p", top, left, 0)
                : " p" + top + "," + left + "," + bottom + "," + right;
    }

    static String option(String letter, int y, int x, int usual) {
        if (y == usual && x == usual) {
            return "";
        }
        return letter + (y == x ? "" + y : y + "," + x);
    }
}

package unweave.kernels;

/** The geometry of a pooling layer: windows of kernelHeight x kernelWidth over each channel of images N H W C. */
public record PoolShape(
        int batch,
        int inHeight,
        int inWidth,
        int channels,
        int kernelHeight,
        int kernelWidth,
        int strideY,
        int strideX,
        int padY,
        int padX) {

    public PoolShape {
        if (batch < 1
                || inHeight < 1
                || inWidth < 1
                || channels < 1
                || kernelHeight < 1
                || kernelWidth < 1
                || strideY < 1
                || strideX < 1
                || padY < 0
                || padX < 0) {
            throw new IllegalArgumentException("pooling sizes must be positive (padding may be 0)");
        }
        if (2 * padY > kernelHeight || 2 * padX > kernelWidth) {
            throw new IllegalArgumentException(
                    "pooling padding must be at most half the window " + kernelHeight + "x" + kernelWidth);
        }
        if (inHeight + 2 * padY < kernelHeight || inWidth + 2 * padX < kernelWidth) {
            throw new IllegalArgumentException("pooling window " + kernelHeight + "x" + kernelWidth
                    + " is larger than the padded input " + inHeight + "x" + inWidth);
        }
    }

    /** Square windows that do not overlap. */
    public static PoolShape square(int batch, int inHeight, int inWidth, int channels, int window) {
        return new PoolShape(batch, inHeight, inWidth, channels, window, window, window, window, 0, 0);
    }

    public int outHeight() {
        return (inHeight + 2 * padY - kernelHeight) / strideY + 1;
    }

    public int outWidth() {
        return (inWidth + 2 * padX - kernelWidth) / strideX + 1;
    }

    public long inputSize() {
        return (long) batch * inHeight * inWidth * channels;
    }

    public long outputSize() {
        return (long) batch * outHeight() * outWidth() * channels;
    }

    public PoolShape withBatch(int newBatch) {
        return new PoolShape(
                newBatch, inHeight, inWidth, channels, kernelHeight, kernelWidth, strideY, strideX, padY, padX);
    }

    /** "2x9x10x4 3x3 s2 p1": batch, height, width, channels, window, stride, padding. */
    @Override
    public String toString() {
        return batch + "x" + inHeight + "x" + inWidth + "x" + channels + " " + kernelHeight + "x" + kernelWidth
                + ConvShape.option(" s", strideY, strideX, 0)
                + ConvShape.option(" p", padY, padX, 0);
    }
}

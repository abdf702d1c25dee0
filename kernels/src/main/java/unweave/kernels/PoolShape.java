package unweave.kernels;

/**
 * The geometry of a pooling layer: windows of kernelHeight x kernelWidth cells over each channel of images N H W C.
 * Every window must hold at least one cell of the image.
 *
 * @param padY rows of padding above the image; a window p begins at row p * strideY - padY
 * @param padX columns of padding to the left of the image
 * @param padBottom rows of padding below the image
 * @param padRight columns of padding to the right of the image
 * @param dilationY distance of neighbouring cells of a window
 * @param dilationX as {@code dilationY}, between columns
 * @param ceil whether rows and columns that are left over get a window too, which reaches beyond the padding; it must
 *     begin on the image or the padding before it (PyTorch's ceil_mode). False where nothing is left over
 * @param countPadding whether an average divides by the cells of padding too (count_include_pad of PyTorch and ONNX);
 *     cells beyond the padding never count. True where there is no padding
 */
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
        int padX,
        int padBottom,
        int padRight,
        int dilationY,
        int dilationX,
        boolean ceil,
        boolean countPadding) {

    public PoolShape {
        if (batch < 1
                || inHeight < 1
                || inWidth < 1
                || channels < 1
                || kernelHeight < 1
                || kernelWidth < 1
                || strideY < 1
                || strideX < 1
                || dilationY < 1
                || dilationX < 1
                || padY < 0
                || padX < 0
                || padBottom < 0
                || padRight < 0) {
            throw new IllegalArgumentException("pooling sizes must be positive (padding may be 0)");
        }
        if (inHeight + padY + padBottom < dilationY * (kernelHeight - 1) + 1
                || inWidth + padX + padRight < dilationX * (kernelWidth - 1) + 1) {
            throw new IllegalArgumentException("pooling window " + kernelHeight + "x" + kernelWidth
                    + " is larger than the padded input " + inHeight + "x" + inWidth);
        }
        boolean padded = padY != 0 || padX != 0 || padBottom != 0 || padRight != 0;
        countPadding |= !padded;
        ceil = ceil
                && (windows(inHeight, padY, padBottom, kernelHeight, strideY, dilationY, true)
                                > windows(inHeight, padY, padBottom, kernelHeight, strideY, dilationY, false)
                        || windows(inWidth, padX, padRight, kernelWidth, strideX, dilationX, true)
                                > windows(inWidth, padX, padRight, kernelWidth, strideX, dilationX, false));
        if ((padded || ceil)
                && !(allHoldCells(inHeight, padY, padBottom, kernelHeight, strideY, dilationY, ceil)
                        && allHoldCells(inWidth, padX, padRight, kernelWidth, strideX, dilationX, ceil))) {
            throw new IllegalArgumentException("with this padding some pooling windows of " + kernelHeight + "x"
                    + kernelWidth + " would hold no cell of the input " + inHeight + "x" + inWidth);
        }
    }

    /** With as much padding below and to the right as above and to the left, and none of the other options. */
    public PoolShape(
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
        this(
                batch,
                inHeight,
                inWidth,
                channels,
                kernelHeight,
                kernelWidth,
                strideY,
                strideX,
                padY,
                padX,
                padY,
                padX,
                1,
                1,
                false,
                true);
    }

    /** Square windows that do not overlap. */
    public static PoolShape square(int batch, int inHeight, int inWidth, int channels, int window) {
        return new PoolShape(batch, inHeight, inWidth, channels, window, window, window, window, 0, 0);
    }

    /** Windows along one axis. */
    private static int windows(int size, int before, int after, int kernel, int stride, int dilation, boolean ceil) {
        int span = size + before + after - dilation * (kernel - 1) - 1;
        int whole = span / stride + 1;
        return ceil && span % stride != 0 && whole * stride < size + before ? whole + 1 : whole;
    }

    /** Whether each window along one axis has a cell that is not padding. */
    private static boolean allHoldCells(
            int size, int before, int after, int kernel, int stride, int dilation, boolean ceil) {
        int windows = windows(size, before, after, kernel, stride, dilation, ceil);
        for (int window = 0; window < windows; window++) {
            if (cells(window * stride - before, size, kernel, dilation) == 0) {
                return false;
            }
        }
        return true;
    }

    /** How many cells of a window that begins at {@code start} lie from 0 to {@code end - 1}. */
    private static int cells(int start, int end, int kernel, int dilation) {
        int before = start >= 0 ? 0 : (dilation - 1 - start) / dilation;
        int notBehind = end <= start ? 0 : Math.min(kernel, (end - start + dilation - 1) / dilation);
        return Math.max(0, notBehind - before);
    }

    public int outHeight() {
        return windows(inHeight, padY, padBottom, kernelHeight, strideY, dilationY, ceil);
    }

    public int outWidth() {
        return windows(inWidth, padX, padRight, kernelWidth, strideX, dilationX, ceil);
    }

    /** Rows from the first to the last of a window. */
    public int extentY() {
        return dilationY * (kernelHeight - 1) + 1;
    }

    /** Columns from the first to the last of a window. */
    public int extentX() {
        return dilationX * (kernelWidth - 1) + 1;
    }

    /** Whether windows neither overlap nor leave gaps nor reach beyond the image. */
    public boolean isTiling() {
        return strideY == kernelHeight
                && strideX == kernelWidth
                && dilationY == 1
                && dilationX == 1
                && !isPadded()
                && !ceil;
    }

    /** Whether there is padding on any side. */
    public boolean isPadded() {
        return padY != 0 || padX != 0 || padBottom != 0 || padRight != 0;
    }

    /** Whether averages of all windows divide by kernelHeight * kernelWidth. */
    public boolean hasEqualDivisors() {
        return countPadding && !ceil;
    }

    /** The number of cells that the average of a window divides by. */
    public int divisor(int row, int column) {
        return counted(row * strideY, inHeight, padY, padBottom, kernelHeight, dilationY)
                * counted(column * strideX, inWidth, padX, padRight, kernelWidth, dilationX);
    }

    /** The cells that count of a window that begins at {@code start}, which padding is included in. */
    private int counted(int start, int size, int before, int after, int kernel, int dilation) {
        return countPadding
                ? cells(start, before + size + after, kernel, dilation)
                : cells(start - before, size, kernel, dilation);
    }

    public long inputSize() {
        return (long) batch * inHeight * inWidth * channels;
    }

    public long outputSize() {
        return (long) batch * outHeight() * outWidth() * channels;
    }

    public PoolShape withBatch(int newBatch) {
        return new PoolShape(
                newBatch,
                inHeight,
                inWidth,
                channels,
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
                ceil,
                countPadding);
    }

    /**
     * "2x9x10x4 3x3 s2 p1 d2 ceil uncounted": batch, height, width, channels, window, stride, padding, dilation, and
     * whether there are windows beyond the padding, and whether averages leave padding out.
     */
    @Override
    public String toString() {
        return batch + "x" + inHeight + "x" + inWidth + "x" + channels + " " + kernelHeight + "x" + kernelWidth
                + ConvShape.option(" s", strideY, strideX, 0)
                + ConvShape.padding(padY, padX, padBottom, padRight)
                + ConvShape.option(" d", dilationY, dilationX, 1)
                + (ceil ? " ceil" : "")
                + (countPadding ? "" : " uncounted");
    }
}

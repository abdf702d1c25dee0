package unweave.kernels.cpu;

import java.util.stream.IntStream;
import unweave.kernels.ConvShape;

/**
 * The common form of a convolution forwards and towards the input:
 *
 * <pre>out[n, p, o] = sum over taps t and channels i of the group: in^[n, p * stride + t - pad, i] * weight[t, i, o],
 * </pre>
 *
 * where in^ is the input with {@code spread} - 1 zeros between its pixels and zeros around it. The forward pass has
 * spread 1; the gradient towards the input is the correlation of dy with the taps in reverse order, its channels
 * exchanged, spread by the stride and with stride 1.
 *
 * <p><b>Widening.</b> With fewer output channels than vector lanes most lanes would idle. Then {@code widening}
 * neighbouring output pixels are computed as one pixel with so many times the channels, which is how they lie in
 * memory. Its columns of taps are the union of theirs, and weights for taps that a pixel does not have are zero. For 3
 * columns of taps, 8 channels and 16 lanes this takes 2/3 of the multiplications of half-filled vectors.
 */
final class Correlation {
    final ConvShape shape;
    final boolean towardsInput;

    final int inHeight;
    final int inWidth;
    final int inChannels;
    final int spreadY;
    final int spreadX;
    /** Rows and columns of zeros before the input. A negative number leaves input rows out. */
    final int padTop;

    final int padLeft;
    final int strideY;
    final int strideX;

    /** Output size after widening. */
    final int outHeight;

    final int outWidth;
    final int outChannels;
    final int groups;
    final int widening;

    /** Where the taps lie: rows tapY[ky], columns tapX[u], in pixels of in^. */
    final int[] tapY;

    final int[] tapX;

    private Correlation(ConvShape shape, boolean towardsInput, int lanes) {
        this.shape = shape;
        this.towardsInput = towardsInput;
        int heightBefore = shape.dilationY() * (shape.kernelHeight() - 1);
        int widthBefore = shape.dilationX() * (shape.kernelWidth() - 1);
        inHeight = towardsInput ? shape.outHeight() : shape.inHeight();
        inWidth = towardsInput ? shape.outWidth() : shape.inWidth();
        inChannels = towardsInput ? shape.outChannels() : shape.inChannels();
        spreadY = towardsInput ? shape.strideY() : 1;
        spreadX = towardsInput ? shape.strideX() : 1;
        padTop = towardsInput ? heightBefore - shape.padY() : shape.padY();
        padLeft = towardsInput ? widthBefore - shape.padX() : shape.padX();
        groups = shape.groups();
        int channels = towardsInput ? shape.inChannels() : shape.outChannels();
        int columns = towardsInput ? shape.inWidth() : shape.outWidth();
        int columnStride = towardsInput ? 1 : shape.strideX();
        widening = groups == 1 && channels < lanes && lanes % channels == 0 && columns % (lanes / channels) == 0
                ? lanes / channels
                : 1;
        outHeight = towardsInput ? shape.inHeight() : shape.outHeight();
        outWidth = columns / widening;
        outChannels = channels * widening;
        strideY = towardsInput ? 1 : shape.strideY();
        strideX = columnStride * widening;
        tapY = IntStream.range(0, shape.kernelHeight())
                .map(ky -> ky * shape.dilationY())
                .toArray();
        tapX = IntStream.range(0, widening)
                .flatMap(pixel -> IntStream.range(0, shape.kernelWidth())
                        .map(kx -> pixel * columnStride + kx * shape.dilationX()))
                .sorted()
                .distinct()
                .toArray();
    }

    static Correlation forward(ConvShape shape, int lanes) {
        return new Correlation(shape, false, lanes);
    }

    static Correlation towardsInput(ConvShape shape, int lanes) {
        return new Correlation(shape, true, lanes);
    }

    /**
     * The column of the kernel at tap column {@code u} for pixel {@code pixel} of a widened one, or -1 if it has none
     * there.
     */
    int kernelColumn(int u, int pixel) {
        int distance = tapX[u] - pixel * (strideX / widening);
        int column = distance / shape.dilationX();
        return distance >= 0 && distance % shape.dilationX() == 0 && column < shape.kernelWidth() ? column : -1;
    }

    /** Input channels of one group. */
    int groupInChannels() {
        return inChannels / groups;
    }

    /** Output channels of one group, after widening. */
    int groupOutChannels() {
        return outChannels / groups;
    }

    /** Terms of one sum: taps times input channels of a group. */
    int depth() {
        return tapY.length * tapX.length * groupInChannels();
    }

    int outPixels() {
        return outHeight * outWidth;
    }

    /** Multiply-adds, counting two, as computed. */
    double flops() {
        return 2.0 * shape.batch() * outPixels() * outChannels * depth();
    }

    /** Whether every tap of every output pixel lies on an input pixel, so that the input can be read where it is. */
    boolean readsInputDirectly() {
        return padTop == 0
                && padLeft == 0
                && spreadY == 1
                && spreadX == 1
                && paddedRows(outHeight) <= inHeight
                && paddedColumns() <= inWidth;
    }

    /** Rows of in^ that {@code rows} rows of output see. */
    int paddedRows(int rows) {
        return (rows - 1) * strideY + tapY[tapY.length - 1] + 1;
    }

    /** Columns of in^ that a row of output sees. */
    int paddedColumns() {
        return (outWidth - 1) * strideX + tapX[tapX.length - 1] + 1;
    }
}

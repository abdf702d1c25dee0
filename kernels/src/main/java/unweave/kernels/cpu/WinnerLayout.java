package unweave.kernels.cpu;

import unweave.kernels.ConvShape;
import unweave.kernels.PoolShape;

/**
 * A 3 x 3 convolution and 2 x 2 max-pooling of its output, and how the passes back through both store weights. Input
 * channels are divided into blocks that fill a vector. Where all of them fill half of one, two columns share a vector:
 * the layout is narrow. Packed weights are [block, output channel, row of taps, vectors]:
 *
 * <pre>
 *                 vector 0        vector 1        vector 2
 * a row of taps   tap 0           tap 1           tap 2
 * narrow          tap 0 | tap 1   tap 2 | empty
 * </pre>
 *
 * @param lanes values of a vector
 */
record WinnerLayout(ConvShape shape, PoolShape pool, int lanes) {
    /** Rows and columns of the kernel. */
    static final int TAPS = 3;

    /**
     * Whether there are loops for these shapes: no strides, gaps or groups, windows that touch, channels that fill
     * vectors or half of one.
     */
    static boolean suits(ConvShape shape, PoolShape pool, int lanes) {
        int channels = shape.inChannels();
        return shape.kernelHeight() == TAPS
                && shape.kernelWidth() == TAPS
                && shape.strideY() == 1
                && shape.strideX() == 1
                && shape.dilationY() == 1
                && shape.dilationX() == 1
                && shape.groups() == 1
                && (channels % lanes == 0 || 2 * channels == lanes)
                && pool.kernelHeight() == 2
                && pool.kernelWidth() == 2
                && pool.isTiling();
    }

    /** Whether a vector holds two columns of the input. */
    boolean narrow() {
        return shape.inChannels() < lanes;
    }

    int blockChannels() {
        return Math.min(lanes, shape.inChannels());
    }

    int blocks() {
        return shape.inChannels() / blockChannels();
    }

    /** Columns of an input row, with the zeros left and right of it. */
    int paddedWidth() {
        return shape.inWidth() + shape.padX() + shape.padRight();
    }

    /** Values of such a row. */
    int paddedRow() {
        return paddedWidth() * shape.inChannels();
    }

    /** Values of a row of windows. */
    int windowRow() {
        return pool.outWidth() * pool.channels();
    }

    /** Rows of windows of all images. */
    int windowRows() {
        return pool.batch() * pool.outHeight();
    }

    /** The first cell, in its image, of the windows in a row that is counted over all images. */
    int firstCell(int windowRow) {
        return 2 * (windowRow % pool.outHeight()) * pool.inWidth();
    }

    /**
     * Values of the packed weights from one block of input channels to one output channel: three rows of taps, each
     * filled up to whole vectors.
     */
    int blockWeights() {
        return TAPS * tapRow();
    }

    private int tapRow() {
        return narrow() ? 2 * lanes : TAPS * lanes;
    }

    /** Values of weights [blocks x outChannels x {@link #blockWeights}]. */
    int packedWeights() {
        return blocks() * shape.outChannels() * blockWeights();
    }

    int packedAt(int block, int outChannel) {
        return (block * shape.outChannels() + outChannel) * blockWeights();
    }

    /** One block of the weights, packed. */
    void packBlock(int block, float[] w, float[] packed) {
        forEachTap(block, (tap, at) -> {
            for (int o = 0; o < shape.outChannels(); o++) {
                packed[at + o * blockWeights()] = w[tap + o];
            }
        });
    }

    /** One block of packed weights, back in their place in {@code w}. */
    void unpackBlock(int block, float[] packed, float[] w) {
        forEachTap(block, (tap, at) -> {
            for (int o = 0; o < shape.outChannels(); o++) {
                w[tap + o] = packed[at + o * blockWeights()];
            }
        });
    }

    private interface Tap {
        /** The weights of an input channel begin at {@code tap}; packed, that of output channel 0 is at {@code at}. */
        void visit(int tap, int at);
    }

    private void forEachTap(int block, Tap visitor) {
        for (int tap = 0; tap < TAPS * TAPS; tap++) {
            int inPacked = tap / TAPS * tapRow() + tap % TAPS * blockChannels();
            for (int c = 0; c < blockChannels(); c++) {
                int from = (tap * shape.inChannels() + block * blockChannels() + c) * shape.outChannels();
                visitor.visit(from, packedAt(block, 0) + inPacked + c);
            }
        }
    }
}

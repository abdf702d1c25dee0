package unweave.kernels.cuda;

import static unweave.kernels.cuda.Conv3x3Plan.ceilDivide;

import unweave.kernels.ConvShape;
import unweave.kernels.Floats;

/**
 * The small matrix products of dense layers and convolutions 1x1: launches of dense.cu. Which products and parts
 * depends on the shape alone.
 */
final class DenseProducts {
    /**
     * Products of a layer: beyond, tiles of 32 x 32 would read shared memory too often, and a library's tiles fill the
     * device.
     */
    private static final long MOST_PRODUCTS = 1L << 26;
    /** Rows, columns or values of k; tiles of more rows or columns fill the device whoever computes them. */
    private static final int LARGEST_SIDE = 1 << 16;

    private static final int TILE = 32;
    private static final int THREADS = 256;
    /** Values of k that a block loads at once. */
    private static final int DEPTH = 128;
    /**
     * Values of k up to which it takes one block no longer to go through them than a second kernel takes to add up
     * parts.
     */
    private static final int DEPTH_OF_ONE_PART = 3 * DEPTH;
    /** About one for each of 132 multiprocessors. */
    private static final int WANTED_BLOCKS = 128;

    private final CudaDevice device;
    private final GeneralConvolution general;

    DenseProducts(CudaDevice device, GeneralConvolution general) {
        this.device = device;
        this.general = general;
    }

    /** Whether this layer, a matrix product over all pixels, is small enough. */
    static boolean suits(ConvShape s) {
        long pixels = pixels(s);
        long side = Math.max(pixels, Math.max(s.inChannels(), s.outChannels()));
        return side <= LARGEST_SIDE && pixels * s.inChannels() <= MOST_PRODUCTS / s.outChannels();
    }

    /** Of how many values of k each part sums the products, and the number of parts. */
    private record Cut(int depth, int parts) {
        static Cut of(int rows, int columns, int k) {
            if (k <= DEPTH_OF_ONE_PART) {
                return new Cut(Math.max(1, k), 1);
            }
            long tiles = (long) ceilDivide(rows, TILE) * ceilDivide(columns, TILE);
            int steps = ceilDivide(k, DEPTH);
            int wanted = (int) Math.max(1, Math.min(steps, WANTED_BLOCKS / tiles));
            int depth = DEPTH * ceilDivide(steps, wanted);
            return new Cut(depth, ceilDivide(k, depth));
        }
    }

    void forward(ConvShape s, Floats x, Floats w, Floats bias, boolean relu, Floats y) {
        int m = pixels(s);
        int n = s.outChannels();
        int k = s.inChannels();
        Cut cut = Cut.of(m, n, k);
        if (cut.parts() == 1) {
            begin("dense_nn", m, n, cut)
                    .in(x)
                    .in(w)
                    .in(bias)
                    .in(y)
                    .value(m)
                    .value(n)
                    .value(k)
                    .value(cut.depth())
                    .value(relu ? 1 : 0)
                    .work(s.flops(), GeneralConvolution.bytes(s))
                    .run();
            return;
        }
        try (CudaFloats parts = device.floats(cut.parts() * y.size())) {
            begin("dense_nn", m, n, cut)
                    .in(x)
                    .in(w)
                    .none()
                    .in(parts)
                    .value(m)
                    .value(n)
                    .value(k)
                    .value(cut.depth())
                    .value(0)
                    .work(s.flops(), GeneralConvolution.bytes(s))
                    .run();
            combine(parts, cut.parts(), bias, n, relu, y);
        }
    }

    void backwardInput(ConvShape s, Floats dy, Floats w, Floats dx) {
        int m = pixels(s);
        int n = s.inChannels();
        int k = s.outChannels();
        Cut cut = Cut.of(m, n, k);
        if (cut.parts() == 1) {
            towardsInput(s, m, n, k, cut, dy, w, dx);
            return;
        }
        try (CudaFloats parts = device.floats(cut.parts() * dx.size())) {
            towardsInput(s, m, n, k, cut, dy, w, parts);
            combine(parts, cut.parts(), null, n, false, dx);
        }
    }

    private void towardsInput(ConvShape s, int m, int n, int k, Cut cut, Floats dy, Floats w, Floats dx) {
        begin("dense_nt", m, n, cut)
                .in(dy)
                .in(w)
                .in(dx)
                .value(m)
                .value(n)
                .value(k)
                .value(cut.depth())
                .work(s.flops(), GeneralConvolution.bytes(s))
                .run();
    }

    /** @param dbias null if not wanted */
    void backwardWeights(ConvShape s, Floats x, Floats dy, Floats dw, Floats dbias) {
        int m = s.inChannels();
        int n = s.outChannels();
        int k = pixels(s);
        int rows = dbias == null ? m : m + 1;
        Cut cut = Cut.of(rows, n, k);
        if (cut.parts() == 1) {
            weights(s, rows, k, cut, x, dy, dw, dbias);
            return;
        }
        try (CudaFloats parts = device.floats((long) cut.parts() * rows * n)) {
            weights(s, rows, k, cut, x, dy, parts, null);
            general.reduceParts(parts, cut.parts(), m * n, (rows - m) * n, dw, dbias);
        }
    }

    private void weights(ConvShape s, int rows, int k, Cut cut, Floats x, Floats dy, Floats dw, Floats dbias) {
        begin("dense_tn", rows, s.outChannels(), cut)
                .in(x)
                .in(dy)
                .in(dw)
                .in(dbias)
                .value(s.inChannels())
                .value(rows)
                .value(s.outChannels())
                .value(k)
                .value(cut.depth())
                .work(s.flops(), GeneralConvolution.bytes(s))
                .run();
    }

    private Launch begin(String kernel, int rows, int columns, Cut cut) {
        return device.kernel(kernel)
                .block(THREADS)
                .grid(ceilDivide(rows, TILE), ceilDivide(columns, TILE), cut.parts());
    }

    private void combine(CudaFloats parts, int count, Floats bias, int n, boolean relu, Floats y) {
        device.kernel("dense_combine")
                .over(y.size())
                .in(parts)
                .value(count)
                .value((int) y.size())
                .in(bias)
                .value(n)
                .value(relu ? 1 : 0)
                .in(y)
                .work(parts.size(), Float.BYTES * ((double) parts.size() + y.size()))
                .run();
    }

    private static int pixels(ConvShape s) {
        return Math.toIntExact((long) s.batch() * s.inHeight() * s.inWidth());
    }
}

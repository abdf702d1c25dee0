package unweave.kernels.cpu;

import unweave.kernels.ConvShape;
import unweave.kernels.PoolShape;

/**
 * The operations of {@link unweave.kernels.Fused} that propagate relevance through a convolution, on arrays: the
 * quotients R / z of a layer's output, and the product of its input with their gradient towards it.
 */
final class FusedRelevance {
    private final CpuMemory memory;
    private final ConvolutionKernels convolutions;
    private final PoolingKernels pooling;
    private final ElementwiseKernels elementwise;
    private final PropagationKernels propagation;
    private final WinnerConvolution winnersOnly;
    private final FirstLayerInputGradient firstLayer;

    /**
     * @param winnersOnly null without the Vector API
     * @param firstLayer null without the Vector API
     */
    FusedRelevance(
            CpuMemory memory,
            ConvolutionKernels convolutions,
            PoolingKernels pooling,
            ElementwiseKernels elementwise,
            PropagationKernels propagation,
            WinnerConvolution winnersOnly,
            FirstLayerInputGradient firstLayer) {
        this.memory = memory;
        this.convolutions = convolutions;
        this.pooling = pooling;
        this.elementwise = elementwise;
        this.propagation = propagation;
        this.winnersOnly = winnersOnly;
        this.firstLayer = firstLayer;
    }

    void convDivide(ConvShape shape, float[] x, float[] w, float[] bias, float eps, float[] r, float[] q) {
        requireRepeats(r.length, (int) shape.outputSize());
        Elements.requireSize(r.length, q);
        int rowValues = shape.outWidth() * shape.outChannels();
        convolutions.forwardInTiles(shape, 1, x, w, bias, false, (z, start, firstRow, rows) -> {
            int from = firstRow * rowValues;
            for (int map = 0; map < r.length; map += (int) shape.outputSize()) {
                propagation.stabilizedDivide(eps, r, z, q, map + from, map + from + rows * rowValues, -map - start);
            }
        });
    }

    void convMaxPoolDivide(
            ConvShape shape,
            float[] x,
            float[] w,
            float[] bias,
            float eps,
            PoolShape pool,
            float[] r,
            int[] winners,
            float[] q) {
        FusedKernels.requirePoolingOf(shape, pool);
        requireRepeats(r.length, (int) pool.outputSize());
        if (winnersOnly != null && WinnerConvolution.suits(shape, pool)) {
            divideOverWinners(shape, x, w, bias, eps, pool, r, winners, q);
        } else if (pool.isTiling()) {
            int maps = r.length / (int) pool.outputSize();
            convolutions.forwardInTiles(shape, pool.kernelHeight(), x, w, bias, false, (z, start, firstRow, rows) -> {
                for (int map = 0; map < maps; map++) {
                    pooling.divideWindowRows(pool, map, r, winners, eps, z, start, firstRow, rows, q);
                }
            });
        } else {
            try (CpuFloats z = memory.floats(shape.outputSize())) {
                convolutions.forward(shape, x, w, bias, false, z.array);
                pooling.divideWindows(pool, r, winners, eps, z.array, false, q);
            }
        }
    }

    private void divideOverWinners(
            ConvShape shape,
            float[] x,
            float[] w,
            float[] bias,
            float eps,
            PoolShape pool,
            float[] r,
            int[] winners,
            float[] q) {
        int maps = r.length / (int) pool.outputSize();
        try (CpuFloats z = memory.floats(pool.outputSize());
                CpuFloats anyMap = maps > 1 ? memory.floats(pool.outputSize()) : null) {
            if (maps > 1) {
                elementwise.sumMagnitudes(r, anyMap.array);
            }
            winnersOnly.preactivations(shape, pool, x, w, bias, winners, maps > 1 ? anyMap.array : r, z.array);
            propagation.stabilizedDivide(eps, r, z.array, q);
        }
    }

    private static void requireRepeats(int length, int of) {
        if (length % of != 0) {
            throw new IllegalArgumentException(
                    "relevance of " + length + " values for an output of " + of + ": it must be a multiple");
        }
    }

    void convBackwardInputProduct(
            ConvShape shape, float[] q, float[] w, float alpha, float[] x, boolean add, float[] out) {
        convolutions.backwardInputInTiles(shape, q, w, productWith(shape, alpha, x, add, out));
    }

    /** Receives a gradient g towards the input: out = alpha * x * g, or out += that. */
    private ConvolutionKernels.TileReader productWith(
            ConvShape shape, float alpha, float[] x, boolean add, float[] out) {
        int rowValues = shape.inWidth() * shape.inChannels();
        return (g, start, firstRow, rows) -> {
            int end = (firstRow + rows) * rowValues;
            for (int from = firstRow * rowValues; from < end; ) {
                int map = from / x.length * x.length;
                int to = Math.min(end, map + x.length);
                propagation.product(alpha, x, g, add, out, from, to, -map, -start);
                from = to;
            }
        };
    }

    void convMaxPoolBackwardInputProduct(
            ConvShape shape,
            PoolShape pool,
            float[] dy,
            int[] winners,
            float eps,
            float[] z,
            float[] w,
            float alpha,
            float[] x,
            boolean add,
            float[] out) {
        FusedKernels.requirePoolingOf(shape, pool);
        ConvolutionKernels.TileReader product = productWith(shape, alpha, x, add, out);
        if (z == null) {
            productBehindPooling(shape, pool, dy, winners, w, product);
        } else if (firstLayer != null && FirstLayerInputGradient.suits(shape, pool)) {
            firstLayer.compute(shape, pool, dy, winners, eps, z, w, product);
        } else {
            try (CpuFloats quotients = memory.floats(dy.length)) {
                pooling.divideWindows(pool, dy, winners, eps, z, true, quotients.array);
                productBehindPooling(shape, pool, quotients.array, winners, w, product);
            }
        }
    }

    private void productBehindPooling(
            ConvShape shape,
            PoolShape pool,
            float[] quotients,
            int[] winners,
            float[] w,
            ConvolutionKernels.TileReader product) {
        if (winnersOnly != null && WinnerConvolution.suits(shape, pool)) {
            winnersOnly.inputGradient(shape, pool, quotients, winners, w, product);
            return;
        }
        try (CpuFloats q = memory.floats(pool.inputSize())) {
            pooling.maxPoolBackward(pool, quotients, winners, q.array);
            convolutions.backwardInputInTiles(shape, q.array, w, product);
        }
    }
}

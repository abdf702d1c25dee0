package unweave.kernels.cpu;

import unweave.kernels.Activation;
import unweave.kernels.ConvShape;
import unweave.kernels.Floats;
import unweave.kernels.Fused;
import unweave.kernels.Ints;
import unweave.kernels.PoolShape;

/**
 * {@link unweave.kernels.Fused} on arrays. The operation before or after a convolution is done tile by tile, while the
 * tile is in the cache. Where windows of pooling overlap or leave gaps, a tile does not hold all of a window, so the
 * operations run one after the other.
 */
final class FusedKernels implements Fused {
    private final CpuMemory memory;
    private final ConvolutionKernels convolutions;
    private final PoolingKernels pooling;
    private final ElementwiseKernels elementwise;
    private final ActivationKernels activations;
    private final boolean vectors;
    private final WinnerConvolution winnersOnly;
    private final FusedRelevance relevance;

    FusedKernels(
            WorkerPool pool,
            CpuMemory memory,
            boolean vectors,
            ConvolutionKernels convolutions,
            PoolingKernels pooling,
            ElementwiseKernels elementwise,
            PropagationKernels propagation,
            ActivationKernels activations) {
        this.memory = memory;
        this.convolutions = convolutions;
        this.pooling = pooling;
        this.elementwise = elementwise;
        this.activations = activations;
        this.vectors = vectors;
        winnersOnly = new WinnerConvolution(pool, ElementLoops.choose(vectors));
        relevance = new FusedRelevance(
                memory,
                convolutions,
                pooling,
                elementwise,
                propagation,
                vectors ? winnersOnly : null,
                vectors ? new FirstLayerInputGradient(pool) : null);
    }

    @Override
    public void convReluMaxPool(
            ConvShape shape, Floats x, Floats w, Floats bias, PoolShape pool, Floats y, Ints winners) {
        convReluMaxPool(
                shape,
                memory.array(x, shape.inputSize()),
                memory.array(w, shape.weightSize()),
                memory.optional(bias, shape.outChannels()),
                pool,
                memory.array(y, pool.outputSize()),
                winners == null ? null : memory.array(winners));
    }

    @Override
    public void convReluMaxPoolBackward(
            ConvShape shape,
            Floats x,
            Floats w,
            PoolShape pool,
            Floats y,
            Floats dy,
            Ints winners,
            Floats dx,
            Floats dw,
            Floats dbias) {
        convReluMaxPoolBackward(
                shape,
                memory.array(x, shape.inputSize()),
                memory.array(w, shape.weightSize()),
                pool,
                memory.array(y, pool.outputSize()),
                memory.array(dy, pool.outputSize()),
                memory.array(winners),
                memory.optional(dx, shape.inputSize()),
                memory.optional(dw, shape.weightSize()),
                memory.optional(dbias, shape.outChannels()));
    }

    @Override
    public void convDivide(ConvShape shape, Floats x, Floats w, Floats bias, float eps, Floats r, Floats q) {
        relevance.convDivide(
                shape,
                memory.array(x, shape.inputSize()),
                memory.array(w, shape.weightSize()),
                memory.optional(bias, shape.outChannels()),
                eps,
                memory.array(r),
                memory.array(q, r.size()));
    }

    @Override
    public void convBackwardInputProduct(
            ConvShape shape, Floats q, Floats w, float alpha, Floats x, boolean add, Floats out) {
        relevance.convBackwardInputProduct(
                shape,
                memory.array(q, shape.outputSize()),
                memory.array(w, shape.weightSize()),
                alpha,
                memory.array(x),
                add,
                memory.array(out, shape.inputSize()));
    }

    @Override
    public void convMaxPoolDivide(
            ConvShape shape,
            Floats x,
            Floats w,
            Floats bias,
            float eps,
            PoolShape pool,
            Floats r,
            Ints winners,
            Floats q) {
        relevance.convMaxPoolDivide(
                shape,
                memory.array(x, shape.inputSize()),
                memory.array(w, shape.weightSize()),
                memory.optional(bias, shape.outChannels()),
                eps,
                pool,
                memory.array(r),
                memory.array(winners),
                memory.array(q, r.size()));
    }

    @Override
    public void convMaxPoolBackwardInputProduct(
            ConvShape shape,
            PoolShape pool,
            Floats dy,
            Ints winners,
            float eps,
            Floats z,
            Floats w,
            float alpha,
            Floats x,
            boolean add,
            Floats out) {
        relevance.convMaxPoolBackwardInputProduct(
                shape,
                pool,
                memory.array(dy, pool.outputSize()),
                memory.array(winners),
                eps,
                memory.optional(z, shape.outputSize() / shape.batch()),
                memory.array(w, shape.weightSize()),
                alpha,
                memory.array(x),
                add,
                memory.array(out, shape.inputSize()));
    }

    @Override
    public void convActivate(
            ConvShape shape, Floats x, Floats w, Floats bias, Activation f, Activation.Constants c, Floats y) {
        convActivate(
                shape,
                memory.array(x, shape.inputSize()),
                memory.array(w, shape.weightSize()),
                memory.optional(bias, shape.outChannels()),
                f,
                c,
                memory.array(y, shape.outputSize()));
    }

    void convActivate(
            ConvShape shape, float[] x, float[] w, float[] bias, Activation f, Activation.Constants c, float[] y) {
        if (f == Activation.CLIP && convolutions.clipped(shape, x, w, bias, c.a(), c.b(), y)) {
            return;
        }
        int rowValues = shape.outWidth() * shape.outChannels();
        convolutions.forwardInTiles(shape, 1, x, w, bias, false, (z, start, firstRow, rows) -> {
            int from = firstRow * rowValues;
            activations.activate(f, c, z, y, from, from + rows * rowValues, -start);
        });
    }

    void convReluMaxPool(
            ConvShape shape, float[] x, float[] w, float[] bias, PoolShape pool, float[] y, int[] winners) {
        requirePoolingOf(shape, pool);
        if (convolutions.firstLayer(shape, pool, x, w, bias, y, winners)) {
            return;
        }
        if (pool.isTiling()) {
            convolutions.forwardInTiles(
                    shape,
                    pool.kernelHeight(),
                    x,
                    w,
                    bias,
                    true,
                    (values, start, firstRow, rows) ->
                            pooling.maxPoolRows(pool, values, start, firstRow, rows, y, winners));
            return;
        }
        try (CpuFloats activation = memory.floats(shape.outputSize())) {
            convolutions.forward(shape, x, w, bias, true, activation.array);
            pooling.maxPoolForward(pool, activation.array, y, winners);
        }
    }

    static void requirePoolingOf(ConvShape shape, PoolShape pool) {
        if (pool.batch() != shape.batch()
                || pool.inHeight() != shape.outHeight()
                || pool.inWidth() != shape.outWidth()
                || pool.channels() != shape.outChannels()) {
            throw new IllegalArgumentException(
                    "the pooling " + pool + " does not read the output of the convolution " + shape);
        }
    }

    void convReluMaxPoolBackward(
            ConvShape shape,
            float[] x,
            float[] w,
            PoolShape pool,
            float[] y,
            float[] dy,
            int[] winners,
            float[] dx,
            float[] dw,
            float[] dbias) {
        requirePoolingOf(shape, pool);
        if (dx == null && convolutions.firstLayerGradients(shape, pool, x, y, dy, winners, dw, dbias)) {
            return;
        }
        if (vectors && WinnerConvolution.suits(shape, pool)) {
            backwardOverWinners(shape, x, w, pool, y, dy, winners, dx, dw, dbias);
        } else if (dx == null && pool.isTiling()) {
            convolutions.backwardWeights(
                    shape,
                    pool.kernelHeight(),
                    x,
                    (firstRow, rows, dz) -> pooling.reluMaxPoolBackwardRows(
                            pool,
                            y,
                            dy,
                            winners,
                            firstRow,
                            rows,
                            dz,
                            firstRow * shape.outWidth() * shape.outChannels()),
                    dw,
                    dbias);
        } else {
            backwardStepByStep(shape, x, w, pool, y, dy, winners, dx, dw, dbias);
        }
    }

    private void backwardOverWinners(
            ConvShape shape,
            float[] x,
            float[] w,
            PoolShape pool,
            float[] y,
            float[] dy,
            int[] winners,
            float[] dx,
            float[] dw,
            float[] dbias) {
        try (CpuFloats positive = memory.floats(dy.length)) {
            elementwise.reluBackward(y, dy, positive.array);
            if (dw != null) {
                winnersOnly.weightGradient(shape, pool, x, positive.array, winners, dw, dbias);
            }
            if (dx != null) {
                int rowValues = shape.inWidth() * shape.inChannels();
                winnersOnly.inputGradient(
                        shape,
                        pool,
                        positive.array,
                        winners,
                        w,
                        (values, start, firstRow, rows) -> System.arraycopy(
                                values, firstRow * rowValues - start, dx, firstRow * rowValues, rows * rowValues));
            }
        }
    }

    private void backwardStepByStep(
            ConvShape shape,
            float[] x,
            float[] w,
            PoolShape pool,
            float[] y,
            float[] dy,
            int[] winners,
            float[] dx,
            float[] dw,
            float[] dbias) {
        try (CpuFloats positive = memory.floats(dy.length);
                CpuFloats dz = memory.floats(shape.outputSize())) {
            elementwise.reluBackward(y, dy, positive.array);
            pooling.maxPoolBackward(pool, positive.array, winners, dz.array);
            if (dw != null) {
                convolutions.backwardWeights(shape, x, dz.array, dw, dbias);
            }
            if (dx != null) {
                convolutions.backwardInput(shape, dz.array, w, dx);
            }
        }
    }
}

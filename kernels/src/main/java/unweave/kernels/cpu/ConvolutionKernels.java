package unweave.kernels.cpu;

import java.util.Map;
import java.util.function.Consumer;
import unweave.kernels.ConvShape;
import unweave.kernels.Convolutions;
import unweave.kernels.Floats;
import unweave.kernels.PoolShape;

/**
 * Convolution in both directions, its weight gradient, and the matrix products, which are dense layers. All of them are
 * {@link TableProduct}s of input tiles with packed weights, except that a pooled first layer and depth-wise
 * convolutions have loops of their own ({@link FirstLayer}, {@link DepthwiseConvolution}). Arrays are as in
 * {@link unweave.kernels.Convolutions}, from an offset where one is given.
 */
final class ConvolutionKernels implements Convolutions {
    /** Weights of so many floats are packed by all threads. */
    private static final int PARALLEL_PACKING = 32 * 1024;

    private final WorkerPool pool;
    private final CpuMemory memory;
    private final MicroKernel kernel;
    private final boolean vectors;
    private final ConvPlans plans;
    private final TileScratch tileScratch;
    private final Scratch weightScratch = new Scratch();
    private final Scratch biasScratch = new Scratch();
    private final Scratch outputScratch = new Scratch();
    private final ConvWeightGradient weightGradient;
    private final FirstLayer firstLayer;
    private final TapGradients tapGradients;
    private final DepthwiseConvolution depthwise;
    private final WinogradConvolution winograd;

    /** @param leastVectorWork products of fewer multiply-adds do without SIMD ({@link MicroKernel#leastWork}) */
    ConvolutionKernels(WorkerPool pool, CpuMemory memory, boolean vectors, int leastVectorWork) {
        this.pool = pool;
        this.memory = memory;
        this.vectors = vectors;
        kernel = vectors ? new VectorMicroKernel(leastVectorWork) : new ScalarMicroKernel();
        plans = new ConvPlans(kernel, vectors);
        tileScratch = new TileScratch(kernel);
        weightGradient = new ConvWeightGradient(pool, kernel);
        firstLayer = new FirstLayer(pool, tileScratch);
        tapGradients = new TapGradients(pool, this);
        winograd = new WinogradConvolution(pool, tileScratch);
        depthwise = new DepthwiseConvolution(pool, vectors);
    }

    @Override
    public void convForward(ConvShape shape, Floats x, Floats w, Floats bias, boolean relu, Floats y) {
        forward(
                shape,
                memory.array(x, shape.inputSize()),
                memory.array(w, shape.weightSize()),
                memory.optional(bias, shape.outChannels()),
                relu,
                memory.array(y, shape.outputSize()));
    }

    @Override
    public void convBackwardInput(ConvShape shape, Floats dy, Floats w, Floats dx) {
        backwardInput(
                shape,
                memory.array(dy, shape.outputSize()),
                memory.array(w, shape.weightSize()),
                memory.array(dx, shape.inputSize()));
    }

    @Override
    public void convBackwardWeights(ConvShape shape, Floats x, Floats dy, Floats dw, Floats dbias) {
        backwardWeights(
                shape,
                memory.array(x, shape.inputSize()),
                memory.array(dy, shape.outputSize()),
                memory.array(dw, shape.weightSize()),
                memory.optional(dbias, shape.outChannels()));
    }

    @Override
    public void gemm(boolean transposeA, boolean transposeB, int m, int n, int k, Floats a, Floats b, Floats c) {
        gemm(
                transposeA,
                transposeB,
                m,
                n,
                k,
                memory.array(a, (long) m * k),
                0,
                memory.array(b, (long) k * n),
                0,
                memory.array(c, (long) m * n),
                0);
    }

    /** @param bias outChannels values or null */
    void forward(ConvShape shape, float[] x, float[] w, float[] bias, boolean relu, float[] y) {
        if (DepthwiseConvolution.suits(shape)) {
            depthwise.forward(shape, x, w, bias, floor(relu), Float.POSITIVE_INFINITY, y);
        } else {
            correlate(plans.forward(shape, 1), x, 0, w, 0, bias, relu, y, 0);
        }
    }

    /**
     * A convolution cut off below low and above high, if it has a loop for that.
     *
     * @param bias outChannels values or null
     * @return whether it can do this; otherwise nothing was done
     */
    boolean clipped(ConvShape shape, float[] x, float[] w, float[] bias, float low, float high, float[] y) {
        if (!DepthwiseConvolution.suits(shape)) {
            return false;
        }
        depthwise.forward(shape, x, w, bias, low, high, y);
        return true;
    }

    /** Receives the output tile by tile. */
    interface TileReader {
        /**
         * Reads the output rows {@code firstRow} to {@code firstRow + rows - 1}, counted over all images: parts of one
         * image or several whole ones.
         *
         * @param values the tile; output value i is at [i - start]
         */
        void read(float[] values, int start, int firstRow, int rows);
    }

    /**
     * As {@link #forward}, but the output is handed out tile by tile, while it is in the cache, by the threads that
     * computed it.
     *
     * @param rowMultiple tiles of a part of an image begin at multiples of so many rows
     */
    void forwardInTiles(
            ConvShape shape, int rowMultiple, float[] x, float[] w, float[] bias, boolean relu, TileReader reader) {
        if (DepthwiseConvolution.suits(shape)) {
            depthwise.forward(shape, rowMultiple, x, w, bias, floor(relu), Float.POSITIVE_INFINITY, reader);
        } else {
            correlateInTiles(plans.forward(shape, rowMultiple), x, w, bias, relu, reader);
        }
    }

    private void correlateInTiles(ConvPlan plan, float[] x, float[] w, float[] bias, boolean relu, TileReader reader) {
        if (plan.winograd != null) {
            winograd.computeInTiles(plan, x, transformWeights(plan, w, 0), bias, relu, reader);
            return;
        }
        float[] packed = packWeights(plan.weights, w, 0);
        float[] packedBias = packBias(plan.weights, bias);
        pool.run(plan.tiles.count, tile -> {
            TableProduct product = plan.readTile(tile, x, 0, tileScratch);
            product.b = packed;
            product.floor = floor(relu);
            int pixels = plan.tiles.pixels(tile);
            int channels = plan.correlation.outChannels;
            float[] out = outputScratch.atLeast(pixels * channels);
            int start = plan.tiles.firstPixel(tile) * channels;
            multiplyTile(plan, product, tile, 0, plan.weights.allPanels(), packedBias, out, -start);
            reader.read(out, start, plan.tiles.firstRowOfAll(tile), pixels / plan.correlation.outWidth);
        });
    }

    /**
     * Convolution, ReLU and pooling by {@link FirstLayer}.
     *
     * @param bias outChannels values or null
     * @return whether it can do this; otherwise nothing was done
     */
    boolean firstLayer(
            ConvShape shape, PoolShape pooling, float[] x, float[] w, float[] bias, float[] y, int[] winners) {
        if (!vectors || !FirstLayer.suits(shape, pooling)) {
            return false;
        }
        firstLayer.pooled(plans.forward(shape, 2), pooling, x, w, bias, y, winners);
        return true;
    }

    /**
     * The gradients of {@link #firstLayer} towards weights and bias.
     *
     * @param dbias outChannels values or null
     * @return whether {@link FirstLayer} can do this; otherwise nothing was done
     */
    boolean firstLayerGradients(
            ConvShape shape,
            PoolShape pooling,
            float[] x,
            float[] y,
            float[] dy,
            int[] winners,
            float[] dw,
            float[] dbias) {
        if (!vectors || !FirstLayer.suitsGradients(shape, pooling)) {
            return false;
        }
        firstLayer.weightGradients(plans.forward(shape, 2), pooling, x, y, dy, winners, dw, dbias);
        return true;
    }

    void backwardInput(ConvShape shape, float[] dy, float[] w, float[] dx) {
        if (DepthwiseConvolution.suits(shape)) {
            depthwise.backwardInput(shape, dy, w, dx);
            return;
        }
        ConvPlan plan = plans.towardsInput(shape);
        if (TapGradients.suits(plan.correlation, kernel.lanes())) {
            tapGradients.compute(shape, dy, w, dx);
        } else {
            correlate(plan, dy, 0, w, 0, null, false, dx, 0);
        }
    }

    /** As {@link #backwardInput}, but the gradient is handed out in pieces, while they are in the cache. */
    void backwardInputInTiles(ConvShape shape, float[] dy, float[] w, TileReader reader) {
        if (DepthwiseConvolution.suits(shape)) {
            depthwise.backwardInput(shape, dy, w, reader);
            return;
        }
        ConvPlan plan = plans.towardsInput(shape);
        if (TapGradients.suits(plan.correlation, kernel.lanes())) {
            tapGradients.compute(shape, dy, w, reader);
        } else {
            correlateInTiles(plan, dy, w, null, false, reader);
        }
    }

    /** @param dbias outChannels values or null */
    void backwardWeights(ConvShape shape, float[] x, float[] dy, float[] dw, float[] dbias) {
        if (DepthwiseConvolution.suits(shape)) {
            depthwise.backwardWeights(shape, x, dy, dw, dbias);
        } else {
            weightGradient.compute(plans.weightGradient(shape, 1), x, 0, dy, 0, dw, 0, dbias);
        }
    }

    /**
     * As {@link #backwardWeights(ConvShape, float[], float[], float[], float[])}, for a gradient that is made tile by
     * tile.
     *
     * @param rowMultiple tiles of a part of an image begin at multiples of so many rows
     */
    void backwardWeights(
            ConvShape shape, int rowMultiple, float[] x, ConvWeightGradient.TileWriter dy, float[] dw, float[] dbias) {
        weightGradient.compute(plans.weightGradient(shape, rowMultiple), x, dy, dw, dbias);
    }

    /** C[m,n] = op(A)[m,k] op(B)[k,n]; the matrices begin at the given offsets. */
    void gemm(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float[] a,
            int aStart,
            float[] b,
            int bStart,
            float[] c,
            int cStart) {
        if (transposeA && transposeB) {
            float[] straightB = weightScratch.atLeast(n * k);
            pool.runAlone(() -> Transposition.transpose(n, k, b, bStart, k, straightB, 0, n));
            weightGradient.compute(
                    plans.weightGradient(ConvShape.dense(k, m, n), 1), a, aStart, straightB, 0, c, cStart, null);
        } else if (transposeA) {
            weightGradient.compute(
                    plans.weightGradient(ConvShape.dense(k, m, n), 1), a, aStart, b, bStart, c, cStart, null);
        } else if (transposeB) {
            correlate(plans.towardsInput(ConvShape.dense(m, n, k)), a, aStart, b, bStart, null, false, c, cStart);
        } else {
            correlate(plans.forward(ConvShape.dense(m, k, n), 1), a, aStart, b, bStart, null, false, c, cStart);
        }
    }

    private void correlate(
            ConvPlan plan,
            float[] in,
            int inStart,
            float[] w,
            int wStart,
            float[] bias,
            boolean relu,
            float[] out,
            int outStart) {
        if (plan.winograd != null) {
            winograd.compute(plan, in, inStart, transformWeights(plan, w, wStart), bias, relu, out, outStart);
            return;
        }
        float[] packed = packWeights(plan.weights, w, wStart);
        float[] packedBias = packBias(plan.weights, bias);
        int panels = plan.weights.allPanels();
        int panelsPerTask = Math.max(1, panels * plan.tiles.count / plan.tiles.wantedTasks);
        int tasksPerTile = ConvTiles.ceilDivide(panels, Math.min(panels, panelsPerTask));
        pool.run(plan.tiles.count * tasksPerTile, task -> {
            int tile = task / tasksPerTile;
            TableProduct product = plan.readTile(tile, in, inStart, tileScratch);
            product.b = packed;
            product.floor = floor(relu);
            int firstPanel = task % tasksPerTile * panelsPerTask;
            int lastPanel = Math.min(firstPanel + panelsPerTask, panels);
            multiplyTile(plan, product, tile, firstPanel, lastPanel, packedBias, out, outStart);
        });
    }

    private static float floor(boolean relu) {
        return relu ? 0f : Float.NEGATIVE_INFINITY;
    }

    private float[] transformWeights(ConvPlan plan, float[] w, int wStart) {
        return derived(
                plan.weights.key(true, wStart),
                w,
                WinogradConvolution.weightFloats(plan),
                u -> winograd.transformWeights(plan, w, wStart, u));
    }

    private float[] packWeights(ConvWeights weights, float[] w, int wStart) {
        return derived(weights.key(false, wStart), w, weights.packedSize(), packed -> pack(weights, w, wStart, packed));
    }

    /** What is made of weights: of frozen ones once, of others every time. */
    private float[] derived(ConvWeights.Key key, float[] w, int size, Consumer<float[]> make) {
        Map<Object, float[]> kept = pool.isRecording() ? null : memory.derived(w);
        if (kept == null) {
            float[] values = weightScratch.atLeast(size);
            make.accept(values);
            return values;
        }
        float[] known = kept.get(key);
        if (known == null) {
            known = new float[size];
            make.accept(known);
            kept.put(key, known);
        }
        return known;
    }

    private void pack(ConvWeights weights, float[] w, int wStart, float[] packed) {
        if (weights.packedSize() >= PARALLEL_PACKING) {
            pool.run(weights.allPanels(), panel -> weights.packPanel(panel, w, wStart, packed));
        } else {
            pool.runAlone(() -> {
                for (int panel = 0; panel < weights.allPanels(); panel++) {
                    weights.packPanel(panel, w, wStart, packed);
                }
            });
        }
    }

    private float[] packBias(ConvWeights weights, float[] bias) {
        if (bias == null) {
            return null;
        }
        float[] packed = biasScratch.atLeast(weights.packedBiasSize());
        pool.runAlone(() -> weights.packBias(bias, packed));
        return packed;
    }

    private static void multiplyTile(
            ConvPlan plan,
            TableProduct product,
            int tile,
            int firstPanel,
            int lastPanel,
            float[] packedBias,
            float[] out,
            int outStart) {
        Correlation correlation = plan.correlation;
        ConvWeights weights = plan.weights;
        int tileStart = product.aStart;
        product.rowStart = plan.tiles.pixelStart;
        product.offset = plan.tiles.tapOffset;
        product.run = plan.tiles.tapRun;
        product.depth = correlation.depth();
        product.bStride = weights.panelStride();
        for (int i = firstPanel; i < lastPanel; i++) {
            int group = i / weights.panels;
            int panel = i % weights.panels;
            product.aStart = tileStart + group * correlation.groupInChannels();
            product.bStart = weights.panelStart(group, panel);
            if (packedBias != null) {
                product.bias = packedBias;
                product.biasStart = weights.biasStart(group, panel);
            }
            int target = outStart
                    + plan.tiles.firstPixel(tile) * correlation.outChannels
                    + group * correlation.groupOutChannels()
                    + panel * weights.panelStride();
            product.multiplyPanel(
                    plan.tiles.pixels(tile), weights.panelWidth(panel), false, out, target, correlation.outChannels);
        }
    }
}

package unweave.kernels.cpu;

import java.util.Arrays;
import unweave.kernels.ConvShape;
import unweave.kernels.PoolShape;

/**
 * Passes back through 2 x 2 max-pooling and the 3 x 3 convolution before it. Of the four outputs in a window, pooling
 * reads the largest alone, the winner, so only a fourth of the convolution's outputs matters, another one for every
 * output channel o:
 *
 * <pre>
 * dw[t,i,o]   = sum over windows: g[window,o] * x[winner + t,i]      weight gradient
 * z[window,o] = bias[o] + sum over t,i: x[winner + t,i] * w[t,i,o]   pre-activations of the winners
 *
 * the outputs of a        the 3 x 3 inputs (stars) that each winner sees,
 * window                  of the 4 x 4 that the window sees
 *
 *   +---+---+             * * * .    . * * *    . . . .    . . . .
 *   | 0 | 1 |             * * * .    . * * *    * * * .    . * * *
 *   | 2 | 3 |             * * * .    . * * *    * * * .    . * * *
 *   +---+---+             . . . .    . . . .    * * * .    . * * *
 *                         winner 0   winner 1   winner 2   winner 3
 * </pre>
 *
 * The gradient towards the input is {@link WinnerPatches}. Here, for one output channel and one block of input channels
 * at a time, the nine taps stay in registers, as sums or as weights, while the loop passes over the windows whose value
 * is not zero.
 *
 * <p>With these passes off, a gtzan training step takes 1.3 times as long and one explained gtzan input 1.1 times; with
 * the narrow forms off, a toy training step takes 1.2 times as long (JDK 17 and 25, Emerald Rapids).
 */
final class WinnerConvolution {
    /** Windows of a strip for the weight gradient: a block of their input fits the first-level cache. */
    private static final int GRADIENT_WINDOWS = 64;
    /** The strips are divided into so many chunks. Each has its own sums, which are added up in the end. */
    private static final int GRADIENT_CHUNKS = 16;
    /** Values of a strip's input for the pre-activations: all its channels fit the first-level cache. */
    private static final int STRIP_VALUES = 9 * 1024;

    private static final int LEAST_TASKS = 8;

    private final WorkerPool pool;
    private final WinnerPatches patches;
    private final ElementLoops elements;
    private final Scratch weightScratch = new Scratch();
    private final Scratch sumScratch = new Scratch();
    private final Scratch biasScratch = new Scratch();
    private final Scratch laneScratch = new Scratch();
    /** Not static: the sizes of a strip depend on the loops of this backend, which ends with its threads. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<WinnerStrip> strips = new ThreadLocal<>();

    WinnerConvolution(WorkerPool pool, ElementLoops elements) {
        this.pool = pool;
        this.elements = elements;
        patches = new WinnerPatches(pool);
    }

    /** Whether these passes can be taken. */
    static boolean suits(ConvShape shape, PoolShape pooling) {
        return WinnerLayout.suits(shape, pooling, VectorWinnerLoops.LANES);
    }

    /** See {@link WinnerPatches#compute}. */
    void inputGradient(
            ConvShape shape,
            PoolShape pooling,
            float[] gradients,
            int[] winners,
            float[] w,
            ConvolutionKernels.TileReader reader) {
        patches.compute(shape, pooling, gradients, winners, w, reader);
    }

    /**
     * @param gradients of the windows: pool.outputSize() values
     * @param dbias outChannels values or null
     */
    void weightGradient(
            ConvShape shape,
            PoolShape pooling,
            float[] x,
            float[] gradients,
            int[] winners,
            float[] dw,
            float[] dbias) {
        WinnerLayout layout = new WinnerLayout(shape, pooling, VectorWinnerLoops.LANES);
        int stripRows = stripRows(layout, GRADIENT_WINDOWS / pooling.outWidth());
        int allStrips = ConvTiles.ceilDivide(layout.windowRows(), stripRows);
        int chunkRows = ConvTiles.ceilDivide(allStrips, GRADIENT_CHUNKS) * stripRows;
        int chunks = ConvTiles.ceilDivide(layout.windowRows(), chunkRows);
        float[] sums = sumScratch.atLeast(chunks * layout.packedWeights());
        float[] biasSums = biasScratch.atLeast(chunks * shape.outChannels());
        pool.run(chunks, chunk -> {
            Arrays.fill(sums, chunk * layout.packedWeights(), (chunk + 1) * layout.packedWeights(), 0f);
            Arrays.fill(biasSums, chunk * shape.outChannels(), (chunk + 1) * shape.outChannels(), 0f);
            int end = Math.min((chunk + 1) * chunkRows, layout.windowRows());
            for (int row = chunk * chunkRows; row < end; row += stripRows) {
                WinnerStrip strip = strip(layout, x, row, Math.min(row + stripRows, end), shape.outChannels());
                addStrip(
                        layout,
                        strip,
                        gradients,
                        winners,
                        sums,
                        chunk * layout.packedWeights(),
                        biasSums,
                        chunk * shape.outChannels());
            }
        });
        pool.run(layout.blocks(), block -> {
            addUp(
                    sums,
                    layout.packedAt(block, 0),
                    shape.outChannels() * layout.blockWeights(),
                    chunks,
                    layout.packedWeights());
            layout.unpackBlock(block, sums, dw);
        });
        if (dbias != null) {
            pool.runAlone(() -> {
                addUp(biasSums, 0, shape.outChannels(), chunks, shape.outChannels());
                System.arraycopy(biasSums, 0, dbias, 0, shape.outChannels());
            });
        }
    }

    /** {@code wanted} rows of windows, but at least one, and few enough for {@link #LEAST_TASKS} strips. */
    private static int stripRows(WinnerLayout layout, int wanted) {
        return Math.max(1, Math.min(wanted, layout.windowRows() / LEAST_TASKS));
    }

    private WinnerStrip strip(WinnerLayout layout, float[] x, int first, int end, int lists) {
        WinnerStrip strip = strips.get();
        if (strip == null) {
            strip = new WinnerStrip();
            strips.set(strip);
        }
        strip.load(layout, x, first, end, lists);
        return strip;
    }

    private void addStrip(
            WinnerLayout layout,
            WinnerStrip strip,
            float[] gradients,
            int[] winners,
            float[] sums,
            int sumsStart,
            float[] biasSums,
            int biasStart) {
        int outChannels = layout.shape().outChannels();
        if (layout.narrow()) {
            addNarrowStrip(layout, strip, gradients, winners, sums, sumsStart, biasSums, biasStart);
            return;
        }
        int[] ends = strip.ends();
        for (int o = 0; o < outChannels; o++) {
            int from = o * strip.size();
            ends[o] = strip.list(o, gradients, strip.firstRow() * layout.windowRow(), winners, from);
            biasSums[biasStart + o] += (float) elements.sum(strip.values(), from, ends[o]);
        }
        for (int block = 0; block < layout.blocks(); block++) {
            for (int o = 0; o < outChannels; o++) {
                VectorWinnerLoops.addTaps(
                        strip.input(),
                        strip.start(block),
                        strip.addresses(),
                        strip.values(),
                        o * strip.size(),
                        ends[o],
                        strip.pitch(),
                        sums,
                        sumsStart + layout.packedAt(block, o));
            }
        }
    }

    private static void addNarrowStrip(
            WinnerLayout layout,
            WinnerStrip strip,
            float[] gradients,
            int[] winners,
            float[] sums,
            int sumsStart,
            float[] biasSums,
            int biasStart) {
        int outChannels = layout.shape().outChannels();
        for (int o = 0; o < outChannels; o++) {
            for (int row = strip.firstRow(); row < strip.endRow(); row++) {
                int from = row * layout.windowRow() + o;
                biasSums[biasStart + o] += VectorWinnerLoops.addNarrowTaps(
                        strip.input(),
                        strip.cellZero(row),
                        layout.blockChannels(),
                        winners,
                        from,
                        layout.firstCell(row) + layout.pool().inWidth(),
                        strip.lowerShift(),
                        gradients,
                        from,
                        layout.pool().outWidth(),
                        outChannels,
                        strip.pitch(),
                        sums,
                        sumsStart + layout.packedAt(0, o));
            }
        }
    }

    /**
     * Adds to {@code count} values from {@code from} on those of the other {@code chunks - 1} chunks, in their order.
     */
    private void addUp(float[] sums, int from, int count, int chunks, int chunkValues) {
        for (int chunk = 1; chunk < chunks; chunk++) {
            elements.addScaled(1f, sums, sums, from, from + count, chunk * chunkValues);
        }
    }

    /**
     * The pre-activations of the winners.
     *
     * @param bias outChannels values or null
     * @param of one value for each window; where it is zero, the pre-activation is not computed
     * @param z receives the pre-activations, and 1 where they are not computed
     */
    void preactivations(
            ConvShape shape,
            PoolShape pooling,
            float[] x,
            float[] w,
            float[] bias,
            int[] winners,
            float[] of,
            float[] z) {
        WinnerLayout layout = new WinnerLayout(shape, pooling, VectorWinnerLoops.LANES);
        float[] packed = weightScratch.atLeast(layout.packedWeights());
        if (layout.narrow()) {
            pool.runAlone(() -> Arrays.fill(packed, 0, layout.packedWeights(), 0f));
        }
        pool.run(layout.blocks(), block -> layout.packBlock(block, w, packed));
        int stripRows = stripRows(layout, (STRIP_VALUES / layout.paddedRow() - 2) / 2);
        pool.run(ConvTiles.ceilDivide(layout.windowRows(), stripRows), number -> {
            int first = number * stripRows;
            WinnerStrip strip = strip(layout, x, first, Math.min(first + stripRows, layout.windowRows()), 1);
            int start = first * layout.windowRow();
            Arrays.fill(z, start, start + strip.size() * shape.outChannels(), 1f);
            for (int o = 0; o < shape.outChannels(); o++) {
                int count = strip.list(o, of, start, winners, 0);
                sumTaps(layout, strip, o, count, packed);
                float ofChannel = bias == null ? 0f : bias[o];
                for (int i = 0; i < count; i++) {
                    z[start + strip.windows()[i] * shape.outChannels() + o] = strip.values()[i] + ofChannel;
                }
            }
        });
    }

    /** Replaces the values of the listed windows of output channel {@code o} by sum over t, i: x * w. */
    private void sumTaps(WinnerLayout layout, WinnerStrip strip, int o, int count, float[] packed) {
        float[] lanes = laneScratch.atLeast((count + layout.lanes()) * layout.lanes());
        for (int block = 0; block < layout.blocks(); block++) {
            int at = layout.packedAt(block, o);
            if (layout.narrow()) {
                VectorWinnerLoops.narrowTaps(strip.input(), strip.addresses(), count, strip.pitch(), packed, at, lanes);
            } else {
                VectorWinnerLoops.taps(
                        strip.input(),
                        strip.start(block),
                        strip.addresses(),
                        count,
                        strip.pitch(),
                        packed,
                        at,
                        block > 0,
                        lanes);
            }
        }
        VectorLaneSums.sum(lanes, count, strip.values());
    }
}

package unweave.kernels.cpu;

import java.util.Arrays;

/**
 * The gradient of a convolution with respect to its weights and bias:
 *
 * <pre>dw[t,i,o] = sum over images n and pixels p: x[n, p * stride + t - pad, i] * dy[n,p,o],
 * dbias[o]  = sum over n, p: dy[n,p,o].</pre>
 *
 * <p>For one tile of pixels this is a {@link TableProduct} whose rows are taps and channels and whose k runs over
 * pixels. Tiles are summed within a chunk, then chunks in their order. Chunks depend on the shape alone, and short sums
 * of sums also keep the float32 error small. Where chunks are few, their rows are split into parts for more tasks.
 */
final class ConvWeightGradient {
    /** Partial gradients, of all chunks together, may have this many floats. */
    private static final int PARTIAL_FLOATS = 4 << 20;

    private static final int WANTED_TASKS = 16;

    private final WorkerPool pool;
    private final MicroKernel kernel;
    private final TileScratch tileScratch;
    private final Scratch gradientScratch = new Scratch();
    private final Scratch partialScratch = new Scratch();
    private final Scratch writtenScratch = new Scratch();
    private final Scratch biasScratch = new Scratch();

    ConvWeightGradient(WorkerPool pool, MicroKernel kernel) {
        this.pool = pool;
        this.kernel = kernel;
        tileScratch = new TileScratch(kernel);
    }

    /** Computes the gradient of the output tile by tile, as it is needed. */
    interface TileWriter {
        /**
         * Writes the output rows {@code firstRow} to {@code firstRow + rows - 1}, counted over all images, to the start
         * of {@code dy}.
         */
        void write(int firstRow, int rows, float[] dy);
    }

    /**
     * @param plan the forward plan of the layer, with tiles for gradients
     * @param dbias outChannels values or null
     */
    void compute(
            ConvPlan plan, float[] x, int xStart, float[] dy, int dyStart, float[] dw, int dwStart, float[] dbias) {
        compute(new Call(plan, x, xStart, dy, dyStart, null, dbias != null), plan, dw, dwStart, dbias);
    }

    /** As above, for a gradient of the output that never lies in memory as a whole. */
    void compute(ConvPlan plan, float[] x, TileWriter dy, float[] dw, float[] dbias) {
        compute(new Call(plan, x, 0, null, 0, dy, dbias != null), plan, dw, 0, dbias);
    }

    private void compute(Call call, ConvPlan plan, float[] dw, int dwStart, float[] dbias) {
        boolean inPlace = call.chunks == 1 && plan.correlation.widening == 1 && plan.correlation.groups == 1;
        call.partials = inPlace ? dw : partialScratch.atLeast(call.chunks * call.partialSize);
        call.partialsStart = inPlace ? dwStart : 0;
        pool.run(call.chunks * call.parts, call::runTask);
        if (!inPlace) {
            int kernelWidth = plan.correlation.shape.kernelWidth();
            pool.run(
                    plan.correlation.shape.kernelHeight() * kernelWidth,
                    tap -> plan.weights.reduceTap(
                            call.partials,
                            call.chunks,
                            call.partialSize,
                            tap / kernelWidth,
                            tap % kernelWidth,
                            dw,
                            dwStart));
        }
        if (dbias != null) {
            pool.runAlone(() -> {
                Arrays.fill(dbias, 0f);
                for (int i = 0; i < call.chunks * plan.correlation.outChannels; i++) {
                    dbias[i % dbias.length] += call.biasPartials[i];
                }
            });
        }
    }

    /** The operands of one call and how its work is cut. */
    private final class Call {
        private final ConvPlan plan;
        private final Correlation correlation;
        private final ConvTiles tiles;
        private final float[] x;
        private final int xStart;
        private final float[] dy;
        private final int dyStart;
        private final TileWriter writer;

        private final int chunks;
        private final int tilesPerChunk;
        private final int parts;
        private final int rowsPerPart;
        private final int partialSize;
        private final float[] biasPartials;
        private float[] partials;
        private int partialsStart;

        Call(ConvPlan plan, float[] x, int xStart, float[] dy, int dyStart, TileWriter writer, boolean withBias) {
            this.plan = plan;
            this.x = x;
            this.xStart = xStart;
            this.dy = dy;
            this.dyStart = dyStart;
            this.writer = writer;
            correlation = plan.correlation;
            tiles = plan.tiles;
            partialSize = correlation.depth() * correlation.outChannels;
            int wanted = Math.min(WANTED_TASKS, tiles.wantedTasks);
            int mostChunks = Math.max(1, Math.min(wanted, PARTIAL_FLOATS / partialSize));
            tilesPerChunk = ConvTiles.ceilDivide(tiles.count, mostChunks);
            chunks = ConvTiles.ceilDivide(tiles.count, tilesPerChunk);
            int blocks = ConvTiles.ceilDivide(correlation.depth(), kernel.narrowRows());
            rowsPerPart = ConvTiles.ceilDivide(blocks, ConvTiles.ceilDivide(wanted, chunks)) * kernel.narrowRows();
            parts = ConvTiles.ceilDivide(correlation.depth(), rowsPerPart);
            biasPartials = withBias ? biasScratch.atLeast(chunks * correlation.outChannels) : null;
        }

        void runTask(int task) {
            int chunk = task / parts;
            int part = task % parts;
            int lastTile = Math.min((chunk + 1) * tilesPerChunk, tiles.count);
            for (int tile = chunk * tilesPerChunk; tile < lastTile; tile++) {
                addTile(chunk, part * rowsPerPart, tile, tile > chunk * tilesPerChunk);
            }
        }

        /** Adds one tile to the partial sums of its chunk, from {@code firstRow} on; the first tile overwrites them. */
        private void addTile(int chunk, int firstRow, int tile, boolean add) {
            TableProduct product = plan.readTile(tile, x, xStart, tileScratch);
            int tileStart = product.aStart;
            int columns = correlation.groupOutChannels();
            int panelColumns = plan.weights.panelStride();
            float[] tileGradient = dy;
            int tileGradientStart = dyStart + tiles.firstPixel(tile) * correlation.outChannels;
            if (writer != null) {
                tileGradient = writtenScratch.atLeast(tiles.pixels(tile) * correlation.outChannels);
                tileGradientStart = 0;
                writer.write(tiles.firstRowOfAll(tile), tiles.pixels(tile) / correlation.outWidth, tileGradient);
            }
            product.rowStart = tiles.tapOffset;
            product.firstRow = firstRow;
            product.offset = tiles.pixelStart;
            product.run = tiles.pixelRun;
            product.depth = tiles.pixels(tile);
            for (int i = 0; i < correlation.groups * plan.weights.panels; i++) {
                int group = i / plan.weights.panels;
                int panel = i % plan.weights.panels;
                int width = plan.weights.panelWidth(panel);
                int firstColumn = group * columns + panel * panelColumns;
                product.aStart = tileStart + group * correlation.groupInChannels();
                setRightFactor(product, tileGradient, tileGradientStart + firstColumn, width);
                int target = partialsStart
                        + chunk * partialSize
                        + (group * correlation.depth() + firstRow) * columns
                        + panel * panelColumns;
                product.multiplyPanel(
                        Math.min(rowsPerPart, correlation.depth() - firstRow), width, add, partials, target, columns);
                if (biasPartials != null && firstRow == 0) {
                    product.sumPanel(width, add, biasPartials, chunk * correlation.outChannels + firstColumn);
                }
            }
        }

        /**
         * Reads columns of dy where they are if they fill whole vectors, and otherwise copies them and fills up with
         * zeros.
         */
        private void setRightFactor(TableProduct product, float[] dy, int start, int width) {
            product.b = dy;
            product.bStart = start;
            product.bStride = correlation.outChannels;
            if (width % kernel.lanes() != 0) {
                int panelColumns = plan.weights.panelStride();
                float[] padded = gradientScratch.atLeast(product.depth * panelColumns);
                for (int p = 0; p < product.depth; p++) {
                    System.arraycopy(dy, start + p * correlation.outChannels, padded, p * panelColumns, width);
                    Arrays.fill(padded, p * panelColumns + width, (p + 1) * panelColumns, 0f);
                }
                product.b = padded;
                product.bStart = 0;
                product.bStride = panelColumns;
            }
        }
    }
}

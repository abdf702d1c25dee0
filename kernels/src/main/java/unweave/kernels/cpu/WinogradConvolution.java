package unweave.kernels.cpu;

import java.util.Arrays;

/**
 * Convolutions of 3 x 3 taps by Winograd's F(2 x 2, 3 x 3) (Lavin and Gray 2016, "Fast algorithms for convolutional
 * neural networks", Section 4.1), forwards and towards the input:
 *
 * <pre>
 * v = B' d B    of every 4 x 4 tile d of the input, tiles two pixels apart     16 values per channel
 * u = G g G'    of every filter g
 * m[p] = sum over channels i: v[p, i] u[p, i]    for each of the 16 positions p: a matrix product
 * y = A' m A    of every tile: 2 x 2 outputs
 * </pre>
 *
 * That is 16 multiplications for four outputs instead of 36. The error is about that of the direct sum, since the
 * matrices hold only 0, 1, -1 and halves. Lanes run along channels. A task computes some tiles and all or some of the
 * output channels; a tile's values depend on nothing else, so they are the same whatever the tasks.
 *
 * <p>Against the direct way, processor time of one thread with weights transformed in each call: 1.25 to 1.45 times as
 * fast at 64 and 128 channels, 1.4 to 1.6 times at 256 and 512 (JDK 25; JDK 17: .97 to 1.4, 1.4 to 1.6; Emerald
 * Rapids).
 */
final class WinogradConvolution {
    private static final int POSITIONS = WinogradTiles.POSITIONS;
    /** Output channels whose products are held at a time. */
    private static final int GROUP_COLUMNS = 64;
    /** Output channels of a task at least: the input is transformed again for every task. */
    private static final int TASK_COLUMNS = 128;
    /** Work is split into about so many tasks, so that threads share it. */
    private static final int WANTED_TASKS = 16;

    private final WorkerPool pool;
    private final TileScratch products;
    private final Scratch inputScratch = new Scratch();
    private final Scratch productScratch = new Scratch();
    private final Scratch edgeScratch = new Scratch();
    private final Scratch outputScratch = new Scratch();

    WinogradConvolution(WorkerPool pool, TileScratch products) {
        this.pool = pool;
        this.products = products;
    }

    /** Floats of {@link #transformWeights}. */
    static int weightFloats(ConvPlan plan) {
        return POSITIONS * plan.weights.packedSize() / 9;
    }

    /** Writes u for {@link TableProduct}: by position, panel of columns, input channel. */
    void transformWeights(ConvPlan plan, float[] w, int wStart, float[] u) {
        Correlation c = plan.correlation;
        int panelColumns = plan.weights.panelStride();
        int positionStride = plan.weights.panels * c.inChannels * panelColumns;
        int channelStride = c.towardsInput ? panelColumns : c.outChannels;
        int tapStride = c.inChannels * channelStride;
        pool.run(plan.weights.panels, panel -> {
            int width = plan.weights.panelWidth(panel);
            float[] from = c.towardsInput ? turned(plan, panel, w, wStart) : w;
            int start = c.towardsInput ? 0 : wStart + panel * panelColumns;
            for (int i = 0; i < c.inChannels; i++) {
                int to = (panel * c.inChannels + i) * panelColumns;
                VectorWinogradLoops.weights(
                        from, start + i * channelStride, 3 * tapStride, tapStride, width, u, to, positionStride);
            }
        });
    }

    /** Weights towards the input: taps from the other end, and channels exchanged. */
    private float[] turned(ConvPlan plan, int panel, float[] w, int wStart) {
        int channels = plan.correlation.inChannels;
        int taps = plan.correlation.shape.groupChannels() * plan.correlation.shape.outChannels();
        int panelColumns = plan.weights.panelStride();
        float[] turned = edgeScratch.atLeast(9 * channels * panelColumns);
        for (int tap = 0; tap < 9; tap++) {
            int from = wStart + (8 - tap) * taps + panel * panelColumns * channels;
            int to = tap * channels * panelColumns;
            Transposition.transpose(
                    plan.weights.panelWidth(panel), channels, w, from, channels, turned, to, panelColumns);
        }
        return turned;
    }

    /**
     * The whole output.
     *
     * @param u of {@link #transformWeights}
     * @param bias a value for each output channel, or null
     */
    void compute(
            ConvPlan plan, float[] in, int inStart, float[] u, float[] bias, boolean relu, float[] out, int outStart) {
        WinogradTiles tiles = plan.winograd;
        int blocks = ConvTiles.ceilDivide(tiles.count, tiles.perBlock);
        int panels = plan.weights.panels;
        int leastPanels = ConvTiles.ceilDivide(TASK_COLUMNS, plan.weights.panelStride());
        int parts = Math.max(1, Math.min(panels / leastPanels, WANTED_TASKS / blocks));
        int perPart = ConvTiles.ceilDivide(panels, parts);
        pool.run(blocks * parts, task -> {
            int first = task / parts * tiles.perBlock;
            int count = Math.min(tiles.perBlock, tiles.count - first);
            float[] v = transformed(tiles, first, count, in, inStart);
            int firstPanel = task % parts * perPart;
            int lastPanel = Math.min(panels, firstPanel + perPart);
            multiply(plan, first, count, firstPanel, lastPanel, v, u, bias, relu, out, outStart);
        });
    }

    /** As {@link #compute}, handed out in whole rows of the output while they are in the cache. */
    void computeInTiles(
            ConvPlan plan, float[] in, float[] u, float[] bias, boolean relu, ConvolutionKernels.TileReader reader) {
        WinogradTiles tiles = plan.winograd;
        Correlation c = plan.correlation;
        int parts = ConvTiles.ceilDivide(tiles.rowsOfImage, tiles.rowsPerBlock);
        pool.run(c.shape.batch() * parts, task -> {
            int image = task / parts;
            int firstOfImage = task % parts * tiles.rowsPerBlock;
            int tileRows = Math.min(tiles.rowsPerBlock, tiles.rowsOfImage - firstOfImage);
            int first = (image * tiles.rowsOfImage + firstOfImage) * tiles.tilesPerRow;
            int count = tileRows * tiles.tilesPerRow;
            int firstRow = image * c.outHeight + 2 * firstOfImage;
            int rows = Math.min(2 * tileRows, c.outHeight - 2 * firstOfImage);
            int rowValues = c.outWidth * c.outChannels;
            float[] out = outputScratch.atLeast(rows * rowValues);
            float[] v = transformed(tiles, first, count, in, 0);
            multiply(plan, first, count, 0, plan.weights.panels, v, u, bias, relu, out, -firstRow * rowValues);
            reader.read(out, firstRow * rowValues, firstRow, rows);
        });
    }

    /** v of some tiles: by position, tile, channel. */
    private float[] transformed(WinogradTiles tiles, int first, int count, float[] in, int inStart) {
        Correlation c = tiles.correlation;
        float[] v = inputScratch.atLeast(POSITIONS * count * tiles.tileFloats);
        int rowFloats = c.inWidth * c.inChannels;
        for (int t = 0; t < count; t++) {
            int top = tiles.row(first + t) - c.padTop;
            int left = tiles.column(first + t) - c.padLeft;
            int at = inStart + (tiles.image(first + t) * c.inHeight + top) * rowFloats + left * c.inChannels;
            float[] from = in;
            int rowStride = rowFloats;
            if (top < 0 || left < 0 || top + 4 > c.inHeight || left + 4 > c.inWidth) {
                from = withZeros(c, top, left, in, at);
                at = 0;
                rowStride = 4 * c.inChannels;
            }
            VectorWinogradLoops.input(
                    from, at, rowStride, c.inChannels, v, t * tiles.tileFloats, count * tiles.tileFloats);
        }
        return v;
    }

    /** A tile at the border: what lies outside the input is zero. */
    private float[] withZeros(Correlation c, int top, int left, float[] in, int at) {
        float[] tile = edgeScratch.atLeast(POSITIONS * c.inChannels);
        Arrays.fill(tile, 0, POSITIONS * c.inChannels, 0f);
        int from = Math.max(0, -left);
        int to = Math.min(4, c.inWidth - left);
        for (int row = Math.max(0, -top); row < Math.min(4, c.inHeight - top) && from < to; row++) {
            System.arraycopy(
                    in,
                    at + (row * c.inWidth + from) * c.inChannels,
                    tile,
                    (4 * row + from) * c.inChannels,
                    (to - from) * c.inChannels);
        }
        return tile;
    }

    private void multiply(
            ConvPlan plan,
            int first,
            int count,
            int firstPanel,
            int lastPanel,
            float[] v,
            float[] u,
            float[] bias,
            boolean relu,
            float[] out,
            int outStart) {
        Correlation c = plan.correlation;
        int panelColumns = plan.weights.panelStride();
        int groupPanels = Math.max(1, GROUP_COLUMNS / panelColumns);
        int stride = groupPanels * panelColumns;
        float[] m = productScratch.atLeast(POSITIONS * count * stride);
        TableProduct product = products.product();
        product.wholeWork = c.flops() / 2;
        product.a = v;
        product.rowStart = plan.winograd.rowStart;
        product.offset = plan.winograd.offset;
        product.run = c.inChannels;
        product.depth = c.inChannels;
        product.b = u;
        product.bStride = panelColumns;
        for (int group = firstPanel; group < lastPanel; group += groupPanels) {
            int panels = Math.min(groupPanels, lastPanel - group);
            for (int position = 0; position < POSITIONS; position++) {
                product.aStart = position * count * plan.winograd.tileFloats;
                for (int panel = 0; panel < panels; panel++) {
                    product.bStart = (position * plan.weights.panels + group + panel) * c.inChannels * panelColumns;
                    int to = position * count * stride + panel * panelColumns;
                    product.multiplyPanel(count, panelColumns, false, m, to, stride);
                }
            }
            int column = group * panelColumns;
            int columns = Math.min(panels * panelColumns, c.outChannels - column);
            add(plan.winograd, first, count, m, stride, column, columns, bias, relu, out, outStart);
        }
    }

    /** y of some columns: pixels that the output does not have are written, and then overwritten, as others. */
    private static void add(
            WinogradTiles tiles,
            int first,
            int count,
            float[] m,
            int stride,
            int column,
            int columns,
            float[] bias,
            boolean relu,
            float[] out,
            int outStart) {
        Correlation c = tiles.correlation;
        float[] added = bias == null ? tiles.noBias : bias;
        float floor = relu ? 0f : Float.NEGATIVE_INFINITY;
        for (int t = 0; t < count; t++) {
            int row = tiles.row(first + t);
            int left = tiles.column(first + t);
            int pixel = (tiles.image(first + t) * c.outHeight + row) * c.outWidth + left;
            int at = outStart + pixel * c.outChannels + column;
            int right = left + 1 < c.outWidth ? c.outChannels : 0;
            int below = row + 1 < c.outHeight ? c.outWidth * c.outChannels : 0;
            VectorWinogradLoops.output(
                    m,
                    t * stride,
                    count * stride,
                    columns,
                    added,
                    column,
                    floor,
                    out,
                    at,
                    at + right,
                    at + below,
                    at + below + right);
        }
    }
}

package unweave.kernels.cpu;

import java.util.Arrays;
import unweave.kernels.ConvShape;
import unweave.kernels.PoolShape;

/**
 * The first layer of an audio network with ReLU and pooling, and its gradients towards the weights, tile by tile by the
 * loops of {@link VectorFirstLayer}.
 */
final class FirstLayer {
    private static final int TAPS = 9;
    /** Rows of a task's sums: one for each tap, and the bias. */
    private static final int SUMS = TAPS + 1;
    /** Each task has sums of its own, which are added up in the end. */
    private static final int GRADIENT_TASKS = 64;

    private final WorkerPool pool;
    private final TileScratch tileScratch;
    private final Scratch weightScratch = new Scratch();
    private final Scratch biasScratch = new Scratch();
    private final Scratch sumScratch = new Scratch();

    FirstLayer(WorkerPool pool, TileScratch tileScratch) {
        this.pool = pool;
        this.tileScratch = tileScratch;
    }

    /**
     * Whether a convolution has one input channel, 3 x 3 taps without stride or gaps, and output channels that fill
     * vectors or half a vector, and its output is pooled by halves.
     */
    static boolean suits(ConvShape shape, PoolShape pooling) {
        return shape.inChannels() == 1
                && shape.kernelHeight() == 3
                && shape.kernelWidth() == 3
                && shape.strideY() == 1
                && shape.strideX() == 1
                && shape.dilationY() == 1
                && shape.dilationX() == 1
                && pooling.kernelHeight() == 2
                && pooling.kernelWidth() == 2
                && pooling.isTiling()
                && VectorFirstLayer.fits(shape.outChannels(), pooling.outWidth());
    }

    /** Whether {@link #weightGradients} can be taken too. */
    static boolean suitsGradients(ConvShape shape, PoolShape pooling) {
        return suits(shape, pooling) && VectorFirstLayer.fitsGradients(shape.outChannels(), pooling.outWidth());
    }

    /**
     * Work on one row of windows: where their input begins in a tile, their first cell, and where their values and the
     * task's sums begin.
     */
    private interface WindowRow {
        void compute(float[] x, int top, int firstCell, int values, int sums);
    }

    /**
     * Convolution, ReLU and pooling.
     *
     * @param plan with tiles that begin at even rows of an image
     * @param bias outChannels values or null
     */
    void pooled(ConvPlan plan, PoolShape pooling, float[] x, float[] w, float[] bias, float[] y, int[] winners) {
        int channels = pooling.channels();
        int columns = VectorFirstLayer.columns(channels);
        float[] filled = fill(w, TAPS, channels, columns, weightScratch);
        float[] filledBias = fill(bias == null ? new float[channels] : bias, 1, channels, columns, biasScratch);
        WindowRow row = (in, top, firstCell, values, sums) -> VectorFirstLayer.row(
                in,
                top,
                plan.tiles.rowFloats(),
                filled,
                filledBias,
                channels,
                pooling.outWidth(),
                firstCell,
                pooling.inWidth(),
                y,
                winners,
                values);
        pool.run(plan.tiles.count, tile -> forEachRow(plan, tile, pooling, x, row, 0));
    }

    /**
     * The gradients towards weights and bias.
     *
     * @param plan as in {@link #pooled}
     * @param y the output of the pooling
     * @param dbias outChannels values or null
     */
    void weightGradients(
            ConvPlan plan,
            PoolShape pooling,
            float[] x,
            float[] y,
            float[] dy,
            int[] winners,
            float[] dw,
            float[] dbias) {
        int channels = pooling.channels();
        int columns = VectorFirstLayer.columns(channels);
        int tilesPerTask = ConvTiles.ceilDivide(plan.tiles.count, GRADIENT_TASKS);
        int tasks = ConvTiles.ceilDivide(plan.tiles.count, tilesPerTask);
        float[] sums = sumScratch.atLeast(tasks * SUMS * columns);
        WindowRow row = (in, top, firstCell, values, start) -> VectorFirstLayer.addRow(
                in,
                top,
                plan.tiles.rowFloats(),
                channels,
                pooling.outWidth(),
                firstCell,
                pooling.inWidth(),
                y,
                dy,
                winners,
                values,
                sums,
                start);
        pool.run(tasks, task -> {
            int start = task * SUMS * columns;
            Arrays.fill(sums, start, start + SUMS * columns, 0f);
            for (int tile = task * tilesPerTask; tile < Math.min(plan.tiles.count, (task + 1) * tilesPerTask); tile++) {
                forEachRow(plan, tile, pooling, x, row, start);
            }
        });
        pool.runAlone(() -> addUp(sums, tasks, columns, channels, 0, TAPS, dw));
        if (dbias != null) {
            pool.runAlone(() -> addUp(sums, tasks, columns, channels, TAPS, 1, dbias));
        }
    }

    private void forEachRow(ConvPlan plan, int tile, PoolShape pooling, float[] input, WindowRow work, int sums) {
        TableProduct product = plan.readTile(tile, input, 0, tileScratch);
        ConvTiles tiles = plan.tiles;
        int pixelsOfRow = plan.correlation.outWidth; // widened ones, where channels are few
        int rows = tiles.pixels(tile) / pixelsOfRow;
        for (int row = 0; row < rows; ) {
            int rowOfAll = tiles.firstRowOfAll(tile) + row;
            int rowOfImage = rowOfAll % pooling.inHeight();
            if (rowOfImage == pooling.inHeight() - 1) {
                row++; // the last of an odd number of rows: no window covers it
            } else {
                int windowRow = rowOfAll / pooling.inHeight() * pooling.outHeight() + rowOfImage / 2;
                work.compute(
                        product.a,
                        product.aStart + tiles.pixelStart[row * pixelsOfRow],
                        rowOfImage * pooling.inWidth(),
                        windowRow * pooling.outWidth() * pooling.channels(),
                        sums);
                row += 2;
            }
        }
    }

    /**
     * The rows {@code first} to {@code first + rows - 1} of all tasks' sums, whose columns repeat every
     * {@code channels}.
     */
    private static void addUp(float[] sums, int tasks, int columns, int channels, int first, int rows, float[] out) {
        Arrays.fill(out, 0, rows * channels, 0f);
        for (int task = 0; task < tasks; task++) {
            for (int row = 0; row < rows; row++) {
                int start = (task * SUMS + first + row) * columns;
                for (int column = 0; column < columns; column += channels) {
                    for (int channel = 0; channel < channels; channel++) {
                        out[row * channels + channel] += sums[start + column + channel];
                    }
                }
            }
        }
    }

    /** A matrix whose rows are repeated side by side until they fill {@code filled} columns. */
    private float[] fill(float[] matrix, int rows, int columns, int filled, Scratch scratch) {
        if (columns == filled) {
            return matrix;
        }
        float[] repeated = scratch.atLeast(rows * filled);
        pool.runAlone(() -> {
            for (int at = 0; at < rows * filled; at += columns) {
                System.arraycopy(matrix, at / filled * columns, repeated, at, columns);
            }
        });
        return repeated;
    }
}

package unweave.kernels.cpu;

import java.util.Arrays;
import unweave.kernels.ConvShape;
import unweave.kernels.PoolShape;

/**
 * The gradient towards the one input channel of a first layer, 3 x 3 taps, behind 2 x 2 max-pooling and a division:
 *
 * <pre>dx[n,y,x] = sum over windows i,j and channels o: dy[n,i,j,o] / s(z[p,o]) * w[t,o],
 *             p the winner of the window and t the tap with p + t - pad = (y,x).</pre>
 *
 * <p>Each window has one winner for each channel, so three of four values between convolution and pooling are zero.
 * These are never stored: a window adds, for each channel, its quotient times the 3 x 3 weights to the 4 x 4
 * {@linkplain VectorWindowPatches patch} of the input that it sees, at the winner's position. A task computes some rows
 * of one image; the windows at the border of two tasks are computed twice. Several maps with the same winners, such as
 * the relevance of an input's concepts, share the denominators and places of a row of windows.
 *
 * <p>With it off, one explained gtzan input takes 1.4 to 1.6 times as long (JDK 17 and 25, Emerald Rapids).
 */
final class FirstLayerInputGradient {
    /** Rows of input of a task, at most and at least. */
    private static final int TASK_ROWS = 32;

    private static final int LEAST_TASK_ROWS = 8;
    private static final int WANTED_TASKS = 8;
    private static final int SIDE = VectorWindowPatches.SIDE;
    private static final int PATCH = VectorWindowPatches.PATCH;

    private final WorkerPool pool;
    private final Scratch tableScratch = new Scratch();
    private final ThreadLocal<Workspace> workspaces = ThreadLocal.withInitial(Workspace::new);

    FirstLayerInputGradient(WorkerPool pool) {
        this.pool = pool;
    }

    /**
     * Memory of a thread for a task: rows of dx of all maps, and the intermediate results of
     * {@link VectorWindowPatches} for one row of windows.
     */
    private static final class Workspace {
        private float[] rows = {};
        private float[] denominators = {};
        private int[] places = {};
        private float[] quotients = {};
        /** The patches, between two empty ones. */
        private float[] patches = {};

        void reserve(int rowValues, int windows, int channels) {
            rows = rows.length < rowValues ? new float[rowValues] : rows;
            quotients = quotients.length < channels ? new float[channels] : quotients;
            patches = patches.length < (windows + 2) * PATCH ? new float[(windows + 2) * PATCH] : patches;
            if (places.length < windows * channels) {
                places = new int[windows * channels];
                denominators = new float[windows * channels];
            }
        }
    }

    /** Whether this way can be taken. */
    static boolean suits(ConvShape shape, PoolShape pooling) {
        return FirstLayer.suits(shape, pooling) && shape.padX() < 3 && VectorWindowPatches.fits(shape.outChannels());
    }

    /**
     * @param winners of as many images as the pooling has, or a divisor of it: they repeat
     * @param z the denominators of all cells of an image, the same for all
     * @param reader told dx in pieces by the threads that computed them
     */
    void compute(
            ConvShape shape,
            PoolShape pooled,
            float[] dy,
            int[] winners,
            float eps,
            float[] z,
            float[] w,
            ConvolutionKernels.TileReader reader) {
        float[] table = tableScratch.atLeast(VectorWindowPatches.tableSize(shape.outChannels()));
        pool.runAlone(() -> VectorWindowPatches.fillTable(w, shape.outChannels(), table));
        int images = winners.length / (pooled.outHeight() * pooled.outWidth() * shape.outChannels());
        int taskRows = TASK_ROWS;
        while (taskRows > LEAST_TASK_ROWS && ConvTiles.ceilDivide(shape.inHeight(), taskRows) * images < WANTED_TASKS) {
            taskRows /= 2;
        }
        int rows = taskRows;
        int tasks = ConvTiles.ceilDivide(shape.inHeight(), rows);
        Call call = new Call(shape, pooled, images, dy, winners, eps, z, table, reader);
        pool.run(tasks * images, task -> {
            int first = task / images * rows;
            call.computeRows(task % images, first, Math.min(shape.inHeight(), first + rows), workspaces.get());
        });
    }

    /**
     * The operands of one call.
     *
     * @param images with winners; each has as many maps as the batch is larger
     */
    private record Call(
            ConvShape shape,
            PoolShape pooled,
            int images,
            float[] dy,
            int[] winners,
            float eps,
            float[] z,
            float[] table,
            ConvolutionKernels.TileReader reader) {

        /** The rows {@code first} to {@code end - 1} of all maps of an image. */
        void computeRows(int image, int first, int end, Workspace workspace) {
            int channels = shape.outChannels();
            int windows = pooled.outWidth();
            int width = shape.inWidth();
            int maps = shape.batch() / images;
            int mapValues = (end - first) * width;
            workspace.reserve(maps * mapValues, windows, channels);
            Arrays.fill(workspace.rows, 0, maps * mapValues, 0f);
            Arrays.fill(workspace.patches, 0, PATCH, 0f);
            Arrays.fill(workspace.patches, (windows + 1) * PATCH, (windows + 2) * PATCH, 0f);
            int firstWindows = Math.max(0, ConvTiles.ceilDivide(first + shape.padY() - (SIDE - 1), 2));
            int endWindows = Math.min(pooled.outHeight(), (end - 1 + shape.padY()) / 2 + 1);
            for (int i = firstWindows; i < endWindows; i++) {
                VectorWindowPatches.locate(
                        winners,
                        (image * pooled.outHeight() + i) * windows * channels,
                        channels,
                        windows,
                        2 * i * pooled.inWidth(),
                        pooled.inWidth(),
                        z,
                        workspace.places,
                        workspace.denominators);
                for (int map = 0; map < maps; map++) {
                    int from = ((map * images + image) * pooled.outHeight() + i) * windows * channels;
                    VectorWindowPatches.row(
                            dy,
                            from,
                            channels,
                            windows,
                            eps,
                            workspace.denominators,
                            workspace.places,
                            table,
                            workspace.quotients,
                            workspace.patches,
                            PATCH);
                    addPatches(workspace, 2 * i - shape.padY(), windows, first, end, map * mapValues);
                }
            }
            for (int map = 0; map < maps; map++) {
                int firstOfAll = (map * images + image) * shape.inHeight() + first;
                reader.read(workspace.rows, firstOfAll * width - map * mapValues, firstOfAll, end - first);
            }
        }

        /**
         * Adds the patches of a row of windows, whose first row of input is {@code top}, to those of the rows that
         * begin at {@code start}.
         */
        private void addPatches(Workspace workspace, int top, int windows, int first, int end, int start) {
            for (int r = 0; r < SIDE; r++) {
                int row = top + r;
                if (row >= first && row < end) {
                    addPatchRow(
                            workspace.patches,
                            r * SIDE,
                            windows,
                            workspace.rows,
                            start + (row - first) * shape.inWidth(),
                            shape.inWidth(),
                            shape.padX());
                }
            }
        }
    }

    /**
     * Adds one row of all patches: that of window j lies at columns 2 j - pad to 2 j - pad + 3. It is patch j + 1, as
     * the first one is empty, and so is the last.
     */
    private static void addPatchRow(
            float[] patches, int from, int windows, float[] rows, int start, int width, int pad) {
        int firstEven = (pad + 1) / 2;
        int endEven = Math.min(windows, (width - 1 + pad) / 2) + 1;
        for (int j = firstEven, at = from + firstEven * PATCH; j < endEven; j++, at += PATCH) {
            rows[start + 2 * j - pad] += patches[at + PATCH] + patches[at + 2];
        }
        int firstOdd = pad / 2;
        int endOdd = Math.min(windows, (width - 2 + pad) / 2) + 1;
        for (int j = firstOdd, at = from + firstOdd * PATCH; j < endOdd; j++, at += PATCH) {
            rows[start + 2 * j + 1 - pad] += patches[at + PATCH + 1] + patches[at + 3];
        }
    }
}

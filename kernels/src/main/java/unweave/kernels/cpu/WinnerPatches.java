package unweave.kernels.cpu;

import java.util.Arrays;
import unweave.kernels.ConvShape;
import unweave.kernels.PoolShape;

/**
 * The gradient of a 3 x 3 convolution and 2 x 2 max-pooling towards the input, over the winners alone (see
 * {@link WinnerConvolution}):
 *
 * <pre>
 * dx[n,p+t,i] = sum over windows and output channels o: g[n,window,o] * w[t,i,o],   p the winner of (window,o), t the taps.
 * </pre>
 *
 * A window sees a 4 x 4 patch of the input. For a block of input channels the patch stays in registers while every
 * output channel with a gradient adds its taps, at the place of its winner. A table has the taps of an output channel
 * between empty columns, so that the winner's column only decides where a row of four begins:
 *
 * <pre>
 *  table of one output channel       added to the patch
 *                                    winner 0 or 2     winner 1 or 3
 *  0  w00 w01 w02  0                 w00 w01 w02  0    0  w00 w01 w02
 *  0  w10 w11 w12  0                 w10 w11 w12  0    0  w10 w11 w12
 *  0  w20 w21 w22  0                 w20 w21 w22  0    0  w20 w21 w22
 *
 *  to rows 0 to 2 of the patch for winners 0 and 1, the upper ones, and to rows 1 to 3 for winners 2 and 3, the lower
 * </pre>
 *
 * For each window there is a list of the gradients with upper winners and one of those with lower winners; gradients of
 * zero are left out. That is the gain, since each multiply-add loads a vector of weights, where a dense product loads
 * one for twelve. A network of 8 channels does without lists, as sorting costs as much as it saves: see
 * {@link VectorWinnerLoops#addNarrowPatches}.
 *
 * <p>Several maps with the same winners, such as the relevance of an input's concepts, share the lists and every load
 * of weights, {@link VectorWinnerLoops#MAPS} of them at a time. With this off, one explained gtzan input takes 1.1 to
 * 1.2 times as long (JDK 17 and 25, Emerald Rapids).
 */
final class WinnerPatches {
    /** Rows of input of a task, at most and at least. The windows at the border of two tasks are computed twice. */
    private static final int TASK_ROWS = 32;

    private static final int LEAST_TASK_ROWS = 8;
    private static final int WANTED_TASKS = 8;
    /** Output channels whose tables, for a block of input channels, fit the first-level cache. */
    private static final int GROUP = 32;

    private static final int SIDE = 4;
    private static final int TABLE_COLUMNS = WinnerLayout.TAPS + 2;

    private final WorkerPool pool;
    private final Scratch tableScratch = new Scratch();
    private final ThreadLocal<Workspace> workspaces = ThreadLocal.withInitial(Workspace::new);

    WinnerPatches(WorkerPool pool) {
        this.pool = pool;
    }

    /**
     * Memory of a thread for a task: the lists of a row of windows (factors and where in the table their taps begin),
     * and rows of dx, one map after the other.
     */
    private static final class Workspace {
        private float[] factors = {};
        private int[] offsets = {};
        private int[] ends = {};
        private float[] rows = {};

        void reserve(int windows, int maps, int rowValues) {
            int lists = 2 * windows * GROUP;
            factors = factors.length < maps * lists ? new float[maps * lists] : factors;
            offsets = offsets.length < lists ? new int[lists] : offsets;
            ends = ends.length < 2 * windows ? new int[2 * windows] : ends;
            rows = rows.length < maps * rowValues ? new float[maps * rowValues] : rows;
        }
    }

    /**
     * @param gradients of the windows: pool.outputSize() values
     * @param winners of as many images as the pooling has, or a divisor of it: they repeat
     * @param reader told dx in pieces by the threads that computed them
     */
    void compute(
            ConvShape shape,
            PoolShape pooling,
            float[] gradients,
            int[] winners,
            float[] w,
            ConvolutionKernels.TileReader reader) {
        WinnerLayout layout = new WinnerLayout(shape, pooling, VectorWinnerLoops.LANES);
        float[] table = tableScratch.atLeast(tableCells(layout) * shape.inChannels() * shape.outChannels());
        pool.run(layout.blocks(), block -> fillTable(layout, block, w, table));
        Call call = new Call(layout, gradients, winners, table, reader);
        int taskRows = TASK_ROWS;
        while (taskRows > LEAST_TASK_ROWS
                && ConvTiles.ceilDivide(shape.inHeight(), taskRows) * shape.batch() < WANTED_TASKS) {
            taskRows /= 2;
        }
        int rows = taskRows;
        int bands = ConvTiles.ceilDivide(shape.inHeight(), rows);
        int groups = ConvTiles.ceilDivide(call.maps, call.together);
        pool.run(bands * groups * call.images, task -> {
            int first = task % bands * rows;
            int image = task / bands % call.images;
            call.computeRows(
                    image, task / bands / call.images * call.together, first, Math.min(shape.inHeight(), first + rows));
        });
    }

    /**
     * Cells of a table of one output channel: taps between empty columns, in a narrow layout between empty rows too.
     */
    private static int tableCells(WinnerLayout layout) {
        return (WinnerLayout.TAPS + 2 * emptyRows(layout)) * TABLE_COLUMNS;
    }

    private static int emptyRows(WinnerLayout layout) {
        return layout.narrow() ? 1 : 0;
    }

    private static int tableStart(WinnerLayout layout, int block, int outChannel) {
        return (block * layout.shape().outChannels() + outChannel) * tableCells(layout) * layout.blockChannels();
    }

    /** table[block, o, row, column, c] = w[row - emptyRows, column - 1, c, o], and zeros around. */
    private static void fillTable(WinnerLayout layout, int block, float[] w, float[] table) {
        int channels = layout.blockChannels();
        int outChannels = layout.shape().outChannels();
        int step = tableCells(layout) * channels;
        for (int cell = 0; cell < tableCells(layout); cell++) {
            int row = cell / TABLE_COLUMNS - emptyRows(layout);
            int column = cell % TABLE_COLUMNS - 1;
            int tap = row * WinnerLayout.TAPS + column;
            boolean empty = row < 0 || row == WinnerLayout.TAPS || column < 0 || column == WinnerLayout.TAPS;
            for (int c = 0; c < channels; c++) {
                int from = (tap * layout.shape().inChannels() + block * channels + c) * outChannels;
                int to = tableStart(layout, block, 0) + cell * channels + c;
                for (int o = 0; o < outChannels; o++) {
                    table[to + o * step] = empty ? 0f : w[from + o];
                }
            }
        }
    }

    /** The operands of one call. */
    private final class Call {
        private final WinnerLayout layout;
        private final PoolShape pooling;
        private final float[] gradients;
        private final int[] winners;
        private final float[] table;
        private final ConvolutionKernels.TileReader reader;
        /** Images with winners, maps of each, and how many maps a task takes. */
        private final int images;

        private final int maps;
        private final int together;

        Call(
                WinnerLayout layout,
                float[] gradients,
                int[] winners,
                float[] table,
                ConvolutionKernels.TileReader reader) {
            this.layout = layout;
            this.gradients = gradients;
            this.winners = winners;
            this.table = table;
            this.reader = reader;
            pooling = layout.pool();
            images = winners.length / (pooling.outHeight() * layout.windowRow());
            maps = pooling.batch() / images;
            together = maps > 1 && !layout.narrow() && VectorWinnerLoops.fitsMaps() ? VectorWinnerLoops.MAPS : 1;
        }

        /**
         * The rows {@code first} to {@code end - 1} of the gradients of an image, of {@link #together} maps or what is
         * left of them.
         */
        void computeRows(int image, int firstMap, int first, int end) {
            ConvShape shape = layout.shape();
            int pitch = layout.paddedRow();
            int firstWindows = Math.max(0, ConvTiles.ceilDivide(first + shape.padY() - (SIDE - 1), 2));
            int endWindows = Math.max(firstWindows, Math.min(pooling.outHeight(), (end - 1 + shape.padY()) / 2 + 1));
            int top = 2 * firstWindows - shape.padY();
            int values = Math.max(2 * (endWindows - firstWindows) + 2, end - top) * pitch;
            Workspace workspace = workspaces.get();
            workspace.reserve(pooling.outWidth(), together, values);
            Arrays.fill(workspace.rows, 0, together * values, 0f);
            for (int row = firstWindows; row < endWindows; row++) {
                int to = (2 * row - shape.padY() - top) * pitch;
                if (together == 1) {
                    addWindowRow(image, firstMap, row, workspace, to);
                } else {
                    addWindowRowOfMaps(image, firstMap, row, workspace, values, to);
                }
            }
            int rowValues = shape.inWidth() * shape.inChannels();
            for (int map = firstMap; map < Math.min(maps, firstMap + together); map++) {
                int start = (map - firstMap) * values;
                for (int row = first; row < end; row++) {
                    int from = start + (row - top) * pitch + shape.padX() * shape.inChannels();
                    System.arraycopy(
                            workspace.rows, from, workspace.rows, start + (row - first) * rowValues, rowValues);
                }
                int firstOfAll = (map * images + image) * shape.inHeight() + first;
                reader.read(workspace.rows, firstOfAll * rowValues - start, firstOfAll, end - first);
            }
        }

        private int gradientsFrom(int image, int map, int row) {
            return ((map * images + image) * pooling.outHeight() + row) * layout.windowRow();
        }

        private int winnersFrom(int image, int row) {
            return (image * pooling.outHeight() + row) * layout.windowRow();
        }

        /** Distance between the factors of two maps; 0 where there is one, whose copies may overlap. */
        private int mapFactors() {
            return together == 1 ? 0 : 2 * pooling.outWidth() * GROUP;
        }

        /** Adds the patches of one row of windows to four rows of the workspace from {@code to} on. */
        private void addWindowRow(int image, int firstMap, int row, Workspace workspace, int to) {
            if (layout.narrow()) {
                VectorWinnerLoops.addNarrowPatches(
                        table,
                        layout.blockChannels(),
                        winners,
                        winnersFrom(image, row),
                        layout.firstCell(row),
                        pooling.inWidth(),
                        gradients,
                        gradientsFrom(image, firstMap, row),
                        pooling.channels(),
                        pooling.outWidth(),
                        workspace.rows,
                        to,
                        layout.paddedRow());
                return;
            }
            for (int group = 0; group < pooling.channels(); group += GROUP) {
                sortWindows(image, firstMap, row, group, workspace);
                for (int block = 0; block < layout.blocks(); block++) {
                    VectorWinnerLoops.addPatches(
                            table,
                            tableStart(layout, block, group),
                            workspace.offsets,
                            workspace.factors,
                            GROUP,
                            workspace.ends,
                            pooling.outWidth(),
                            workspace.rows,
                            to + block * layout.blockChannels(),
                            layout.paddedRow(),
                            layout.shape().inChannels());
                }
            }
        }

        /** As {@link #addWindowRow}, for maps whose rows of the workspace are {@code values} apart. */
        private void addWindowRowOfMaps(int image, int firstMap, int row, Workspace workspace, int values, int to) {
            int step = layout.shape().inChannels();
            for (int group = 0; group < pooling.channels(); group += GROUP) {
                sortWindows(image, firstMap, row, group, workspace);
                for (int block = 0; block < layout.blocks(); block++) {
                    int tableStart = tableStart(layout, block, group);
                    int blockTo = to + block * layout.blockChannels();
                    for (int window = 0; window < pooling.outWidth(); window++) {
                        for (int column = 0; column < SIDE; column += 2) {
                            VectorWinnerLoops.addColumnsOfMaps(
                                    table,
                                    tableStart + column * layout.lanes(),
                                    workspace.offsets,
                                    workspace.factors,
                                    mapFactors(),
                                    2 * window * GROUP,
                                    workspace.ends[2 * window],
                                    (2 * window + 1) * GROUP,
                                    workspace.ends[2 * window + 1],
                                    workspace.rows,
                                    values,
                                    blockTo + (2 * window + column) * step,
                                    layout.paddedRow(),
                                    step);
                        }
                    }
                }
            }
        }

        /**
         * Fills the two lists of every window, for a group of output channels. A channel is listed unless its gradient
         * is zero in all maps. Maps that do not exist repeat the first. Every channel is written to its list, but the
         * list grows only where it counts: a branch would be mispredicted every other time.
         */
        private void sortWindows(int image, int firstMap, int row, int group, Workspace workspace) {
            int existing = Math.min(together, maps - firstMap);
            int first = gradientsFrom(image, firstMap, row);
            int second = existing > 1 ? gradientsFrom(image, firstMap + 1, row) : first;
            int third = existing > 2 ? gradientsFrom(image, firstMap + 2, row) : first;
            int winnersFrom = winnersFrom(image, row);
            int channels = pooling.channels();
            int width = pooling.inWidth();
            int cells = tableCells(layout);
            int count = Math.min(GROUP, channels - group);
            int mapFactors = mapFactors();
            float[] factors = workspace.factors;
            int[] offsets = workspace.offsets;
            for (int window = 0; window < pooling.outWidth(); window++) {
                int lastUpper = layout.firstCell(row) + 2 * window + width - 1;
                int upper = 2 * window * GROUP;
                int lower = upper + GROUP;
                for (int o = 0, i = window * channels + group; o < count; o++, i++) {
                    int beforeLastUpper = lastUpper - winners[winnersFrom + i];
                    int lowerMask = beforeLastUpper >> 31;
                    int at = upper + (lower - upper & lowerMask);
                    float a = gradients[first + i];
                    float b = gradients[second + i];
                    float c = gradients[third + i];
                    factors[at] = a;
                    factors[mapFactors + at] = b;
                    factors[2 * mapFactors + at] = c;
                    offsets[at] =
                            (o * cells + 2 - width + beforeLastUpper + (width & lowerMask)) * layout.blockChannels();
                    int counts = isNotZero(
                            Float.floatToRawIntBits(a) | Float.floatToRawIntBits(b) | Float.floatToRawIntBits(c));
                    lower += counts & lowerMask;
                    upper += counts & ~lowerMask;
                }
                workspace.ends[2 * window] = upper;
                workspace.ends[2 * window + 1] = lower;
            }
        }
    }

    /** 1 if any bit but the sign is set, else 0. */
    private static int isNotZero(int bits) {
        int magnitude = bits << 1;
        return (magnitude | -magnitude) >>> 31;
    }
}

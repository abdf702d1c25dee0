package unweave.kernels.cpu;

import java.util.Arrays;
import unweave.kernels.ConvShape;

/**
 * The gradient of a convolution towards an input of very few channels, as that of the first layer:
 *
 * <pre>z[n,p,(t,i)] = sum over channels o: dy[n,p,o] * w[t,i,o],
 * dx[n,q,i]    = sum over taps t and outputs p with p * stride + t * dilation - pad = q: z[n,p,(t,i)].</pre>
 *
 * <p>A {@link Correlation} would use the few output channels as columns of its products; here the columns are taps
 * times channels, which fill vectors, and additions remain. A task makes some rows of one image, so that its part of z
 * stays in the cache; the rows of z at the border of two tasks are computed twice.
 */
final class FewChannelsInputGradient {
    private static final int MOST_CHANNELS = 3;
    private static final int LEAST_OUT_CHANNELS = 16;
    /** The part of z that a task holds: some of a second-level cache. */
    private static final int TASK_FLOATS = 32 * 1024;

    private final WorkerPool pool;
    private final int panelColumns;
    private final TileScratch tiles;
    private final Scratch zScratch = new Scratch();
    private final Scratch rowScratch = new Scratch();
    private final Scratch weightScratch = new Scratch();

    FewChannelsInputGradient(WorkerPool pool, MicroKernel kernel) {
        this.pool = pool;
        panelColumns = 2 * kernel.lanes();
        tiles = new TileScratch(kernel);
    }

    /** Whether this way is the faster one. */
    static boolean suits(ConvShape shape) {
        int taps = shape.kernelHeight() * shape.kernelWidth();
        return shape.groups() == 1
                && shape.inChannels() <= MOST_CHANNELS
                && shape.outChannels() >= LEAST_OUT_CHANNELS
                && taps > 1
                && taps <= 16;
    }

    /** @param reader told dx row by row, counted over all images, by the threads that computed it */
    void compute(ConvShape shape, float[] dy, float[] w, ConvolutionKernels.TileReader reader) {
        Call call = new Call(shape, dy, w, reader);
        pool.run(shape.batch() * call.tasksPerImage, call::runTask);
    }

    private final class Call {
        private final ConvShape shape;
        private final float[] dy;
        private final ConvolutionKernels.TileReader reader;
        private final int columns;
        private final int zStride;
        private final float[] packed;
        private final int[] rowStart;
        private final int[] offset;
        private final int rowsPerTask;
        private final int tasksPerImage;

        Call(ConvShape shape, float[] dy, float[] w, ConvolutionKernels.TileReader reader) {
            this.shape = shape;
            this.dy = dy;
            this.reader = reader;
            columns = shape.kernelHeight() * shape.kernelWidth() * shape.inChannels();
            zStride = ConvTiles.ceilDivide(columns, panelColumns) * panelColumns;
            packed = weightScratch.atLeast(shape.outChannels() * zStride);
            pool.runAlone(() -> pack(w));
            int zRows = Math.max(1, TASK_FLOATS / (shape.outWidth() * zStride));
            rowsPerTask = Math.min(shape.inHeight(), Math.max(shape.kernelHeight(), zRows * shape.strideY()));
            tasksPerImage = ConvTiles.ceilDivide(shape.inHeight(), rowsPerTask);
            int mostRows = (rowsPerTask + shape.dilationY() * (shape.kernelHeight() - 1)) / shape.strideY() + 1;
            rowStart = multiples(Math.min(mostRows, shape.outHeight()) * shape.outWidth(), shape.outChannels());
            offset = multiples(shape.outChannels(), 1);
        }

        private static int[] multiples(int count, int of) {
            int[] multiples = new int[count];
            Arrays.setAll(multiples, i -> i * of);
            return multiples;
        }

        /** The weights in panels: of each, outChannels rows of taps and channels. */
        private void pack(float[] w) {
            int channels = shape.outChannels();
            Arrays.fill(packed, 0, channels * zStride, 0f);
            for (int column = 0; column < columns; column++) {
                int start = column / panelColumns * channels * panelColumns + column % panelColumns;
                for (int o = 0; o < channels; o++) {
                    packed[start + o * panelColumns] = w[column * channels + o];
                }
            }
        }

        void runTask(int task) {
            int image = task / tasksPerImage;
            int first = task % tasksPerImage * rowsPerTask;
            int end = Math.min(shape.inHeight(), first + rowsPerTask);
            int reach = shape.dilationY() * (shape.kernelHeight() - 1);
            int firstOut = Math.max(0, ConvTiles.ceilDivide(first + shape.padY() - reach, shape.strideY()));
            int endOut = Math.min(shape.outHeight(), (end - 1 + shape.padY()) / shape.strideY() + 1);
            float[] z = zScratch.atLeast(Math.max(0, endOut - firstOut) * shape.outWidth() * zStride);
            multiply(image, firstOut, endOut, z);
            int rowValues = shape.inWidth() * shape.inChannels();
            float[] dx = rowScratch.atLeast(rowValues);
            for (int row = first; row < end; row++) {
                addRow(z, row, firstOut, endOut, dx);
                int rowOfAll = image * shape.inHeight() + row;
                reader.read(dx, rowOfAll * rowValues, rowOfAll, 1);
            }
        }

        private void multiply(int image, int firstOut, int endOut, float[] z) {
            TableProduct product = tiles.product();
            product.a = dy;
            product.aStart = (image * shape.outHeight() + firstOut) * shape.outWidth() * shape.outChannels();
            product.rowStart = rowStart;
            product.offset = offset;
            product.depth = shape.outChannels();
            product.run = product.depth;
            product.b = packed;
            product.bStride = panelColumns;
            for (int column = 0; column < columns; column += panelColumns) {
                product.bStart = column * shape.outChannels();
                int width = columns - column <= panelColumns / 2 ? panelColumns / 2 : panelColumns;
                product.multiplyPanel(
                        Math.max(0, endOut - firstOut) * shape.outWidth(), width, false, z, column, zStride);
            }
        }

        private void addRow(float[] z, int row, int firstOut, int endOut, float[] dx) {
            Arrays.fill(dx, 0, shape.inWidth() * shape.inChannels(), 0f);
            for (int ky = 0; ky < shape.kernelHeight(); ky++) {
                int fromTop = row + shape.padY() - ky * shape.dilationY();
                int outRow = Math.floorDiv(fromTop, shape.strideY());
                if (fromTop % shape.strideY() == 0 && outRow >= firstOut && outRow < endOut) {
                    addTaps(z, (outRow - firstOut) * shape.outWidth() * zStride, ky, dx);
                }
            }
        }

        /** Adds the products of one row of outputs with one row of taps to a row of dx. */
        private void addTaps(float[] z, int zRow, int ky, float[] dx) {
            int channels = shape.inChannels();
            int firstTap = ky * shape.kernelWidth();
            if (channels == 1
                    && shape.kernelWidth() == 3
                    && shape.strideX() == 1
                    && shape.dilationX() == 1
                    && shape.padX() == 1) {
                addThreeTaps(z, zRow + firstTap, zStride, shape.inWidth(), dx);
                return;
            }
            for (int kx = 0; kx < shape.kernelWidth(); kx++) {
                int shift = kx * shape.dilationX() - shape.padX();
                int first = Math.max(0, ConvTiles.ceilDivide(-shift, shape.strideX()));
                int last = Math.min(shape.outWidth() - 1, Math.floorDiv(shape.inWidth() - 1 - shift, shape.strideX()));
                for (int i = 0; i < channels; i++) {
                    int from = zRow + (firstTap + kx) * channels + i;
                    int to = shift * channels + i;
                    for (int p = first; p <= last; p++) {
                        dx[to + p * shape.strideX() * channels] += z[from + p * zStride];
                    }
                }
            }
        }
    }

    /** dx[q] += z[q + 1, 0] + z[q, 1] + z[q - 1, 2], where row p of z begins at [from + p * stride]. */
    private static void addThreeTaps(float[] z, int from, int stride, int width, float[] dx) {
        for (int q = 1, at = from + stride; q < width - 1; q++, at += stride) {
            dx[q] += z[at + stride] + z[at + 1] + z[at - stride + 2];
        }
        if (width > 1) {
            dx[0] += z[from + stride] + z[from + 1];
            int last = from + (width - 1) * stride;
            dx[width - 1] += z[last + 1] + z[last - stride + 2];
        } else {
            dx[0] += z[from + 1];
        }
    }
}

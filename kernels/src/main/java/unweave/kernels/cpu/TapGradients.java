package unweave.kernels.cpu;

import java.util.Arrays;
import unweave.kernels.ConvShape;

/**
 * The gradient of a convolution towards its input in two steps, for large kernels that few input channels or long
 * strides make expensive as a {@link Correlation}, which computes every stride's gaps:
 *
 * <pre>
 * parts[p,t,i] = sum over o: dy[n,p,o] * w[t,i,o]                                  a matrix product
 * dx[n,q,i]    = sum of parts[p,t,i] where p * stride + t * dilation - pad = q     additions alone
 * </pre>
 *
 * The parts of an image are made and added up block by block, in the order of p for every t, whoever adds.
 *
 * <p>With it off, the input's gradient takes 2 to 7 times as long behind 3 x 3 kernels with stride 2, 30 times behind
 * filters of 1 x 129 for one channel, and 4,000 times behind a Fourier transform of 1,024 samples in steps of 512 (two
 * threads, JDK 17).
 */
final class TapGradients {
    /** Parts of a block, which the threads' caches hold together. */
    private static final int BLOCK_VALUES = 512 * 1024;
    /** A task adds up so many values of dx or more. */
    private static final int TASK_VALUES = 4 * 1024;
    /** What the addition of a part costs, in multiply-adds. */
    private static final double COST_OF_ADDING = 8;
    /** Two steps are taken where they promise at least this gain. */
    private static final double LEAST_GAIN = 2;

    private final WorkerPool pool;
    private final ConvolutionKernels products;
    private final Scratch partScratch = new Scratch();
    private final Scratch imageScratch = new Scratch();

    TapGradients(WorkerPool pool, ConvolutionKernels products) {
        this.pool = pool;
        this.products = products;
    }

    /** Whether the two steps are quicker than a correlation towards the input. */
    static boolean suits(Correlation towardsInput, int lanes) {
        ConvShape s = towardsInput.shape;
        long parts = (long) s.kernelHeight() * s.kernelWidth() * s.inChannels();
        if (s.groups() > 1 || parts < lanes) {
            return false;
        }
        double asCorrelation = (double) towardsInput.outPixels()
                * ConvTiles.ceilDivide(towardsInput.outChannels, lanes)
                * lanes
                * towardsInput.depth();
        double pixels = (double) s.outHeight() * s.outWidth();
        double columns = Math.ceil((double) parts / lanes) * lanes;
        double inTwoSteps = pixels * (columns + lanes) * s.outChannels() + pixels * parts * COST_OF_ADDING;
        return asCorrelation >= LEAST_GAIN * inTwoSteps;
    }

    /** All of dx. */
    void compute(ConvShape s, float[] dy, float[] w, float[] dx) {
        int imageValues = s.inHeight() * s.inWidth() * s.inChannels();
        for (int image = 0; image < s.batch(); image++) {
            computeImage(s, image, dy, w, dx, image * imageValues);
        }
    }

    /** @param reader told dx image by image */
    void compute(ConvShape s, float[] dy, float[] w, ConvolutionKernels.TileReader reader) {
        int rowValues = s.inWidth() * s.inChannels();
        int imageValues = s.inHeight() * rowValues;
        int taskRows = Math.max(1, TASK_VALUES / rowValues);
        for (int image = 0; image < s.batch(); image++) {
            float[] dx = imageScratch.atLeast(imageValues);
            computeImage(s, image, dy, w, dx, 0);
            int firstOfAll = image * s.inHeight();
            pool.run(ConvTiles.ceilDivide(s.inHeight(), taskRows), task -> {
                int first = task * taskRows;
                int rows = Math.min(taskRows, s.inHeight() - first);
                reader.read(dx, firstOfAll * rowValues, firstOfAll + first, rows);
            });
        }
    }

    private void computeImage(ConvShape s, int image, float[] dy, float[] w, float[] dx, int dxStart) {
        int parts = s.kernelHeight() * s.kernelWidth() * s.inChannels();
        int most = Math.max(1, BLOCK_VALUES / parts);
        int columns = Math.min(s.outWidth(), most);
        int rows = columns < s.outWidth() ? 1 : Math.min(s.outHeight(), most / columns);
        int end = dxStart + s.inHeight() * s.inWidth() * s.inChannels();
        pool.runAlone(() -> Arrays.fill(dx, dxStart, end, 0f));
        for (int row = 0; row < s.outHeight(); row += rows) {
            for (int column = 0; column < s.outWidth(); column += columns) {
                int endRow = Math.min(s.outHeight(), row + rows);
                int endColumn = Math.min(s.outWidth(), column + columns);
                Block block = new Block(s, row, endRow, column, endColumn, partScratch.atLeast(rows * columns * parts));
                int firstPixel = (image * s.outHeight() + row) * s.outWidth() + column;
                products.gemm(
                        false,
                        true,
                        block.pixels(),
                        parts,
                        s.outChannels(),
                        dy,
                        firstPixel * s.outChannels(),
                        w,
                        0,
                        block.parts,
                        0);
                addUp(block, dx, dxStart);
            }
        }
    }

    /** The rows {@code firstRow} to {@code endRow - 1} of an image's outputs, of them some columns or all. */
    private record Block(ConvShape shape, int firstRow, int endRow, int firstColumn, int endColumn, float[] parts) {
        int pixels() {
            return (endRow - firstRow) * (endColumn - firstColumn);
        }

        /** Where the parts of a row of taps of an output pixel begin. */
        int at(int row, int column, int tapRow) {
            int pixel = (row - firstRow) * (endColumn - firstColumn) + column - firstColumn;
            return (pixel * shape.kernelHeight() + tapRow) * shape.kernelWidth() * shape.inChannels();
        }
    }

    private void addUp(Block block, float[] dx, int dxStart) {
        ConvShape s = block.shape;
        int rowValues = s.inWidth() * s.inChannels();
        int firstRow = Math.max(0, block.firstRow * s.strideY() - s.padY());
        int endRow = Math.min(
                s.inHeight(), (block.endRow - 1) * s.strideY() + s.dilationY() * (s.kernelHeight() - 1) + 1 - s.padY());
        if (endRow <= firstRow) {
            return;
        }
        int stretch = Math.min(s.inWidth(), Math.max(1, TASK_VALUES / s.inChannels()));
        int perRow = ConvTiles.ceilDivide(s.inWidth(), stretch);
        int taskRows = perRow > 1 ? 1 : Math.max(1, TASK_VALUES / rowValues);
        pool.run(ConvTiles.ceilDivide(endRow - firstRow, taskRows) * perRow, task -> {
            int from = task % perRow * stretch;
            int to = Math.min(s.inWidth(), from + stretch);
            int row = firstRow + task / perRow * taskRows;
            for (int end = Math.min(endRow, row + taskRows); row < end; row++) {
                addUpRow(block, row, from, to, dx, dxStart + row * rowValues);
            }
        });
    }

    /** Adds to the columns {@code from} to {@code to - 1} of row {@code iy} of dx, which begins at dx[rowStart]. */
    private static void addUpRow(Block block, int iy, int from, int to, float[] dx, int rowStart) {
        ConvShape s = block.shape;
        for (int ty = 0; ty < s.kernelHeight(); ty++) {
            int start = iy + s.padY() - ty * s.dilationY();
            int row = Math.floorDiv(start, s.strideY());
            if (row * s.strideY() != start || row < block.firstRow || row >= block.endRow) {
                continue;
            }
            // Outputs before the first lie left of these columns, those from the end on right of them.
            int reach = s.dilationX() * (s.kernelWidth() - 1);
            int first = Math.max(block.firstColumn, -Math.floorDiv(-(from + s.padX() - reach), s.strideX()));
            int end = Math.min(block.endColumn, Math.floorDiv(to - 1 + s.padX(), s.strideX()) + 1);
            for (int column = first; column < end; column++) {
                int left = column * s.strideX() - s.padX();
                addTaps(s, block.parts, block.at(row, column, ty), left, from, to, dx, rowStart);
            }
        }
    }

    /** A row of taps of one output, whose first lies at column {@code left}. */
    private static void addTaps(
            ConvShape s, float[] parts, int at, int left, int from, int to, float[] dx, int rowStart) {
        int channels = s.inChannels();
        if (s.dilationX() == 1) {
            int firstTap = Math.max(0, from - left);
            int endTap = Math.min(s.kernelWidth(), to - left);
            int target = rowStart + left * channels;
            for (int i = firstTap * channels; i < endTap * channels; i++) {
                dx[target + i] += parts[at + i];
            }
            return;
        }
        for (int tap = 0; tap < s.kernelWidth(); tap++) {
            int column = left + tap * s.dilationX();
            for (int i = 0; i < channels && column >= from && column < to; i++) {
                dx[rowStart + column * channels + i] += parts[at + tap * channels + i];
            }
        }
    }
}

package unweave.kernels.cuda;

import unweave.kernels.Floats;

/**
 * How sums over the rows of a matrix [rows, channels] are cut, {@code columns.cuh}: blocks sum chunks of rows, then one
 * block per channel adds the chunks. The cut depends on rows and channels alone, so that a sum is the same on every
 * device.
 *
 * @param tile channels of a block, a power of two
 * @param chunkRows rows of a block
 */
record ColumnSums(int rows, int channels, int tile, int chunkRows) {
    private static final int BLOCK = 256;
    private static final int LARGEST_TILE = 32;
    /** Rows that a thread sums, at least: fewer would not be worth a partial sum. */
    private static final int ROWS_OF_THREAD = 8;

    private static final int MOST_CHUNKS = 1024;
    /** Doubles lie in memory of floats. */
    private static final int FLOATS_PER_DOUBLE = 2;

    /** @throws IllegalArgumentException if the size of x is no multiple of channels */
    static ColumnSums of(int channels, Floats x) {
        int rows = ElementLaunches.rows(channels, x);
        int tile = Math.min(LARGEST_TILE, ElementLaunches.powerOfTwoFrom(channels));
        int rowsAtOnce = BLOCK / tile;
        int turns = Math.max(ROWS_OF_THREAD, ceilDivide(rows, rowsAtOnce * MOST_CHUNKS));
        return new ColumnSums(rows, channels, tile, rowsAtOnce * turns);
    }

    int chunks() {
        return ceilDivide(rows, chunkRows);
    }

    /** Memory for two sums of every channel and chunk. */
    Floats partialSums(CudaDevice device) {
        return device.floats(2L * FLOATS_PER_DOUBLE * channels * chunks());
    }

    /** The launch of a kernel that sums chunks, given the cut; its operands follow. */
    Launch launch(CudaDevice device, String kernel, int operands) {
        double values = (double) rows * channels;
        return device.kernel(kernel)
                .value(rows)
                .value(channels)
                .value(tile)
                .value(chunkRows)
                .grid(ceilDivide(channels, tile), chunks(), 1)
                .block(BLOCK)
                .work(5 * values, Float.BYTES * operands * values);
    }

    /** The launch of a kernel that adds the chunks; all its arguments follow. */
    Launch finish(CudaDevice device, String kernel) {
        double sums = 2.0 * channels * chunks();
        return device.kernel(kernel).grid(channels).block(BLOCK).work(sums, Double.BYTES * sums);
    }

    private static int ceilDivide(int a, int b) {
        return (int) ((a + (long) b - 1) / b);
    }
}

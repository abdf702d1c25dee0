package unweave.kernels.cpu;

/**
 * The inner loops of {@link TableProduct} for blocks of more rows, one or two vectors of columns wide, where one of its
 * tables has an order that an inner loop can use. Each element is summed in the order of k, as by {@link MicroKernel},
 * whose bits these are.
 */
interface TallMicroKernel {
    /** Rows of a block. */
    int rows();

    /** {@link #addRun} pays for runs of at least so many terms, as it reads and writes the sums once for each. */
    int leastRun();

    /**
     * Adds the terms k to k + length - 1 of the product, for which {@code offset} grows by one with k:
     *
     * <pre>
     * c[r, j] = from[r, j] + sum over i &lt; length: a[aStart + rowStart[row + r] + offset[k] + i] * b[bStart + (k + i) * bStride + j].
     * </pre>
     *
     * @param rows 1 to {@link #rows}
     * @param from what the sums begin with, at [fromStart + r * fromStride + j]; may be c
     * @param c receives row r at [cStart + r * cStride]
     */
    void addRun(
            TableProduct product,
            int k,
            int length,
            int row,
            int rows,
            float[] from,
            int fromStart,
            int fromStride,
            float[] c,
            int cStart,
            int cStride);

    /**
     * The whole product, without {@link TableProduct#floor}, for {@link #rows} rows of the table of which each lies one
     * value behind the one before: rowStart[row + r] = rowStart[row] + r.
     */
    void multiplyNeighbours(TableProduct product, int row, float[] c, int cStart, int cStride);

    /** c = max(floor, c) for the columns of the block; NaN stays NaN. */
    void raise(float floor, int rows, float[] c, int cStart, int cStride);
}

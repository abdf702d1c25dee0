package unweave.kernels.cpu;

/**
 * The inner loop of every convolution and matrix product. It computes a block of a {@link TableProduct}, whose formula
 * stands there:
 *
 * <pre>
 *            lanes        2 * lanes
 *          +------+     +------+------+     +------+------+
 * narrow   |      |     | wide |      |     | tall |      |
 * Rows     |      |     | Rows |      |     | Rows |      |
 *          |      |     +------+------+     |      |      |
 *          +------+                         +------+------+
 * </pre>
 *
 * Each element is summed in the order of k, whichever method computes it, so all give the same bits. A block of fewer
 * rows takes as long as a full one.
 */
interface MicroKernel {
    /** Floats in one vector. */
    int lanes();

    /** Rows of a block that is two vectors wide. */
    int wideRows();

    /** Rows of a block that is one vector wide. */
    int narrowRows();

    /**
     * Rows of a block of {@link #addRun} and {@link #multiplyNeighbours}, two vectors wide; 0 where the processor's
     * registers do not hold so many sums.
     */
    default int tallRows() {
        return 0;
    }

    /**
     * Computes rows {@code row} to {@code row + rows - 1} of the table, 2 * {@link #lanes} columns.
     *
     * @param rows 1 to {@link #wideRows}
     * @param c receives the first row at [cStart], the next at [cStart + cStride]
     */
    void multiplyWide(TableProduct product, int row, int rows, float[] c, int cStart, int cStride);

    /** As {@link #multiplyWide} for {@link #lanes} columns and up to {@link #narrowRows} rows. */
    void multiplyNarrow(TableProduct product, int row, int rows, float[] c, int cStart, int cStride);

    /**
     * Adds the terms k to k + length - 1 of a tall block. For these {@link TableProduct#offset} must grow by one with
     * k.
     *
     * <pre>
     * c[r, j] = from[r, j] + sum over i &lt; length: a[aStart + rowStart[row + r] + offset[k] + i] * b[bStart + (k + i) * bStride + j].
     * </pre>
     *
     * @param rows 1 to {@link #tallRows}
     * @param from what the sums begin with, at [fromStart + r * fromStride + j]; may be c
     * @param c receives row r at [cStart + r * cStride]
     */
    default void addRun(
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
            int cStride) {
        throw new UnsupportedOperationException("no tall blocks");
    }

    /**
     * A tall block of {@link #tallRows} rows of the table of which each lies one value behind the one before:
     * rowStart[row + r] = rowStart[row] + r. Ignores {@link TableProduct#floor}.
     */
    default void multiplyNeighbours(TableProduct product, int row, float[] c, int cStart, int cStride) {
        throw new UnsupportedOperationException("no tall blocks");
    }

    /** c = max(floor, c) for the columns of a tall block; NaN stays NaN. */
    default void raise(float floor, int rows, float[] c, int cStart, int cStride) {
        throw new UnsupportedOperationException("no tall blocks");
    }

    /**
     * Sums the rows of B: c[cStart + j] = sum over k &lt; depth: b[bStart + k * bStride + j] for {@link #lanes}
     * columns.
     */
    void sumRows(TableProduct product, float[] c, int cStart);

    /**
     * Products of fewer multiply-adds are computed in plain Java, which is fast from the first call. The virtual
     * machine compiles SIMD code only after thousands of calls, and until then it is a hundred times slower.
     */
    default int leastWork() {
        return 0;
    }
}

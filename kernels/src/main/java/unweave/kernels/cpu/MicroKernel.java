package unweave.kernels.cpu;

/**
 * The inner loop of every convolution and matrix product: a few rows times one or two vectors of columns of a
 * {@link TableProduct}, whose formula it computes. Each element is summed in the order of k, whichever of the methods
 * computes it. A block of fewer rows takes as long as a full one.
 */
interface MicroKernel {
    /** Floats in one vector. */
    int lanes();

    /** Rows of a block that is two vectors wide. */
    int wideRows();

    /** Rows of a block that is one vector wide. */
    int narrowRows();

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
     * Sums the rows of B: c[cStart + j] = sum over k &lt; depth: b[bStart + k * bStride + j] for {@link #lanes}
     * columns.
     */
    void sumRows(TableProduct product, float[] c, int cStart);

    /** The loops that transpose weights. */
    default Transposition transposition() {
        return Transposition.choose(false);
    }

    /**
     * Operations of fewer multiply-adds than this, and such panels of an operation that does not tell, are computed in
     * plain Java, which runs well from the first call; the virtual machine compiles SIMD code only after thousands of
     * calls, and until then takes a hundred times as long.
     */
    default int leastWork() {
        return 0;
    }

    /**
     * Loops for more rows than {@link #multiplyWide} has; null where the processor's registers do not hold so many
     * sums.
     */
    default TallMicroKernel tallWide() {
        return null;
    }

    /**
     * Loops for more rows than {@link #multiplyNarrow} has; null where the processor's registers do not hold so many
     * sums.
     */
    default TallMicroKernel tallNarrow() {
        return null;
    }
}

package unweave.kernels.cpu;

/**
 * A matrix product whose left factor is found through two tables,
 *
 * <pre>
 * C[r, j] = max(floor, bias[j] + sum over k &lt; depth: a[aStart + rowStart[r] + offset[k]] * b[bStart + k * bStride + j]).
 * </pre>
 *
 * A matrix and its transpose fit this form, and so does a convolution: the rows are output pixels and k runs over taps
 * and channels, or, for the weight gradient, the rows are taps and channels and k runs over pixels. Fields are set by
 * the caller; one object serves one thread.
 */
final class TableProduct {
    /**
     * Panels of fewer multiply-adds are left to the other loops: loops that run now and then only are not compiled for
     * a long time.
     */
    private static final int LEAST_TALL_WORK = 200_000;
    /** Rows of the largest block of any kernel. */
    private static final int MOST_ROWS = 16;

    private final MicroKernel kernel;
    private final TallMicroKernel tallWide;
    private final TallMicroKernel tallNarrow;
    private final int panelColumns;
    private final float[] zeros;
    private final float[] block;

    float[] a;
    int aStart;
    int[] rowStart;
    /** The row of the table that is row 0 of C. */
    int firstRow;
    /** At least {@link #depth} values. */
    int[] offset;
    /** Within runs of so many k, from 0 on, offset grows by one with k; 1 if there is no such order. */
    int run;

    int depth;

    /** Rows of B from [bStart], bStride values apart; readable for columns up to the next multiple of the lanes. */
    float[] b;

    int bStart;
    int bStride;

    /** What the sums begin with, at [biasStart + j]; readable as B is. */
    float[] bias;

    int biasStart;

    /** 0 for a ReLU, minus infinity for none. NaN stays NaN with either. */
    float floor;

    /** Multiply-adds of the operation that this is a part of, if they are known. */
    double wholeWork;

    /** A product without bias and ReLU, its factors still to be set. */
    TableProduct(MicroKernel kernel) {
        this.kernel = kernel;
        tallWide = kernel.tallWide();
        tallNarrow = kernel.tallNarrow();
        panelColumns = 2 * kernel.lanes();
        zeros = new float[panelColumns];
        block = new float[panelColumns * MOST_ROWS];
        clear();
    }

    /** Forgets factors, bias and ReLU. */
    void clear() {
        a = null;
        aStart = 0;
        rowStart = null;
        firstRow = 0;
        offset = null;
        run = 1;
        depth = 0;
        b = null;
        bStart = 0;
        bStride = 0;
        bias = zeros;
        biasStart = 0;
        floor = Float.NEGATIVE_INFINITY;
        wholeWork = 0;
    }

    /**
     * Computes up to two vectors of columns for {@code rows} rows.
     *
     * @param columns 1 to 2 * lanes
     * @param add whether the product is added to C, instead of overwriting it
     * @param c receives C[r, j] at [cStart + r * cStride + j]; nothing else of it is touched
     */
    void multiplyPanel(int rows, int columns, boolean add, float[] c, int cStart, int cStride) {
        if (Math.max(wholeWork, (double) rows * columns * depth) < kernel.leastWork()) {
            multiplyFew(rows, columns, add, c, cStart, cStride);
            return;
        }
        boolean wide = columns > kernel.lanes();
        boolean inPlace = !add && columns == (wide ? panelColumns : kernel.lanes());
        boolean large = (long) rows * columns * depth >= LEAST_TALL_WORK;
        TallMicroKernel tall = !large ? null : wide ? tallWide : tallNarrow;
        int lowRows = wide ? kernel.wideRows() : kernel.narrowRows();
        for (int row = 0; row < rows; ) {
            Order order = tall == null ? Order.ANY : order(tall, firstRow + row, rows - row, lowRows);
            int blockRows = Math.min(order == Order.ANY ? lowRows : tall.rows(), rows - row);
            float[] to = inPlace ? c : block;
            int toStart = inPlace ? cStart + row * cStride : 0;
            int toStride = inPlace ? cStride : panelColumns;
            if (order == Order.ANY) {
                multiplyLow(wide, firstRow + row, blockRows, to, toStart, toStride);
            } else {
                multiplyTall(tall, order, firstRow + row, blockRows, to, toStart, toStride);
            }
            if (!inPlace) {
                moveBlock(blockRows, columns, add, c, cStart + row * cStride, cStride);
            }
            row += blockRows;
        }
    }

    /** {@link #multiplyPanel} in plain Java, with fused multiply-adds as SIMD has them, and so the same bits. */
    private void multiplyFew(int rows, int columns, boolean add, float[] c, int cStart, int cStride) {
        for (int r = 0; r < rows; r++) {
            int aRow = aStart + rowStart[firstRow + r];
            for (int j = 0; j < columns; j += 4) {
                float s0 = bias[biasStart + j];
                float s1 = bias[biasStart + j + 1];
                float s2 = bias[biasStart + j + 2];
                float s3 = bias[biasStart + j + 3];
                for (int k = 0, i = bStart + j; k < depth; k++, i += bStride) {
                    float x = a[aRow + offset[k]];
                    s0 = Math.fma(x, b[i], s0);
                    s1 = Math.fma(x, b[i + 1], s1);
                    s2 = Math.fma(x, b[i + 2], s2);
                    s3 = Math.fma(x, b[i + 3], s3);
                }
                block[j] = Math.max(floor, s0);
                block[j + 1] = Math.max(floor, s1);
                block[j + 2] = Math.max(floor, s2);
                block[j + 3] = Math.max(floor, s3);
            }
            moveBlock(1, columns, add, c, cStart + r * cStride, cStride);
        }
    }

    /** What the loops of a block can make use of: that k or that rows are neighbours in A. */
    private enum Order {
        ANY,
        RUNS,
        NEIGHBOURS
    }

    private Order order(TallMicroKernel tall, int row, int rowsLeft, int lowRows) {
        if (rowsLeft <= lowRows) {
            return Order.ANY;
        }
        if (run >= depth || run >= tall.leastRun()) {
            return Order.RUNS;
        }
        int last = tall.rows() - 1;
        return rowsLeft > last && rowStart[row + last] - rowStart[row] == last ? Order.NEIGHBOURS : Order.ANY;
    }

    /**
     * Sums the first {@link #depth} rows of B.
     *
     * @param columns 1 to 2 * lanes
     * @param add whether the sums are added to C, instead of overwriting it
     * @param c receives the sum of column j at [cStart + j]
     */
    void sumPanel(int columns, boolean add, float[] c, int cStart) {
        kernel.sumRows(this, block, 0);
        if (columns > kernel.lanes()) {
            bStart += kernel.lanes();
            kernel.sumRows(this, block, kernel.lanes());
            bStart -= kernel.lanes();
        }
        moveBlock(1, columns, add, c, cStart, 0);
    }

    private void multiplyLow(boolean wide, int row, int rows, float[] c, int cStart, int cStride) {
        if (wide) {
            kernel.multiplyWide(this, row, rows, c, cStart, cStride);
        } else {
            kernel.multiplyNarrow(this, row, rows, c, cStart, cStride);
        }
    }

    private void multiplyTall(
            TallMicroKernel tall, Order order, int row, int rows, float[] c, int cStart, int cStride) {
        if (order == Order.NEIGHBOURS) {
            tall.multiplyNeighbours(this, row, c, cStart, cStride);
        } else {
            tall.addRun(this, 0, Math.min(run, depth), row, rows, bias, biasStart, 0, c, cStart, cStride);
            for (int k = run; k < depth; k += run) {
                tall.addRun(this, k, Math.min(run, depth - k), row, rows, c, cStart, cStride, c, cStart, cStride);
            }
        }
        if (floor > Float.NEGATIVE_INFINITY) {
            tall.raise(floor, rows, c, cStart, cStride);
        }
    }

    private void moveBlock(int rows, int columns, boolean add, float[] c, int cStart, int cStride) {
        for (int r = 0; r < rows; r++) {
            int from = r * panelColumns;
            int to = cStart + r * cStride;
            if (add) {
                for (int j = 0; j < columns; j++) {
                    c[to + j] += block[from + j];
                }
            } else {
                System.arraycopy(block, from, c, to, columns);
            }
        }
    }
}

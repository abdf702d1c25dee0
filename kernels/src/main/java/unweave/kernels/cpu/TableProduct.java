package unweave.kernels.cpu;

/**
 * A matrix product whose left factor is found through two tables,
 *
 * <pre>
 * C[r, j] = max(floor, bias[j] + sum over k &lt; depth: a[aStart + rowStart[r] + offset[k]] * b[bStart + k * bStride + j]).
 * </pre>
 *
 * Row r of the left factor begins at rowStart[r], and its k-th value lies offset[k] behind. So the tables say what is
 * multiplied, and nothing is copied:
 *
 * <pre>
 *                        r                   k                   rowStart[r]             offset[k]
 * matrix, n columns      row                 column              r * n                   k
 * its transpose          column              row                 r                       k * n
 * convolution            output pixel        tap and channel     the pixel's first tap   from there to the tap
 * weight gradient        tap and channel     output pixel        the tap                 the pixel's first tap
 * </pre>
 *
 * Fields are set by the caller; one object serves one thread.
 */
final class TableProduct {
    /**
     * Panels of fewer multiply-adds do without tall blocks: the virtual machine compiles a loop that seldom runs late.
     */
    private static final int LEAST_TALL_WORK = 200_000;
    /** A run of at least so many k is worth {@link MicroKernel#addRun}, which reads and writes the sums once for it. */
    private static final int LEAST_RUN = 64;

    private final MicroKernel kernel;
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

    /** The initial values of the sums, at [biasStart + j]; readable as B is. */
    float[] bias;

    int biasStart;

    /** 0 for a ReLU, minus infinity for none. NaN stays NaN with either. */
    float floor;

    /** Multiply-adds of the operation that this is a part of, if they are known. */
    double wholeWork;

    /** A product without bias and ReLU, its factors still to be set. */
    TableProduct(MicroKernel kernel) {
        this.kernel = kernel;
        panelColumns = 2 * kernel.lanes();
        zeros = new float[panelColumns];
        block = new float[panelColumns * Math.max(kernel.narrowRows(), kernel.tallRows())];
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
        boolean tall = wide && kernel.tallRows() > 0 && (long) rows * columns * depth >= LEAST_TALL_WORK;
        for (int row = 0; row < rows; ) {
            Order order = tall ? order(firstRow + row, rows - row) : Order.ANY;
            int mostRows = order != Order.ANY ? kernel.tallRows() : wide ? kernel.wideRows() : kernel.narrowRows();
            int blockRows = Math.min(mostRows, rows - row);
            float[] to = inPlace ? c : block;
            int toStart = inPlace ? cStart + row * cStride : 0;
            int toStride = inPlace ? cStride : panelColumns;
            if (order != Order.ANY) {
                multiplyTall(order, firstRow + row, blockRows, to, toStart, toStride);
            } else if (wide) {
                kernel.multiplyWide(this, firstRow + row, blockRows, to, toStart, toStride);
            } else {
                kernel.multiplyNarrow(this, firstRow + row, blockRows, to, toStart, toStride);
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

    /** A tall block needs consecutive k that are neighbours in A (runs), or consecutive rows that are. */
    private enum Order {
        ANY,
        RUNS,
        NEIGHBOURS
    }

    private Order order(int row, int rowsLeft) {
        if (rowsLeft <= kernel.wideRows()) {
            return Order.ANY;
        }
        if (run >= depth || run >= LEAST_RUN) {
            return Order.RUNS;
        }
        int last = kernel.tallRows() - 1;
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

    private void multiplyTall(Order order, int row, int rows, float[] c, int cStart, int cStride) {
        if (order == Order.NEIGHBOURS) {
            kernel.multiplyNeighbours(this, row, c, cStart, cStride);
        } else {
            kernel.addRun(this, 0, Math.min(run, depth), row, rows, bias, biasStart, 0, c, cStart, cStride);
            for (int k = run; k < depth; k += run) {
                kernel.addRun(this, k, Math.min(run, depth - k), row, rows, c, cStart, cStride, c, cStart, cStride);
            }
        }
        if (floor > Float.NEGATIVE_INFINITY) {
            kernel.raise(floor, rows, c, cStart, cStride);
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

package unweave.kernels.cpu;

import java.util.Arrays;

/**
 * The projections H = A U and G = C U of {@link SubspaceGradient}, a tile of rows at a time, for changing U. A and C
 * are packed once for all U: column by column in blocks of rows for {@link PanelProduct}, or as {@link SparseRows}
 * where most values are zero.
 *
 * <p>The rows are cut into chunks, so that threads can share them. U, H and G have their columns at the places of
 * {@link BlockColumns}.
 */
final class SubspaceProjection {
    /**
     * Below this fraction of non-zero columns, skipping zeros is faster, although a row of U is then loaded for one row
     * of A and C instead of eight. With 128 columns, a fraction of 27 % took half the time of the dense product, and 50
     * % four fifths.
     */
    private static final double MOST_ACTIVE = 0.6;

    private final int rows;
    private final int window;
    private final int dimensions;
    private final BlockColumns columns;
    private final int chunkRows;
    private final PanelProduct product;
    private final SparseProduct sparseProduct;
    private final int[] columnsOfPlaces;
    private final int[] transposedRows;
    private final int[] active;
    private final SparseRows[] sparse;
    private final float[][] transposedA;
    private final float[][] transposedC;
    private boolean passesOverZeros;

    /** @param mostChunks bounds the chunks, which hold at least {@code leastRows} rows if there are so many */
    SubspaceProjection(
            boolean vectors,
            int rows,
            int window,
            int dimensions,
            BlockColumns columns,
            int mostChunks,
            int leastRows) {
        this.rows = rows;
        this.window = window;
        this.dimensions = dimensions;
        this.columns = columns;
        product = columns.vectors() % 2 == 0 ? PanelProduct.wide(vectors) : PanelProduct.narrow(vectors);
        sparseProduct = SparseProduct.choose(vectors);
        chunkRows = evenly(rows, Math.max(1, Math.min(mostChunks, rows / leastRows)));
        columnsOfPlaces = columns.columnsOfPlaces();
        transposedRows = new int[dimensions];
        Arrays.setAll(transposedRows, j -> j * product.rows());
        active = new int[chunks()];
        sparse = new SparseRows[chunks()];
        Arrays.setAll(sparse, chunk -> new SparseRows());
        transposedA = new float[chunks()][];
        transposedC = new float[chunks()][];
    }

    /**
     * The size of {@code parts} about equal parts of rows, a multiple of the rows that are multiplied together and of
     * those of a window.
     */
    int evenly(int rows, int parts) {
        int block = product.rows();
        for (int multiple = block; block % window != 0; ) {
            block += multiple;
        }
        return ((rows + parts - 1) / parts + block - 1) / block * block;
    }

    int chunks() {
        return (rows + chunkRows - 1) / chunkRows;
    }

    /** Rows of a chunk; the last may have fewer. */
    int chunkRows() {
        return chunkRows;
    }

    int rowsOf(int chunk) {
        return Math.min(chunkRows, rows - chunk * chunkRows);
    }

    /** Packs the data. */
    void load(WorkerPool pool, float[] a, float[] c) {
        pool.run(
                chunks(),
                chunk -> active[chunk] = SparseRows.count(chunk * chunkRows, rowsOf(chunk), dimensions, a, c));
        passesOverZeros = activePart() <= MOST_ACTIVE
                && product.width() == sparseProduct.width()
                && columns.padded() % (sparseProduct.panelsAtOnce() * product.width()) == 0;
        pool.run(chunks(), chunk -> {
            if (passesOverZeros) {
                sparse[chunk].fill(chunk * chunkRows, rowsOf(chunk), dimensions, active[chunk], product.width(), a, c);
            } else {
                transposedA[chunk] = transpose(chunk, a, transposedA[chunk]);
                transposedC[chunk] = transpose(chunk, c, transposedC[chunk]);
            }
        });
    }

    /** The part of the columns in which A or C is not zero. */
    double activePart() {
        return Arrays.stream(active).asLongStream().sum() / ((double) rows * dimensions);
    }

    /** Whether {@link #sparse} holds the data. */
    boolean passesOverZeros() {
        return passesOverZeros;
    }

    /** The rows of a chunk; places are columns times the width of a panel. */
    SparseRows sparse(int chunk) {
        return sparse[chunk];
    }

    /**
     * Writes the rows of a chunk in blocks, every block column by column. Rows that the last block lacks are copies of
     * its last.
     */
    private float[] transpose(int chunk, float[] x, float[] memory) {
        int block = product.rows();
        int padded = (rowsOf(chunk) + block - 1) / block * block;
        float[] transposed = memory == null ? new float[padded * dimensions] : memory;
        for (int n = 0; n < padded; n++) {
            int from = (chunk * chunkRows + Math.min(n, rowsOf(chunk) - 1)) * dimensions;
            int to = n / block * block * dimensions + n % block;
            for (int j = 0; j < dimensions; j++) {
                transposed[to + j * block] = x[from + j];
            }
        }
        return transposed;
    }

    /** The values of a matrix U as {@link #pack} writes them: D rows of {@link BlockColumns#padded} places. */
    int packedSize() {
        return dimensions * columns.padded();
    }

    /** Writes the matrix that begins at u[from] as panels. The zeros between the blocks must be there already. */
    void pack(float[] u, int from, float[] panels) {
        int width = product.width();
        for (int place = 0; place < columnsOfPlaces.length; place++) {
            int column = columnsOfPlaces[place];
            if (column >= 0) {
                int to = place / width * dimensions * width + place % width;
                for (int j = 0; j < dimensions; j++) {
                    panels[to + j * width] = u[from + j * dimensions + column];
                }
            }
        }
    }

    /**
     * H and G of some rows.
     *
     * @param firstRow the first of them, counted from the first of the chunk; a multiple of the rows that are
     *     multiplied together
     * @param h room for so many rows and those that the last block lacks
     * @param g as h
     */
    void project(int chunk, int firstRow, int rows, float[] packed, float[] h, float[] g) {
        if (passesOverZeros) {
            int columnsAtOnce = sparseProduct.panelsAtOnce() * product.width();
            for (int from = 0; from < columns.padded(); from += columnsAtOnce) {
                sparseProduct.project(
                        sparse[chunk],
                        firstRow,
                        rows,
                        packed,
                        from * dimensions,
                        dimensions * product.width(),
                        h,
                        g,
                        from,
                        columns.padded());
            }
        } else {
            multiply(firstRow, rows, transposedA[chunk], packed, h);
            multiply(firstRow, rows, transposedC[chunk], packed, g);
        }
    }

    private void multiply(int firstRow, int rows, float[] transposed, float[] packed, float[] projected) {
        int block = product.rows();
        for (int from = 0; from < columns.padded(); from += product.width()) {
            for (int n = 0; n < rows; n += block) {
                product.multiply(
                        block,
                        transposedRows,
                        dimensions,
                        transposed,
                        (firstRow + n) * dimensions,
                        packed,
                        from * dimensions,
                        projected,
                        n * columns.padded() + from,
                        columns.padded());
            }
        }
    }
}

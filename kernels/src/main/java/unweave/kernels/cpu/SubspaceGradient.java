package unweave.kernels.cpu;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * {@link unweave.kernels.Subspaces#subspaceGradient} of the same data for changing U, in one pass over the data. A task
 * is a chunk of rows and a start. It takes tiles of rows that stay in the cache, and computes for each H = A U and G =
 * C U, the relevances r, and its part of the gradient. The weights of the gradient are known only after the last row,
 * so this part lacks them:
 *
 * <pre>
 * partial[j,i] = sum over p with r+[n,k] &gt; 0: A[p,j] (r+[n,k] G[p,i]) + C[p,j] (r+[n,k] H[p,i]),   i in block k,
 * </pre>
 *
 * where p is a row and n its window: every row has the relevance of its window, so that means over rows are means over
 * windows.
 *
 * <p>U, H, G and the partial gradients have their columns at the places of {@link BlockColumns}; U and the partial
 * gradients are cut into panels for {@link PanelProduct} and {@link SparseProduct}, which skips the zeros of A and C.
 *
 * <p>An instance serves one shape and keeps its memory, since the optimisation repeats the same call thousands of
 * times.
 */
final class SubspaceGradient {
    /**
     * Rows of a tile at most: the second-level cache holds a thread's H, G and results of these, the packed U and a
     * partial gradient.
     */
    private static final int MOST_TILE_ROWS = 128;

    private static final int LEAST_CHUNK_ROWS = 200;

    /**
     * Every chunk has its own partial gradient for each start. This bounds their memory and the time to add them up.
     */
    private static final int MOST_CHUNKS = 16;

    /**
     * Below this fraction of non-zero columns, skipping zeros is faster, although sums then lie in memory instead of in
     * registers. With 128 columns, a fraction of 27 % took 60 % of the time and 50 % about 90 %.
     */
    private static final double MOST_ACTIVE = 0.5;

    /**
     * Values of the gradient that one task sums over the chunks: some rows of a panel, whose width is a power of two.
     */
    private static final int PART = 2048;

    private final WorkerPool pool;
    private final Shape shape;
    private final BlockColumns columns;
    private final RelevanceLoops loops;
    private final SubspaceProjection projection;

    /** Its panels do not reach beyond one block if there are others beside it. */
    private final PanelProduct product;

    private final SparseProduct sparseProduct;
    private final int tileRows;
    private final int chunks;
    private final int parts;
    private final float[][] packed;
    private final float[][] partials;
    private final double[][] energies;
    private final double[][] weights;
    private final double[] rootMeanSquares;
    private final int[] columnsOfPlaces;
    private final ThreadLocal<Tile> tiles;
    private final IntConsumer addChunk = this::addChunk;
    private final IntConsumer combinePart = this::combinePart;

    /** The data, and whether the products of the gradient skip its zeros. */
    private float[] a;

    private float[] c;
    private boolean passesOverZeros;

    /** Of the call that is running. */
    private float[] gradient;

    /** The sizes of one call. */
    record Shape(int starts, int rows, int window, int dimensions, int subspaces) {}

    /** Memory of a thread for one tile of rows and one start. */
    private final class Tile {
        int chunk;
        int firstOfChunk;
        int rows;
        final float[] h = new float[tileRows * columns.padded()];
        final float[] g = new float[h.length];
        final float[] relevance = new float[tileRows * columns.lanes()];
        final int[] positive = new int[tileRows];
        final int[] positiveRows = new int[tileRows];
        final float[] weighed = new float[2 * tileRows * product.width()];
        final float[] squares = new float[columns.lanes()];
        final float[] ofA = new float[shape.dimensions * product.width()];
        final float[] ofC = new float[shape.dimensions * product.width()];
        final float[] sums = new float[PART];
    }

    SubspaceGradient(WorkerPool pool, boolean vectors, Shape shape) {
        this.pool = pool;
        this.shape = shape;
        loops = RelevanceLoops.choose(vectors);
        columns = new BlockColumns(shape.dimensions, shape.subspaces, loops.lanes());
        projection = new SubspaceProjection(
                vectors, shape.rows, shape.window, shape.dimensions, columns, MOST_CHUNKS, LEAST_CHUNK_ROWS);
        product = columns.blockVectors() % 2 == 0 ? PanelProduct.wide(vectors) : PanelProduct.narrow(vectors);
        sparseProduct = SparseProduct.choose(vectors);
        chunks = projection.chunks();
        tileRows = projection.evenly(
                projection.chunkRows(), (projection.chunkRows() + MOST_TILE_ROWS - 1) / MOST_TILE_ROWS);
        int size = projection.packedSize();
        parts = (size + PART - 1) / PART;
        packed = new float[shape.starts][size];
        partials = new float[chunks * shape.starts][size];
        energies = new double[chunks * shape.starts][shape.subspaces];
        columnsOfPlaces = columns.columnsOfPlaces();
        weights = new double[shape.starts][columnsOfPlaces.length];
        rootMeanSquares = new double[shape.subspaces];
        tiles = ThreadLocal.withInitial(Tile::new);
    }

    Shape shape() {
        return shape;
    }

    /** Takes the data of the following calls of {@link #compute}, which must not change until the last. */
    void load(float[] a, float[] c) {
        this.a = a;
        this.c = c;
        projection.load(pool, a, c);
        passesOverZeros = projection.passesOverZeros()
                && projection.activePart() <= MOST_ACTIVE
                && product.width() == sparseProduct.width();
    }

    void compute(float[] u, float[] gradient, float[] objective, int offset) {
        this.gradient = gradient;
        for (int s = 0; s < shape.starts; s++) {
            projection.pack(u, s * shape.dimensions * shape.dimensions, packed[s]);
        }
        pool.run(chunks * shape.starts, addChunk);
        for (int s = 0; s < shape.starts; s++) {
            objective[offset + s] = (float) findWeights(s);
        }
        pool.run(shape.starts * parts, combinePart);
    }

    /**
     * Computes the sums of one chunk for one start: {@link #partials} and {@link #energies} with the number of the
     * task.
     */
    private void addChunk(int task) {
        Tile tile = tiles.get();
        Arrays.fill(partials[task], 0f);
        Arrays.fill(energies[task], 0);
        tile.chunk = task / shape.starts;
        int rows = projection.rowsOf(tile.chunk);
        for (int row = 0; row < rows; row += tileRows) {
            tile.firstOfChunk = row;
            tile.rows = Math.min(tileRows, rows - row);
            projection.project(tile.chunk, row, tile.rows, packed[task % shape.starts], tile.h, tile.g);
            for (int unit = 0; unit < columns.vectors() / columns.blockVectors(); unit++) {
                addUnit(unit, tile, task);
            }
        }
    }

    /** Adds a tile to the sums, for the columns of one block or of the blocks that share a vector. */
    private void addUnit(int unit, Tile tile, int sum) {
        int lanes = columns.lanes();
        int first = unit * columns.blockVectors() * lanes;
        for (int vector = 0; vector < columns.blockVectors(); vector++) {
            loops.multiply(
                    vector > 0, tile.rows, tile.h, tile.g, first + vector * lanes, columns.padded(), tile.relevance);
        }
        loops.sumBlocks(columns.blockLanes(), tile.rows, tile.relevance);
        if (shape.window > 1) {
            sumWindows(tile);
        }
        Arrays.fill(tile.squares, 0f);
        int count = loops.keepPositive(tile.rows, tile.relevance, tile.squares, tile.positive);
        int firstBlock = unit * (lanes / columns.blockLanes());
        for (int lane = 0, k = firstBlock; lane < lanes && k < shape.subspaces; lane += columns.blockLanes(), k++) {
            energies[sum][k] += tile.squares[lane];
        }
        for (int from = first; from < first + columns.blockVectors() * lanes; from += product.width()) {
            if (passesOverZeros) {
                addSparse(from, count, tile, partials[sum]);
            } else {
                addDense(from, count, tile, partials[sum]);
            }
        }
    }

    /** Gives every row the sum of its window. */
    private void sumWindows(Tile tile) {
        int lanes = columns.lanes();
        float[] relevance = tile.relevance;
        for (int first = 0; first < tile.rows * lanes; first += shape.window * lanes) {
            for (int row = first + lanes; row < first + shape.window * lanes; row += lanes) {
                for (int lane = 0; lane < lanes; lane++) {
                    relevance[first + lane] += relevance[row + lane];
                }
            }
            for (int row = first + lanes; row < first + shape.window * lanes; row += lanes) {
                System.arraycopy(relevance, first, relevance, row, lanes);
            }
        }
    }

    /** The part of the panel that begins at {@code place}. */
    private void addSparse(int place, int count, Tile tile, float[] partial) {
        int width = product.width();
        weigh(place, count, tile, tile.g, 0, 2 * width);
        weigh(place, count, tile, tile.h, width, 2 * width);
        sparseProduct.addGradient(
                projection.sparse(tile.chunk),
                tile.firstOfChunk,
                tile.positive,
                count,
                tile.weighed,
                partial,
                place * shape.dimensions);
    }

    private void addDense(int place, int count, Tile tile, float[] partial) {
        int firstRow = tile.chunk * projection.chunkRows() + tile.firstOfChunk;
        for (int i = 0; i < count; i++) {
            tile.positiveRows[i] = (firstRow + tile.positive[i]) * shape.dimensions;
        }
        multiplyWeighed(place, count, tile, a, tile.g, tile.ofA);
        multiplyWeighed(place, count, tile, c, tile.h, tile.ofC);
        addBoth(tile.ofA, tile.ofC, partial, place * shape.dimensions);
    }

    /**
     * out[j,i] = sum over the positive rows n: X[n,j] r+[n,k] projected[n,i], for the places i of the panel that begins
     * at {@code place}.
     */
    private void multiplyWeighed(int place, int count, Tile tile, float[] x, float[] projected, float[] out) {
        weigh(place, count, tile, projected, 0, product.width());
        product.multiply(shape.dimensions, tile.positiveRows, count, x, 0, tile.weighed, 0, out, 0, product.width());
    }

    /** The panel of {@code projected} that begins at {@code place}, of the positive rows, times their relevance. */
    private void weigh(int place, int count, Tile tile, float[] projected, int to, int stride) {
        for (int at = 0; at < product.width(); at += columns.lanes()) {
            loops.weigh(
                    tile.positive,
                    count,
                    tile.relevance,
                    projected,
                    place + at,
                    columns.padded(),
                    tile.weighed,
                    to + at,
                    stride);
        }
    }

    private static void addBoth(float[] x, float[] y, float[] sum, int at) {
        for (int i = 0; i < x.length; i++) {
            sum[at + i] += x[i] + y[i];
        }
    }

    /** Finds the weights of one start's places; returns its objective. */
    private double findWeights(int start) {
        double meanRoot = 0;
        for (int k = 0; k < shape.subspaces; k++) {
            double sum = 0;
            for (int chunk = 0; chunk < chunks; chunk++) {
                sum += energies[chunk * shape.starts + start][k];
            }
            rootMeanSquares[k] = Math.sqrt(sum / shape.rows);
            meanRoot += Math.sqrt(rootMeanSquares[k]) / shape.subspaces;
        }
        for (int place = 0; place < columnsOfPlaces.length; place++) {
            int k = Math.max(0, columnsOfPlaces[place]) / columns.blockWidth();
            double m = rootMeanSquares[k];
            weights[start][place] =
                    m == 0 ? 0 : meanRoot / Math.sqrt(m) / (shape.subspaces * m * shape.rows) * shape.window;
        }
        return meanRoot * meanRoot;
    }

    /**
     * gradient = weight * sum of the partial gradients, in the order of the chunks, for a part of the values of one
     * start.
     */
    private void combinePart(int task) {
        int start = task / parts;
        int from = task % parts * PART;
        float[] sums = tiles.get().sums;
        int length = Math.min(PART, packed[start].length - from);
        Arrays.fill(sums, 0f);
        for (int chunk = 0; chunk < chunks; chunk += 4) {
            addFour(chunk * shape.starts + start, from, length, sums);
        }
        int width = product.width();
        for (int i = 0; i < length; i += width) {
            int row = (from + i) / width;
            writeRow(start, row % shape.dimensions, row / shape.dimensions * width, sums, i);
        }
    }

    /** One row of the panel that begins at {@code place}. */
    private void writeRow(int start, int row, int place, float[] sums, int at) {
        int to = (start * shape.dimensions + row) * shape.dimensions;
        for (int w = 0; w < product.width(); w++) {
            int column = columnsOfPlaces[place + w];
            if (column >= 0) {
                gradient[to + column] = (float) (weights[start][place + w] * sums[at + w]);
            }
        }
    }

    /** Adds the partial gradients of four chunks, fewer where there are no more. */
    private void addFour(int first, int from, int length, float[] sums) {
        for (int i = first; i < Math.min(partials.length, first + 4 * shape.starts); i += shape.starts) {
            float[] partial = partials[i];
            for (int at = 0; at < length; at++) {
                sums[at] += partial[from + at];
            }
        }
    }
}

package unweave.kernels.cpu;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * {@link unweave.kernels.Subspaces#subspaceGradient} in one pass over the data. A chunk of rows is one task, and within it tiles of rows
 * stay in the cache for all starts: H = A U and G = C U of a tile, its relevances r, and at once its part of the gradient without the
 * weights, which are known only after the last row:
 * <pre>
 * partial[j,i] = sum over n with r+[n,k] &gt; 0: A[n,j] (r+[n,k] G[n,i]) + C[n,j] (r+[n,k] H[n,i]),   i in block k.
 * </pre>
 * U, H, G and the partial gradients have their columns at the places of {@link BlockColumns}; U and the partial gradients are cut into
 * panels for {@link PanelProduct}.
 *
 * <p>An instance serves one shape and keeps its memory, since the optimisation repeats the same call thousands of times.
 */
final class SubspaceGradient {
  /** A thread's tile of A, C, H, G and what comes of them, the packed U and a partial gradient share the second-level cache. */
  private static final int MOST_TILE_ROWS = 128;
  private static final int LEAST_CHUNK_ROWS = 200;

  /** Bounds the memory, since every chunk has its own partial gradient. */
  private static final int MOST_CHUNKS = 32;

  /** Values of the gradient that one task sums over the chunks. */
  private static final int PART = 2048;

  private final WorkerPool pool;
  private final Shape shape;
  private final BlockColumns columns;
  private final RelevanceLoops loops;

  /** For H and G. */
  private final PanelProduct projection;

  /** For the gradient, with panels that do not reach beyond one block if there are others beside it. */
  private final PanelProduct product;

  private final int chunkRows;
  private final int tileRows;
  private final int chunks;
  private final int parts;
  private final float[][] packed;
  private final float[][] partials;
  private final double[][] energies;
  private final double[][] weights;
  private final double[] rootMeanSquares;
  private final int[] columnsOfPlaces;
  private final int[] transposedRows;
  private final ThreadLocal<Tile> tiles;
  private final IntConsumer addChunk = this::addChunk;
  private final IntConsumer combinePart = this::combinePart;

  /** Of the call that is running. */
  private float[] a;
  private float[] c;
  private float[] gradient;

  /** The sizes of one call. */
  record Shape(int starts, int rows, int dimensions, int subspaces) {}

  /** What a thread computes of one tile of rows and one start; A and C of the tile, transposed in blocks of rows, serve all starts. */
  private final class Tile {
    final float[] transposedA = new float[tileRows * shape.dimensions];
    final float[] transposedC = new float[tileRows * shape.dimensions];
    final float[] h = new float[tileRows * columns.padded()];
    final float[] g = new float[h.length];
    final float[] relevance = new float[tileRows * columns.lanes()];
    final int[] positive = new int[tileRows];
    final int[] positiveRows = new int[tileRows];
    final float[] weighed = new float[tileRows * product.width()];
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
    projection = panels(vectors, columns.vectors());
    product = panels(vectors, columns.blockVectors());
    chunkRows = evenly(shape.rows, Math.max(1, Math.min(MOST_CHUNKS, shape.rows / LEAST_CHUNK_ROWS)));
    chunks = (shape.rows + chunkRows - 1) / chunkRows;
    tileRows = evenly(chunkRows, (chunkRows + MOST_TILE_ROWS - 1) / MOST_TILE_ROWS);
    transposedRows = new int[shape.dimensions];
    Arrays.setAll(transposedRows, j -> j * projection.rows());
    int size = shape.dimensions * columns.padded();
    parts = (size + PART - 1) / PART;
    packed = new float[shape.starts][size];
    partials = new float[chunks * shape.starts][size];
    energies = new double[chunks * shape.starts][shape.subspaces];
    weights = new double[shape.starts][shape.subspaces];
    rootMeanSquares = new double[shape.subspaces];
    columnsOfPlaces = columns.columnsOfPlaces();
    tiles = ThreadLocal.withInitial(Tile::new);
  }

  private static PanelProduct panels(boolean vectors, int count) {
    return count % 2 == 0 ? PanelProduct.wide(vectors) : PanelProduct.narrow(vectors);
  }

  /** The size of {@code parts} about equal parts, a multiple of the rows that the projection takes together. */
  private int evenly(int rows, int parts) {
    int block = projection.rows();
    return ((rows + parts - 1) / parts + block - 1) / block * block;
  }

  Shape shape() {
    return shape;
  }

  void compute(float[] a, float[] c, float[] u, float[] gradient, float[] objective, int offset) {
    this.a = a;
    this.c = c;
    this.gradient = gradient;
    for (int s = 0; s < shape.starts; s++) {
      pack(u, s * shape.dimensions * shape.dimensions, packed[s]);
    }
    pool.run(chunks, addChunk);
    for (int s = 0; s < shape.starts; s++) {
      objective[offset + s] = (float) findWeights(s);
    }
    pool.run(shape.starts * parts, combinePart);
  }

  /** U as panels of {@link #projection}. The zeros between the blocks are there. */
  private void pack(float[] u, int from, float[] panels) {
    int d = shape.dimensions;
    int width = projection.width();
    for (int place = 0; place < columnsOfPlaces.length; place++) {
      int column = columnsOfPlaces[place];
      if (column >= 0) {
        int to = place / width * d * width + place % width;
        for (int j = 0; j < d; j++) {
          panels[to + j * width] = u[from + j * d + column];
        }
      }
    }
  }

  private void addChunk(int chunk) {
    Tile tile = tiles.get();
    for (int s = 0; s < shape.starts; s++) {
      Arrays.fill(partials[chunk * shape.starts + s], 0f);
      Arrays.fill(energies[chunk * shape.starts + s], 0);
    }
    int end = Math.min(shape.rows, (chunk + 1) * chunkRows);
    for (int row = chunk * chunkRows; row < end; row += tileRows) {
      int rows = Math.min(tileRows, end - row);
      transpose(rows, row, a, tile.transposedA);
      transpose(rows, row, c, tile.transposedC);
      for (int s = 0; s < shape.starts; s++) {
        project(rows, tile.transposedA, packed[s], tile.h);
        project(rows, tile.transposedC, packed[s], tile.g);
        for (int unit = 0; unit < columns.vectors() / columns.blockVectors(); unit++) {
          addUnit(unit, rows, row, tile, chunk * shape.starts + s);
        }
      }
    }
  }

  /** Writes the rows of a tile in blocks, every block column by column. Rows that the last block lacks are copies of its last. */
  private void transpose(int rows, int row, float[] x, float[] transposed) {
    int d = shape.dimensions;
    int block = projection.rows();
    for (int first = 0; first < rows; first += block) {
      for (int n = 0; n < block; n++) {
        int from = (row + Math.min(first + n, rows - 1)) * d;
        int to = first * d + n;
        for (int j = 0; j < d; j++) {
          transposed[to + j * block] = x[from + j];
        }
      }
    }
  }

  /** One tile of X U. */
  private void project(int rows, float[] transposed, float[] u, float[] projected) {
    int d = shape.dimensions;
    int width = projection.width();
    int block = projection.rows();
    for (int from = 0; from < columns.padded(); from += width) {
      for (int n = 0; n < rows; n += block) {
        projection.multiply(block, transposedRows, d, transposed, n * d, u, from * d, projected, n * columns.padded() + from,
            columns.padded());
      }
    }
  }

  /** The part of a tile in the sums for the columns of one block, or of the blocks that share a vector. */
  private void addUnit(int unit, int rows, int row, Tile tile, int sum) {
    int lanes = columns.lanes();
    int first = unit * columns.blockVectors() * lanes;
    for (int vector = 0; vector < columns.blockVectors(); vector++) {
      loops.multiply(vector > 0, rows, tile.h, tile.g, first + vector * lanes, columns.padded(), tile.relevance);
    }
    loops.sumBlocks(columns.blockLanes(), rows, tile.relevance);
    Arrays.fill(tile.squares, 0f);
    int count = loops.keepPositive(rows, tile.relevance, tile.squares, tile.positive);
    int firstBlock = unit * (lanes / columns.blockLanes());
    for (int lane = 0, k = firstBlock; lane < lanes && k < shape.subspaces; lane += columns.blockLanes(), k++) {
      energies[sum][k] += tile.squares[lane];
    }
    for (int i = 0; i < count; i++) {
      tile.positiveRows[i] = (row + tile.positive[i]) * shape.dimensions;
    }
    for (int from = 0; from < columns.blockVectors() * lanes; from += product.width()) {
      multiplyWeighed(first + from, count, tile, a, tile.g, tile.ofA);
      multiplyWeighed(first + from, count, tile, c, tile.h, tile.ofC);
      addBoth(tile.ofA, tile.ofC, partials[sum], (first + from) * shape.dimensions);
    }
  }

  /** out[j,i] = sum over the positive rows n: X[n,j] r+[n,k] projected[n,i], for the places i of the panel that begins at {@code place}. */
  private void multiplyWeighed(int place, int count, Tile tile, float[] x, float[] projected, float[] out) {
    int width = product.width();
    for (int at = 0; at < width; at += columns.lanes()) {
      loops.weigh(tile.positive, count, tile.relevance, projected, place + at, columns.padded(), tile.weighed, at, width);
    }
    product.multiply(shape.dimensions, tile.positiveRows, count, x, 0, tile.weighed, 0, out, 0, width);
  }

  private static void addBoth(float[] x, float[] y, float[] sum, int at) {
    for (int i = 0; i < x.length; i++) {
      sum[at + i] += x[i] + y[i];
    }
  }

  /** Finds the weights of one start's blocks; returns its objective. */
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
    for (int k = 0; k < shape.subspaces; k++) {
      double m = rootMeanSquares[k];
      weights[start][k] = m == 0 ? 0 : meanRoot / Math.sqrt(m) / (shape.subspaces * m * shape.rows);
    }
    return meanRoot * meanRoot;
  }

  /** gradient = weight * sum of the partial gradients, in the order of the chunks, for a part of the values of one start. */
  private void combinePart(int task) {
    int start = task / parts;
    int from = task % parts * PART;
    float[] sums = tiles.get().sums;
    int length = Math.min(PART, packed[start].length - from);
    Arrays.fill(sums, 0f);
    for (int chunk = 0; chunk < chunks; chunk += 4) {
      addFour(chunk * shape.starts + start, from, length, sums);
    }
    int d = shape.dimensions;
    int width = product.width();
    for (int i = 0; i < length; i++) {
      int place = (from + i) / (d * width) * width + i % width;
      int column = columnsOfPlaces[place];
      if (column >= 0) {
        int j = (from + i) / width % d;
        gradient[(start * d + j) * d + column] = (float) (weights[start][column / columns.blockWidth()] * sums[i]);
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

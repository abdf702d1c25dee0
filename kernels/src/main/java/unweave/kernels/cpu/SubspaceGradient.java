package unweave.kernels.cpu;

import java.util.Arrays;
import unweave.kernels.cpu.PanelProduct.Left;
import unweave.kernels.cpu.PanelProduct.Steps;

/**
 * {@link unweave.kernels.Subspaces#subspaceGradient} in one pass over the data. A chunk of rows is one task, and within it tiles of rows stay
 * in the cache: H = A U and G = C U of a tile, its relevances r, and at once its part of the gradient without the weights, which are known
 * only after the last row:
 * <pre>
 * partial[j,i] = sum over n with r+[n,k] &gt; 0: A[n,j] (r+[n,k] G[n,i]) + C[n,j] (r+[n,k] H[n,i]),   i in block k.
 * </pre>
 * Sums over the columns of a block, r = (H * G) E, and the way back, are products too, with the D x K matrix E[i,k] = 1 for i in block k.
 * H, G, r and the partial gradients are in the form of {@link Panels}.
 *
 * <p>An instance serves one shape and keeps its memory, since the optimisation repeats the same call thousands of times.
 */
final class SubspaceGradient {
  private static final int TILE_ROWS = 64;
  private static final int LEAST_CHUNK_ROWS = 512;

  /** Bounds the memory, since every chunk has its own partial gradient. */
  private static final int MOST_CHUNKS = 32;

  /** Rows of the gradient that one task sums over the chunks. */
  private static final int GRADIENT_ROWS = 16;

  private final WorkerPool pool;
  private final Shape shape;
  private final int chunkRows;
  private final int chunks;

  /** For matrices of D columns. */
  private final PanelProduct product;
  private final Panels columns;

  /** For matrices of K columns. */
  private final PanelProduct blockProduct;
  private final Panels blocks;

  private final float[] columnsToBlocks;
  private final float[] blocksToColumns;
  private final int[] indices;
  private final float[][] packed;
  private final float[][] partials;
  private final double[][] energies;
  private final ThreadLocal<Tile> tiles;

  /** The sizes of one call. */
  record Shape(int starts, int rows, int dimensions, int subspaces) {
    int blockWidth() {
      return dimensions / subspaces;
    }
  }

  /** What is computed of one tile of rows: H, G and r+, and r+ spread over the columns. H and G are multiplied by that in the end. */
  private static final class Tile {
    final float[] h;
    final float[] g;
    final float[] spread;
    final float[] relevance;
    final int[] positiveRows = new int[TILE_ROWS];

    Tile(Panels columns, Panels blocks) {
      h = new float[TILE_ROWS * columns.padded()];
      g = new float[h.length];
      spread = new float[h.length];
      relevance = new float[TILE_ROWS * blocks.padded()];
    }
  }

  SubspaceGradient(WorkerPool pool, boolean vectors, Shape shape) {
    this.pool = pool;
    this.shape = shape;
    int d = shape.dimensions;
    blockProduct = PanelProduct.narrow(vectors);
    product = d <= blockProduct.width() ? blockProduct : PanelProduct.wide(vectors);
    columns = new Panels(d, product.width());
    blocks = new Panels(shape.subspaces, blockProduct.width());
    chunkRows = Math.max(LEAST_CHUNK_ROWS, (shape.rows / MOST_CHUNKS / TILE_ROWS + 1) * TILE_ROWS);
    chunks = (shape.rows + chunkRows - 1) / chunkRows;
    float[] members = new float[columns.padded() * shape.subspaces];
    float[] membersTransposed = new float[shape.subspaces * d];
    for (int i = 0; i < d; i++) {
      members[i * shape.subspaces + i / shape.blockWidth()] = 1;
      membersTransposed[i / shape.blockWidth() * d + i] = 1;
    }
    columnsToBlocks = blocks.pack(columns.padded(), members);
    blocksToColumns = columns.pack(shape.subspaces, membersTransposed);
    indices = Steps.all(columns.padded()).indices();
    packed = new float[shape.starts][d * columns.padded()];
    partials = new float[shape.starts * chunks][d * columns.padded()];
    energies = new double[shape.starts * chunks][shape.subspaces];
    tiles = ThreadLocal.withInitial(() -> new Tile(columns, blocks));
  }

  Shape shape() {
    return shape;
  }

  void compute(float[] a, float[] c, float[] u, float[] gradient, float[] objective, int offset) {
    for (int s = 0; s < shape.starts; s++) {
      columns.pack(shape.dimensions, u, s * shape.dimensions * shape.dimensions, packed[s]);
    }
    pool.run(shape.starts * chunks, task -> addChunk(task, a, c));
    double[][] weights = new double[shape.starts][];
    for (int s = 0; s < shape.starts; s++) {
      double[] m = rootMeanSquares(s);
      double meanRoot = Arrays.stream(m).map(Math::sqrt).sum() / shape.subspaces;
      objective[offset + s] = (float) (meanRoot * meanRoot);
      weights[s] = Arrays.stream(m).map(mk -> weight(mk, meanRoot)).toArray();
    }
    int parts = (shape.dimensions + GRADIENT_ROWS - 1) / GRADIENT_ROWS;
    pool.run(shape.starts * parts, task -> {
      int first = task % parts * GRADIENT_ROWS;
      combine(task / parts, first, Math.min(shape.dimensions, first + GRADIENT_ROWS), weights[task / parts], gradient);
    });
  }

  /** m[k] = sqrt(mean over n: r+[n,k]^2) of one start. */
  private double[] rootMeanSquares(int start) {
    double[] m = new double[shape.subspaces];
    for (int chunk = 0; chunk < chunks; chunk++) {
      for (int k = 0; k < m.length; k++) {
        m[k] += energies[start * chunks + chunk][k];
      }
    }
    return Arrays.stream(m).map(sum -> Math.sqrt(sum / shape.rows)).toArray();
  }

  private double weight(double m, double meanRoot) {
    return m == 0 ? 0 : meanRoot / Math.sqrt(m) / (shape.subspaces * m * shape.rows);
  }

  /** gradient = weight * sum of the partial gradients, in the order of the chunks and in float64. */
  private void combine(int start, int firstRow, int endRow, double[] weights, float[] gradient) {
    int d = shape.dimensions;
    double[] sums = new double[columns.padded()];
    for (int j = firstRow; j < endRow; j++) {
      Arrays.fill(sums, 0);
      for (int chunk = 0; chunk < chunks; chunk++) {
        float[] partial = partials[start * chunks + chunk];
        for (int i = 0, at = j * sums.length; i < sums.length; i++, at++) {
          sums[i] += partial[at];
        }
      }
      for (int i = 0; i < d; i++) {
        gradient[(start * d + j) * d + i] = (float) (weights[i / shape.blockWidth()] * sums[i]);
      }
    }
  }

  private void addChunk(int task, float[] a, float[] c) {
    Tile tile = tiles.get();
    Arrays.fill(partials[task], 0f);
    Arrays.fill(energies[task], 0);
    int first = task % chunks * chunkRows;
    int end = Math.min(shape.rows, first + chunkRows);
    for (int row = first; row < end; row += TILE_ROWS) {
      int rows = Math.min(TILE_ROWS, end - row);
      project(rows, row, a, packed[task / chunks], tile.h);
      project(rows, row, c, packed[task / chunks], tile.g);
      findRelevance(rows, tile);
      addEnergies(rows, tile.relevance, energies[task]);
      multiplyByRelevance(rows, tile);
      addGradient(rows, row, a, c, tile, partials[task]);
    }
  }

  /** One tile of X U. */
  private void project(int rows, int row, float[] x, float[] u, float[] projected) {
    int d = shape.dimensions;
    int width = columns.width();
    Arrays.fill(projected, 0f);
    Left left = new Left(x, row * d, d, 1);
    for (int panel = 0; panel < columns.count(); panel++) {
      product.add(rows, new Steps(indices, d), left, u, panel * d * width, projected, panel * TILE_ROWS * width, width);
    }
  }

  /** r+ = max(0, (H * G) E). */
  private void findRelevance(int rows, Tile tile) {
    int width = columns.width();
    float[] products = tile.spread;
    for (int i = 0; i < products.length; i++) {
      products[i] = tile.h[i] * tile.g[i];
    }
    Arrays.fill(tile.relevance, 0f);
    for (int panel = 0; panel < columns.count(); panel++) {
      Left left = new Left(products, panel * TILE_ROWS * width, width, 1);
      for (int block = 0; block < blocks.count(); block++) {
        int right = (block * columns.padded() + panel * width) * blocks.width();
        blockProduct.add(rows, new Steps(indices, width), left, columnsToBlocks, right, tile.relevance, relevanceAt(block, 0),
            blocks.width());
      }
    }
    for (int i = 0; i < tile.relevance.length; i++) {
      tile.relevance[i] = Math.max(0f, tile.relevance[i]);
    }
  }

  /** Where r+ of a row begins in one of the panels of K columns. */
  private int relevanceAt(int panel, int n) {
    return (panel * TILE_ROWS + n) * blocks.width();
  }

  private void addEnergies(int rows, float[] relevance, double[] energy) {
    for (int panel = 0; panel < blocks.count(); panel++) {
      for (int n = 0; n < rows; n++) {
        int at = relevanceAt(panel, n);
        for (int lane = 0; lane < blocks.columnsOf(panel); lane++) {
          double r = relevance[at + lane];
          energy[panel * blocks.width() + lane] += r * r;
        }
      }
    }
  }

  /** H and G times r+ E^T, value by value. */
  private void multiplyByRelevance(int rows, Tile tile) {
    int width = columns.width();
    float[] spread = tile.spread;
    Arrays.fill(spread, 0f);
    for (int block = 0; block < blocks.count(); block++) {
      Left left = new Left(tile.relevance, relevanceAt(block, 0), blocks.width(), 1);
      for (int panel = 0; panel < columns.count(); panel++) {
        int right = (panel * shape.subspaces + block * blocks.width()) * width;
        product.add(rows, new Steps(indices, blocks.columnsOf(block)), left, blocksToColumns, right, spread, panel * TILE_ROWS * width,
            width);
      }
    }
    float[] h = tile.h;
    float[] g = tile.g;
    for (int i = 0; i < spread.length; i++) {
      h[i] *= spread[i];
      g[i] *= spread[i];
    }
  }

  private void addGradient(int rows, int row, float[] a, float[] c, Tile tile, float[] partial) {
    int d = shape.dimensions;
    int width = columns.width();
    Left leftA = new Left(a, row * d, 1, d);
    Left leftC = new Left(c, row * d, 1, d);
    for (int panel = 0; panel < columns.count(); panel++) {
      Steps steps = new Steps(tile.positiveRows, findPositiveRows(rows, panel, tile));
      int at = panel * TILE_ROWS * width;
      product.add(d, steps, leftA, tile.g, at, partial, panel * width, columns.padded());
      product.add(d, steps, leftC, tile.h, at, partial, panel * width, columns.padded());
    }
  }

  /** Rows whose relevance is positive in a block that has columns in the panel; the others add nothing. Returns their number. */
  private int findPositiveRows(int rows, int panel, Tile tile) {
    int firstColumn = panel * columns.width();
    int firstBlock = firstColumn / shape.blockWidth();
    int lastBlock = (firstColumn + columns.columnsOf(panel) - 1) / shape.blockWidth();
    int count = 0;
    for (int n = 0; n < rows; n++) {
      float largest = 0;
      for (int k = firstBlock; k <= lastBlock; k++) {
        largest = Math.max(largest, tile.relevance[relevanceAt(k / blocks.width(), n) + k % blocks.width()]);
      }
      tile.positiveRows[count] = n;
      count += largest > 0 ? 1 : 0;
    }
    return count;
  }
}

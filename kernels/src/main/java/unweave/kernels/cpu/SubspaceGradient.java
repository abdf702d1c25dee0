package unweave.kernels.cpu;

import java.util.Arrays;

/**
 * {@link unweave.kernels.Subspaces#subspaceGradient} in one pass over the data. A chunk of rows is one task, and within it tiles of rows stay
 * in the cache: H = A U and G = C U of a tile, its relevances r, and at once its part of the gradient without the weights, which are known
 * only after the last row:
 * <pre>
 * partial[j,i] = sum over n with r+[n,k] &gt; 0: A[n,j] (r+[n,k] G[n,i]) + C[n,j] (r+[n,k] H[n,i]),   i in block k.
 * </pre>
 * Matrices of D columns are stored as panels of {@link PanelProduct#width} columns, the last one filled up with zeros.
 *
 * <p>An instance serves one shape and keeps its memory, since the optimisation repeats the same call thousands of times.
 */
final class SubspaceGradient {
  private static final int CHUNK_ROWS = 512;
  private static final int TILE_ROWS = 64;

  /** Rows of the gradient that one task sums over the chunks. */
  private static final int GRADIENT_ROWS = 16;

  private final WorkerPool pool;
  private final PanelProduct product;
  private final Shape shape;
  private final SubspaceColumns columns;
  private final int chunks;
  private final float[][] packed;
  private final float[][] partials;
  private final double[][] energies;
  private final PanelProduct.Steps allColumns;
  private final ThreadLocal<Tile> tiles;

  /** The sizes of one call. */
  record Shape(int starts, int rows, int dimensions, int subspaces) {}

  /** H, G and r+ of one tile of rows; H and G are scaled by r+ in the end. */
  private static final class Tile {
    final float[] h;
    final float[] g;
    final float[] scale;
    final float[] relevance;
    final int[] positiveRows = new int[TILE_ROWS];

    Tile(SubspaceColumns columns, int subspaces) {
      h = new float[TILE_ROWS * columns.padded()];
      g = new float[h.length];
      scale = new float[h.length];
      relevance = new float[TILE_ROWS * subspaces];
    }
  }

  SubspaceGradient(WorkerPool pool, PanelProduct product, Shape shape) {
    this.pool = pool;
    this.product = product;
    this.shape = shape;
    columns = new SubspaceColumns(shape.dimensions, shape.subspaces, product.width());
    chunks = (shape.rows + CHUNK_ROWS - 1) / CHUNK_ROWS;
    packed = new float[shape.starts][shape.dimensions * columns.padded()];
    partials = new float[shape.starts * chunks][shape.dimensions * columns.padded()];
    energies = new double[shape.starts * chunks][shape.subspaces];
    allColumns = PanelProduct.Steps.all(shape.dimensions);
    tiles = ThreadLocal.withInitial(() -> new Tile(columns, shape.subspaces));
  }

  Shape shape() {
    return shape;
  }

  void compute(float[] a, float[] c, float[] u, float[] gradient, float[] objective, int offset) {
    for (int s = 0; s < shape.starts; s++) {
      columns.pack(u, s * shape.dimensions * shape.dimensions, packed[s]);
    }
    pool.run(shape.starts * chunks, task -> addChunk(task, a, c));
    double[][] weights = new double[shape.starts][];
    for (int s = 0; s < shape.starts; s++) {
      double[] m = rootMeanSquares(s);
      double meanRoot = Arrays.stream(m).map(Math::sqrt).sum() / shape.subspaces;
      objective[offset + s] = (float) (meanRoot * meanRoot);
      weights[s] = Arrays.stream(m).map(mk -> weight(mk, meanRoot)).toArray();
    }
    int blocks = (shape.dimensions + GRADIENT_ROWS - 1) / GRADIENT_ROWS;
    pool.run(shape.starts * blocks, task -> {
      int first = task % blocks * GRADIENT_ROWS;
      combine(task / blocks, first, Math.min(shape.dimensions, first + GRADIENT_ROWS), weights[task / blocks], gradient);
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
    int width = d / shape.subspaces;
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
        gradient[(start * d + j) * d + i] = (float) (weights[i / width] * sums[i]);
      }
    }
  }

  private void addChunk(int task, float[] a, float[] c) {
    Tile tile = tiles.get();
    Arrays.fill(partials[task], 0f);
    Arrays.fill(energies[task], 0);
    int first = task % chunks * CHUNK_ROWS;
    int end = Math.min(shape.rows, first + CHUNK_ROWS);
    for (int row = first; row < end; row += TILE_ROWS) {
      int rows = Math.min(TILE_ROWS, end - row);
      project(rows, row, a, packed[task / chunks], tile.h);
      project(rows, row, c, packed[task / chunks], tile.g);
      positiveRelevance(rows, tile, energies[task]);
      scale(tile);
      addGradient(rows, row, a, c, tile, partials[task]);
    }
  }

  /** One tile of X U. */
  private void project(int rows, int row, float[] x, float[] u, float[] projected) {
    int d = shape.dimensions;
    Arrays.fill(projected, 0f);
    PanelProduct.Left left = new PanelProduct.Left(x, row * d, d, 1);
    for (int panel = 0; panel < columns.panels(); panel++) {
      product.add(rows, allColumns, left, u, panel * d * columns.width(), projected, panel * TILE_ROWS * columns.width(),
          columns.width());
    }
  }

  /** r+[k,n] of the tile, its squares added to the energies, and spread over the columns of each block. */
  private void positiveRelevance(int rows, Tile tile, double[] energy) {
    float[] r = tile.relevance;
    Arrays.fill(r, 0f);
    for (SubspaceColumns.Segment segment : columns.segments()) {
      for (int n = 0; n < rows; n++) {
        r[segment.block() * TILE_ROWS + n] += dot(tile.h, tile.g, at(segment, n), segment.length());
      }
    }
    for (int k = 0; k < shape.subspaces; k++) {
      for (int i = k * TILE_ROWS; i < k * TILE_ROWS + rows; i++) {
        r[i] = Math.max(0f, r[i]);
        energy[k] += (double) r[i] * r[i];
      }
    }
    for (SubspaceColumns.Segment segment : columns.segments()) {
      for (int n = 0; n < rows; n++) {
        int at = at(segment, n);
        Arrays.fill(tile.scale, at, at + segment.length(), r[segment.block() * TILE_ROWS + n]);
      }
    }
  }

  private int at(SubspaceColumns.Segment segment, int n) {
    return (segment.panel() * TILE_ROWS + n) * columns.width() + segment.lane();
  }

  private static float dot(float[] x, float[] y, int from, int length) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int i = from;
    for (; i <= from + length - 4; i += 4) {
      sum0 += x[i] * y[i];
      sum1 += x[i + 1] * y[i + 1];
      sum2 += x[i + 2] * y[i + 2];
      sum3 += x[i + 3] * y[i + 3];
    }
    for (; i < from + length; i++) {
      sum0 += x[i] * y[i];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  private static void scale(Tile tile) {
    float[] scale = tile.scale;
    float[] h = tile.h;
    float[] g = tile.g;
    for (int i = 0; i < scale.length; i++) {
      h[i] *= scale[i];
      g[i] *= scale[i];
    }
  }

  private void addGradient(int rows, int row, float[] a, float[] c, Tile tile, float[] partial) {
    int d = shape.dimensions;
    PanelProduct.Left leftA = new PanelProduct.Left(a, row * d, 1, d);
    PanelProduct.Left leftC = new PanelProduct.Left(c, row * d, 1, d);
    for (int panel = 0; panel < columns.panels(); panel++) {
      PanelProduct.Steps steps = new PanelProduct.Steps(tile.positiveRows, findPositiveRows(rows, panel, tile));
      int at = panel * TILE_ROWS * columns.width();
      product.add(d, steps, leftA, tile.g, at, partial, panel * columns.width(), columns.padded());
      product.add(d, steps, leftC, tile.h, at, partial, panel * columns.width(), columns.padded());
    }
  }

  /** Rows whose relevance is positive in a block that has columns in the panel; the others add nothing. Returns their number. */
  private int findPositiveRows(int rows, int panel, Tile tile) {
    int count = 0;
    for (int n = 0; n < rows; n++) {
      float largest = 0;
      for (int k = columns.firstBlock(panel); k <= columns.lastBlock(panel); k++) {
        largest = Math.max(largest, tile.relevance[k * TILE_ROWS + n]);
      }
      tile.positiveRows[count] = n;
      count += largest > 0 ? 1 : 0;
    }
    return count;
  }
}

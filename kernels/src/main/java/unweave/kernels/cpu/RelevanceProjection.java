package unweave.kernels.cpu;

import java.util.Arrays;

/** {@link unweave.kernels.Subspaces#projectRelevance}: G = C U of a tile of rows, then per block G_k U_k^T, times the activations. */
final class RelevanceProjection {
  private static final int TILE_ROWS = 64;

  private final PanelProduct product;
  private final int rows;
  private final int dimensions;
  private final int subspaces;
  private final Panels columns;
  private final float[] packed;
  private final float[] packedTranspose;
  private final PanelProduct.Steps allColumns;
  private final PanelProduct.Steps blockColumns;

  RelevanceProjection(PanelProduct product, int rows, int dimensions, int subspaces, float[] u) {
    this.product = product;
    this.rows = rows;
    this.dimensions = dimensions;
    this.subspaces = subspaces;
    columns = new Panels(dimensions, product.width());
    packed = columns.pack(dimensions, u);
    packedTranspose = columns.pack(dimensions, transpose(u, dimensions));
    allColumns = PanelProduct.Steps.all(dimensions);
    blockColumns = PanelProduct.Steps.all(dimensions / subspaces);
  }

  int tiles() {
    return (rows + TILE_ROWS - 1) / TILE_ROWS;
  }

  /** Writes the rows of one tile of all {@code subspaces} maps. */
  void project(int tile, float[] a, float[] c, float[] out) {
    int first = tile * TILE_ROWS;
    int tileRows = Math.min(TILE_ROWS, rows - first);
    int stride = columns.padded();
    float[] g = new float[tileRows * stride];
    multiply(tileRows, allColumns, new PanelProduct.Left(c, first * dimensions, dimensions, 1), packed, 0, g);
    float[] projected = new float[tileRows * stride];
    int blockWidth = dimensions / subspaces;
    for (int k = 0; k < subspaces; k++) {
      Arrays.fill(projected, 0f);
      PanelProduct.Left left = new PanelProduct.Left(g, k * blockWidth, stride, 1);
      multiply(tileRows, blockColumns, left, packedTranspose, k * blockWidth, projected);
      for (int n = 0; n < tileRows; n++) {
        int from = (first + n) * dimensions;
        int to = (k * rows + first + n) * dimensions;
        for (int j = 0; j < dimensions; j++) {
          out[to + j] = a[from + j] * projected[n * stride + j];
        }
      }
    }
  }

  /** result += left * (the packed matrix from row {@code firstRow} on), all its columns. */
  private void multiply(int tileRows, PanelProduct.Steps steps, PanelProduct.Left left, float[] matrix, int firstRow, float[] result) {
    for (int panel = 0; panel < columns.count(); panel++) {
      int rightAt = (panel * dimensions + firstRow) * columns.width();
      product.add(tileRows, steps, left, matrix, rightAt, result, panel * columns.width(), columns.padded());
    }
  }

  private static float[] transpose(float[] u, int n) {
    float[] transposed = new float[n * n];
    for (int i = 0; i < n * n; i++) {
      transposed[i % n * n + i / n] = u[i];
    }
    return transposed;
  }
}

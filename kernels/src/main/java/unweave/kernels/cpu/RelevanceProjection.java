package unweave.kernels.cpu;

import java.util.Arrays;

/**
 * {@link unweave.kernels.Subspaces#projectRelevance}: G = C U of a tile of rows, then per block G_k U_k^T, times the
 * activations.
 */
final class RelevanceProjection {
    private static final int TILE_ROWS = 64;

    private final PanelProduct product;
    private final int rows;
    private final int dimensions;
    private final int subspaces;
    private final Panels columns;
    private final float[] packed;
    private final float[] packedTranspose;

    /** Where the columns of a tile begin once it is transposed. */
    private final int[] transposedRows;

    RelevanceProjection(boolean vectors, int rows, int dimensions, int subspaces, float[] u) {
        product = PanelProduct.wide(vectors);
        this.rows = rows;
        this.dimensions = dimensions;
        this.subspaces = subspaces;
        columns = new Panels(dimensions, product.width());
        packed = columns.pack(dimensions, u);
        float[] transpose = new float[dimensions * dimensions];
        Transposition.transpose(dimensions, dimensions, u, 0, dimensions, transpose, 0, dimensions);
        packedTranspose = columns.pack(dimensions, transpose);
        transposedRows = new int[dimensions];
        Arrays.setAll(transposedRows, j -> j * TILE_ROWS);
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
        multiply(tileRows, dimensions, c, first * dimensions, dimensions, packed, 0, g);
        float[] projected = new float[tileRows * stride];
        int blockWidth = dimensions / subspaces;
        for (int k = 0; k < subspaces; k++) {
            multiply(tileRows, blockWidth, g, k * blockWidth, stride, packedTranspose, k * blockWidth, projected);
            for (int n = 0; n < tileRows; n++) {
                int from = (first + n) * dimensions;
                int to = (k * rows + first + n) * dimensions;
                for (int j = 0; j < dimensions; j++) {
                    out[to + j] = a[from + j] * projected[n * stride + j];
                }
            }
        }
    }

    /**
     * result = {@code depth} columns of left * as many rows of the packed matrix from {@code firstRow} on, all their
     * columns.
     */
    private void multiply(
            int tileRows,
            int depth,
            float[] left,
            int leftAt,
            int leftStride,
            float[] matrix,
            int firstRow,
            float[] result) {
        float[] transposed = new float[depth * TILE_ROWS];
        Transposition.transpose(tileRows, depth, left, leftAt, leftStride, transposed, 0, TILE_ROWS);
        for (int panel = 0; panel < columns.count(); panel++) {
            int rightAt = (panel * dimensions + firstRow) * columns.width();
            product.multiply(
                    tileRows,
                    transposedRows,
                    depth,
                    transposed,
                    0,
                    matrix,
                    rightAt,
                    result,
                    panel * columns.width(),
                    columns.padded());
        }
    }
}

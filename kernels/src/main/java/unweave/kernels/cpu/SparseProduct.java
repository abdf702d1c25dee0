package unweave.kernels.cpu;

import java.util.Arrays;

/**
 * The products of {@link SubspaceGradient} where most values of A and C are zero. This is the scalar twin of
 * {@link VectorSparseProduct}. The other matrices are panels as {@link PanelProduct} takes them, and the places of the
 * rows are columns times the width of a panel.
 */
class SparseProduct {
    private static final int WIDTH = 16;

    /** The products with SIMD if {@code vectors}, else their scalar twin. */
    static SparseProduct choose(boolean vectors) {
        return vectors ? new VectorSparseProduct() : new SparseProduct();
    }

    /** Columns of a panel. */
    int width() {
        return WIDTH;
    }

    /** Panels of U that are multiplied together. */
    int panelsAtOnce() {
        return 1;
    }

    /**
     * Some columns of H = A U and G = C U.
     *
     * @param firstRow the first of the rows taken from {@code x}
     * @param u the first of {@link #panelsAtOnce} panels begins at {@code panel}, the next {@code panelSize} behind it
     * @param h row n lies at to + n * stride
     * @param g as h
     */
    void project(
            SparseRows x,
            int firstRow,
            int rows,
            float[] u,
            int panel,
            int panelSize,
            float[] h,
            float[] g,
            int to,
            int stride) {
        for (int n = 0; n < rows; n++) {
            int at = to + n * stride;
            Arrays.fill(h, at, at + WIDTH, 0f);
            Arrays.fill(g, at, at + WIDTH, 0f);
            for (int entry = x.begin(firstRow + n); entry < x.begin(firstRow + n + 1); entry++) {
                int row = panel + x.places()[entry];
                addMultiple(x.a()[entry], u, row, h, at);
                addMultiple(x.c()[entry], u, row, g, at);
            }
        }
    }

    /**
     * Adds one panel of a gradient: for each i &lt; count, with n = positive[i], A[n]^T (r g)[i] + C[n]^T (r h)[i].
     *
     * @param firstRow the row of {@code x} that n = 0 is
     * @param weighed the panel's columns of r g and r h: those of row i begin at i * 2 * width, first g, then h
     * @param sum the panel begins at {@code panel}
     */
    void addGradient(SparseRows x, int firstRow, int[] positive, int count, float[] weighed, float[] sum, int panel) {
        for (int i = 0; i < count; i++) {
            int n = firstRow + positive[i];
            for (int entry = x.begin(n); entry < x.begin(n + 1); entry++) {
                int to = panel + x.places()[entry];
                addMultiple(x.c()[entry], weighed, (2 * i + 1) * WIDTH, sum, to);
                addMultiple(x.a()[entry], weighed, 2 * i * WIDTH, sum, to);
            }
        }
    }

    private static void addMultiple(float factor, float[] x, int at, float[] sum, int to) {
        for (int w = 0; w < WIDTH; w++) {
            sum[to + w] += factor * x[at + w];
        }
    }
}

package unweave.kernels.cpu;

import java.util.Arrays;

/**
 * Products of small matrices whose right factor is a panel: rows of {@link #width} columns, one after the other. This
 * is the scalar twin of {@link VectorPanelProduct}, which holds some rows of the result in registers.
 */
class PanelProduct {
    /** The product with panels of two vectors if {@code vectors}, else its scalar twin. */
    static PanelProduct wide(boolean vectors) {
        return vectors ? new VectorPanelProduct(2) : new PanelProduct();
    }

    /** The product with panels of one vector if {@code vectors}, else its scalar twin. */
    static PanelProduct narrow(boolean vectors) {
        return vectors ? new VectorPanelProduct(1) : new PanelProduct();
    }

    /** Columns of a panel. */
    int width() {
        return 16;
    }

    /** Rows of the result that are computed together. */
    int rows() {
        return 8;
    }

    /**
     * out[j, w] = sum over p &lt; depth: left[leftRows[p] + leftAt + j] * right[p, w], for j &lt; columns and w &lt;
     * width: some columns of some rows of the left matrix, transposed, times the panel.
     *
     * @param right a panel that begins at {@code rightAt}; its row p lies at rightAt + p * width
     * @param out row j lies at outAt + j * outStride
     */
    void multiply(
            int columns,
            int[] leftRows,
            int depth,
            float[] left,
            int leftAt,
            float[] right,
            int rightAt,
            float[] out,
            int outAt,
            int outStride) {
        int width = width();
        for (int j = 0; j < columns; j++) {
            int to = outAt + j * outStride;
            Arrays.fill(out, to, to + width, 0f);
            for (int p = 0; p < depth; p++) {
                addMultiple(width, left[leftRows[p] + leftAt + j], right, rightAt + p * width, out, to);
            }
        }
    }

    private static void addMultiple(int width, float factor, float[] x, int at, float[] out, int to) {
        for (int w = 0; w < width; w++) {
            out[to + w] += factor * x[at + w];
        }
    }
}

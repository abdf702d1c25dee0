package unweave.kernels.cpu;

import java.util.Arrays;

/**
 * Products of small matrices whose right factor is a panel: rows of {@link #width} columns, one after the other. This is the scalar twin of
 * {@link VectorPanelProduct} and {@link NarrowVectorPanelProduct}, which hold some rows of the result in registers.
 */
class PanelProduct {
  /** The product with panels of two vectors if {@code vectors}, else its scalar twin. */
  static PanelProduct wide(boolean vectors) {
    return vectors ? new VectorPanelProduct() : new PanelProduct();
  }

  /** The product with panels of one vector if {@code vectors}, else its scalar twin. */
  static PanelProduct narrow(boolean vectors) {
    return vectors ? new NarrowVectorPanelProduct() : new PanelProduct();
  }

  /** Columns of a panel. */
  int width() {
    return 16;
  }

  /**
   * out[r, w] = sum over p &lt; depth: left[r, p] * right[p, w], for r &lt; rows and w &lt; width.
   *
   * @param left row r lies at leftAt + r * leftStride
   * @param right a panel that begins at {@code rightAt}; its row p lies at rightAt + p * width
   * @param out row r lies at outAt + r * outStride
   */
  void multiply(int rows, int depth, float[] left, int leftAt, int leftStride, float[] right, int rightAt, float[] out, int outAt,
      int outStride) {
    int width = width();
    for (int r = 0; r < rows; r++) {
      int to = outAt + r * outStride;
      Arrays.fill(out, to, to + width, 0f);
      for (int p = 0; p < depth; p++) {
        addMultiple(width, left[leftAt + r * leftStride + p], right, rightAt + p * width, out, to);
      }
    }
  }

  /**
   * out[j, w] += sum over p &lt; depth: left[leftRows[p] + j] * right[p, w], for j &lt; columns and w &lt; width: the transpose of some rows of
   * the left matrix times the panel.
   *
   * @param leftRows where the rows of the left matrix begin that take part
   * @param right a panel that begins at {@code rightAt}; its row p lies at rightAt + p * width
   * @param out row j lies at outAt + j * width
   */
  void addTransposed(int columns, int[] leftRows, int depth, float[] left, float[] right, int rightAt, float[] out, int outAt) {
    int width = width();
    for (int p = 0; p < depth; p++) {
      for (int j = 0; j < columns; j++) {
        addMultiple(width, left[leftRows[p] + j], right, rightAt + p * width, out, outAt + j * width);
      }
    }
  }

  private static void addMultiple(int width, float factor, float[] x, int at, float[] out, int to) {
    for (int w = 0; w < width; w++) {
      out[to + w] += factor * x[at + w];
    }
  }
}

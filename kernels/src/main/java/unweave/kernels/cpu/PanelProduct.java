package unweave.kernels.cpu;

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

  /** Where the left factor's value of row r and step p lies: values[at + r * rowStride + p * stepStride]. */
  record Left(float[] values, int at, int rowStride, int stepStride) {}

  /** The steps of the inner dimension that take part: the first {@code count} of {@code indices}. */
  record Steps(int[] indices, int count) {
    /** 0, 1, ..., count - 1. */
    static Steps all(int count) {
      int[] indices = new int[count];
      for (int i = 0; i < count; i++) {
        indices[i] = i;
      }
      return new Steps(indices, count);
    }
  }

  /** Columns of a panel. */
  int width() {
    return 16;
  }

  /**
   * out[r, w] += sum over steps p: left[r, p] * right[p, w], for r &lt; rows and w &lt; width.
   *
   * @param right a panel that begins at {@code rightAt}; its row p lies at rightAt + p * width
   * @param out row r lies at outAt + r * outStride
   */
  void add(int rows, Steps steps, Left left, float[] right, int rightAt, float[] out, int outAt, int outStride) {
    int width = width();
    for (int r = 0; r < rows; r++) {
      int to = outAt + r * outStride;
      for (int s = 0; s < steps.count(); s++) {
        int p = steps.indices()[s];
        float factor = left.values()[left.at() + r * left.rowStride() + p * left.stepStride()];
        int from = rightAt + p * width;
        for (int w = 0; w < width; w++) {
          out[to + w] += factor * right[from + w];
        }
      }
    }
  }
}

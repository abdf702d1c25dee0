package unweave.kernels.cpu;

/**
 * A matrix product whose left factor is found through two tables,
 *
 * <pre>C[r, j] = bias[j] + sum over k &lt; depth: a[aStart + rowStart[firstRow + r] + offset[k]] * b[bStart + k * bStride + j].</pre>
 *
 * A matrix and its transpose fit this form, and so does a convolution: the rows are output pixels and k runs over taps and channels, or, for
 * the weight gradient, the rows are taps and channels and k runs over pixels. Fields are set by the caller; one object serves one thread.
 */
final class TableProduct {
  private final MicroKernel kernel;
  private final int panelColumns;
  private final float[] zeros;
  private final float[] partialBlock;

  float[] a;
  int aStart;
  int[] rowStart;
  /** The row of the table that is row 0 of C. */
  int firstRow;
  /** At least {@link #depth} values. */
  int[] offset;
  int depth;

  /** Rows of B from [bStart], bStride values apart. Every panel is read in full, see {@link #bPanelStride}. */
  float[] b;
  int bStart;
  int bStride;

  /** What the sums begin with, at [biasStart + j] for columns up to a whole panel. */
  float[] bias;
  int biasStart;

  TableProduct(MicroKernel kernel) {
    this.kernel = kernel;
    panelColumns = 2 * kernel.lanes();
    zeros = new float[panelColumns];
    partialBlock = new float[panelColumns * Math.max(kernel.wideRows(), kernel.narrowRows())];
  }

  /** Sets the bias to zero; {@link #biasStart} must then stay 0. */
  void noBias() {
    bias = zeros;
    biasStart = 0;
  }

  /**
   * Computes the columns of one panel for {@code rows} rows.
   *
   * @param columns 1 to 2 * lanes; B and bias must be readable up to the next multiple of the lanes
   * @param c receives C[r, j] at [cStart + r * cStride + j]; nothing else of it is touched
   */
  void multiplyPanel(int rows, int columns, MicroKernel.Epilogue epilogue, float[] c, int cStart, int cStride) {
    int lanes = kernel.lanes();
    boolean wide = columns > lanes;
    int step = wide ? kernel.wideRows() : kernel.narrowRows();
    boolean whole = columns == (wide ? panelColumns : lanes);
    for (int row = 0; row < rows; row += step) {
      int blockRows = Math.min(step, rows - row);
      int target = cStart + row * cStride;
      if (whole) {
        multiplyBlock(wide, row, blockRows, epilogue, c, target, cStride);
      } else {
        boolean add = epilogue == MicroKernel.Epilogue.ADD;
        multiplyBlock(wide, row, blockRows, add ? MicroKernel.Epilogue.STORE : epilogue, partialBlock, 0, panelColumns);
        copyPartialBlock(blockRows, columns, add, c, target, cStride);
      }
    }
  }

  private void multiplyBlock(boolean wide, int row, int rows, MicroKernel.Epilogue epilogue, float[] c, int cStart, int cStride) {
    if (wide) {
      kernel.multiplyWide(this, firstRow + row, rows, epilogue, c, cStart, cStride);
    } else {
      kernel.multiplyNarrow(this, firstRow + row, rows, epilogue, c, cStart, cStride);
    }
  }

  private void copyPartialBlock(int rows, int columns, boolean add, float[] c, int cStart, int cStride) {
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < columns; j++) {
        float sum = partialBlock[r * panelColumns + j];
        int i = cStart + r * cStride + j;
        c[i] = add ? c[i] + sum : sum;
      }
    }
  }
}

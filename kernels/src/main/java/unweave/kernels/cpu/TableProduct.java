package unweave.kernels.cpu;

/**
 * A matrix product whose left factor is found through two tables,
 *
 * <pre>C[r, j] = max(floor, bias[j] + sum over k &lt; depth: a[aStart + rowStart[r] + offset[k]] * b[bStart + k * bStride + j]).</pre>
 *
 * A matrix and its transpose fit this form, and so does a convolution: the rows are output pixels and k runs over taps and channels, or, for
 * the weight gradient, the rows are taps and channels and k runs over pixels. Fields are set by the caller; one object serves one thread.
 */
final class TableProduct {
  private final MicroKernel kernel;
  private final int panelColumns;
  private final float[] zeros;
  private final float[] block;

  float[] a;
  int aStart;
  int[] rowStart;
  /** The row of the table that is row 0 of C. */
  int firstRow;
  /** At least {@link #depth} values. */
  int[] offset;
  int depth;

  /** Rows of B from [bStart], bStride values apart; readable for columns up to the next multiple of the lanes. */
  float[] b;
  int bStart;
  int bStride;

  /** What the sums begin with, at [biasStart + j]; readable as B is. */
  float[] bias;
  int biasStart;

  /** 0 for a ReLU, minus infinity for none. NaN stays NaN with either. */
  float floor;

  /** A product without bias and ReLU, its factors still to be set. */
  TableProduct(MicroKernel kernel) {
    this.kernel = kernel;
    panelColumns = 2 * kernel.lanes();
    zeros = new float[panelColumns];
    block = new float[panelColumns * Math.max(kernel.wideRows(), kernel.narrowRows())];
    clear();
  }

  /** Forgets factors, bias and ReLU. */
  void clear() {
    a = null;
    aStart = 0;
    rowStart = null;
    firstRow = 0;
    offset = null;
    depth = 0;
    b = null;
    bStart = 0;
    bStride = 0;
    bias = zeros;
    biasStart = 0;
    floor = Float.NEGATIVE_INFINITY;
  }

  /**
   * Computes up to two vectors of columns for {@code rows} rows.
   *
   * @param columns 1 to 2 * lanes
   * @param add whether the product is added to C, instead of overwriting it
   * @param c receives C[r, j] at [cStart + r * cStride + j]; nothing else of it is touched
   */
  void multiplyPanel(int rows, int columns, boolean add, float[] c, int cStart, int cStride) {
    int lanes = kernel.lanes();
    boolean wide = columns > lanes;
    int step = wide ? kernel.wideRows() : kernel.narrowRows();
    boolean inPlace = !add && columns == (wide ? panelColumns : lanes);
    for (int row = 0; row < rows; row += step) {
      int blockRows = Math.min(step, rows - row);
      int target = cStart + row * cStride;
      if (inPlace) {
        multiplyBlock(wide, firstRow + row, blockRows, c, target, cStride);
      } else {
        multiplyBlock(wide, firstRow + row, blockRows, block, 0, panelColumns);
        moveBlock(blockRows, columns, add, c, target, cStride);
      }
    }
  }

  /**
   * Sums the first {@link #depth} rows of B.
   *
   * @param columns 1 to 2 * lanes
   * @param add whether the sums are added to C, instead of overwriting it
   * @param c receives the sum of column j at [cStart + j]
   */
  void sumPanel(int columns, boolean add, float[] c, int cStart) {
    kernel.sumRows(this, block, 0);
    if (columns > kernel.lanes()) {
      bStart += kernel.lanes();
      kernel.sumRows(this, block, kernel.lanes());
      bStart -= kernel.lanes();
    }
    moveBlock(1, columns, add, c, cStart, 0);
  }

  private void multiplyBlock(boolean wide, int row, int rows, float[] c, int cStart, int cStride) {
    if (wide) {
      kernel.multiplyWide(this, row, rows, c, cStart, cStride);
    } else {
      kernel.multiplyNarrow(this, row, rows, c, cStart, cStride);
    }
  }

  private void moveBlock(int rows, int columns, boolean add, float[] c, int cStart, int cStride) {
    for (int r = 0; r < rows; r++) {
      int from = r * panelColumns;
      int to = cStart + r * cStride;
      if (add) {
        for (int j = 0; j < columns; j++) {
          c[to + j] += block[from + j];
        }
      } else {
        System.arraycopy(block, from, c, to, columns);
      }
    }
  }
}

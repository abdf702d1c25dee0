package unweave.kernels.cpu;

import java.util.Arrays;

/** {@link MicroKernel} in plain Java, the scalar twin. */
final class ScalarMicroKernel implements MicroKernel {
  private static final int LANES = 8;

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public int wideRows() {
    return 1;
  }

  @Override
  public int narrowRows() {
    return 1;
  }

  @Override
  public void multiplyWide(TableProduct product, int row, int rows, float[] c, int cStart, int cStride) {
    multiply(product, row, 2 * LANES, c, cStart);
  }

  @Override
  public void multiplyNarrow(TableProduct product, int row, int rows, float[] c, int cStart, int cStride) {
    multiply(product, row, LANES, c, cStart);
  }

  @Override
  public void sumRows(TableProduct product, float[] c, int cStart) {
    Arrays.fill(c, cStart, cStart + LANES, 0f);
    for (int k = 0; k < product.depth; k++) {
      for (int j = 0; j < LANES; j++) {
        c[cStart + j] += product.b[product.bStart + k * product.bStride + j];
      }
    }
  }

  private static void multiply(TableProduct product, int row, int columns, float[] c, int cStart) {
    int aStart = product.aStart + product.rowStart[row];
    System.arraycopy(product.bias, product.biasStart, c, cStart, columns);
    for (int k = 0; k < product.depth; k++) {
      float x = product.a[aStart + product.offset[k]];
      int bRow = product.bStart + k * product.bStride;
      for (int j = 0; j < columns; j++) {
        c[cStart + j] += x * product.b[bRow + j];
      }
    }
    for (int j = 0; j < columns; j++) {
      c[cStart + j] = Math.max(c[cStart + j], product.floor);
    }
  }
}

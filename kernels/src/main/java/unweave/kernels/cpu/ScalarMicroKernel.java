package unweave.kernels.cpu;

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
  public void multiplyWide(TableProduct product, int row, int rows, Epilogue epilogue, float[] c, int cStart, int cStride) {
    multiply(product, row, 2 * LANES, epilogue, c, cStart);
  }

  @Override
  public void multiplyNarrow(TableProduct product, int row, int rows, Epilogue epilogue, float[] c, int cStart, int cStride) {
    multiply(product, row, LANES, epilogue, c, cStart);
  }

  private static void multiply(TableProduct product, int row, int columns, Epilogue epilogue, float[] c, int cStart) {
    int aStart = product.aStart + product.rowStart[row];
    float[] sums = new float[2 * LANES];
    System.arraycopy(product.bias, product.biasStart, sums, 0, columns);
    for (int k = 0; k < product.depth; k++) {
      float x = product.a[aStart + product.offset[k]];
      int bRow = product.bStart + k * product.bStride;
      for (int j = 0; j < columns; j++) {
        sums[j] += x * product.b[bRow + j];
      }
    }
    for (int j = 0; j < columns; j++) {
      switch (epilogue) {
        case STORE -> c[cStart + j] = sums[j];
        case RELU -> c[cStart + j] = Math.max(sums[j], 0f);
        case ADD -> c[cStart + j] += sums[j];
      }
    }
  }
}

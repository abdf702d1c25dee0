package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link MicroKernel} with the Vector API. Twelve sums stay in registers: enough independent fused multiply-adds to hide their latency, few
 * enough for the sixteen vector registers of AVX2.
 *
 * <p>The sums are local variables of one flat loop per method, written out, on purpose: C2 of JDK 17 moves vectors to the heap when they live
 * across an outer loop or in an array, which costs a factor of twenty.
 */
final class VectorMicroKernel implements MicroKernel {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOATS;
  private static final int LANES = SPECIES.length();

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public int wideRows() {
    return 6;
  }

  @Override
  public int narrowRows() {
    return 12;
  }

  @Override
  public void multiplyWide(TableProduct product, int row, int rows, Epilogue epilogue, float[] c, int cStart, int cStride) {
    float[] a = product.a;
    float[] b = product.b;
    int[] offset = product.offset;
    int[] rowStart = product.rowStart;
    int depth = product.depth;
    int bStride = product.bStride;
    int last = rows - 1;
    int a0 = product.aStart + rowStart[row];
    int a1 = product.aStart + rowStart[row + Math.min(1, last)];
    int a2 = product.aStart + rowStart[row + Math.min(2, last)];
    int a3 = product.aStart + rowStart[row + Math.min(3, last)];
    int a4 = product.aStart + rowStart[row + Math.min(4, last)];
    int a5 = product.aStart + rowStart[row + Math.min(5, last)];
    FloatVector left = FloatVector.fromArray(SPECIES, product.bias, product.biasStart);
    FloatVector right = FloatVector.fromArray(SPECIES, product.bias, product.biasStart + LANES);
    FloatVector l0 = left, l1 = left, l2 = left, l3 = left, l4 = left, l5 = left;
    FloatVector r0 = right, r1 = right, r2 = right, r3 = right, r4 = right, r5 = right;
    for (int k = 0, i = product.bStart; k < depth; k++, i += bStride) {
      int o = offset[k];
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, i);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, i + LANES);
      FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + o]);
      l0 = x0.fma(b0, l0);
      r0 = x0.fma(b1, r0);
      FloatVector x1 = FloatVector.broadcast(SPECIES, a[a1 + o]);
      l1 = x1.fma(b0, l1);
      r1 = x1.fma(b1, r1);
      FloatVector x2 = FloatVector.broadcast(SPECIES, a[a2 + o]);
      l2 = x2.fma(b0, l2);
      r2 = x2.fma(b1, r2);
      FloatVector x3 = FloatVector.broadcast(SPECIES, a[a3 + o]);
      l3 = x3.fma(b0, l3);
      r3 = x3.fma(b1, r3);
      FloatVector x4 = FloatVector.broadcast(SPECIES, a[a4 + o]);
      l4 = x4.fma(b0, l4);
      r4 = x4.fma(b1, r4);
      FloatVector x5 = FloatVector.broadcast(SPECIES, a[a5 + o]);
      l5 = x5.fma(b0, l5);
      r5 = x5.fma(b1, r5);
    }
    store(l0, r0, epilogue, c, cStart);
    if (rows > 1) {
      store(l1, r1, epilogue, c, cStart + cStride);
    }
    if (rows > 2) {
      store(l2, r2, epilogue, c, cStart + 2 * cStride);
    }
    if (rows > 3) {
      store(l3, r3, epilogue, c, cStart + 3 * cStride);
    }
    if (rows > 4) {
      store(l4, r4, epilogue, c, cStart + 4 * cStride);
    }
    if (rows > 5) {
      store(l5, r5, epilogue, c, cStart + 5 * cStride);
    }
  }

  @Override
  public void multiplyNarrow(TableProduct product, int row, int rows, Epilogue epilogue, float[] c, int cStart, int cStride) {
    float[] a = product.a;
    float[] b = product.b;
    int[] offset = product.offset;
    int[] rowStart = product.rowStart;
    int depth = product.depth;
    int bStride = product.bStride;
    int last = rows - 1;
    int a0 = product.aStart + rowStart[row];
    int a1 = product.aStart + rowStart[row + Math.min(1, last)];
    int a2 = product.aStart + rowStart[row + Math.min(2, last)];
    int a3 = product.aStart + rowStart[row + Math.min(3, last)];
    int a4 = product.aStart + rowStart[row + Math.min(4, last)];
    int a5 = product.aStart + rowStart[row + Math.min(5, last)];
    int a6 = product.aStart + rowStart[row + Math.min(6, last)];
    int a7 = product.aStart + rowStart[row + Math.min(7, last)];
    int a8 = product.aStart + rowStart[row + Math.min(8, last)];
    int a9 = product.aStart + rowStart[row + Math.min(9, last)];
    int a10 = product.aStart + rowStart[row + Math.min(10, last)];
    int a11 = product.aStart + rowStart[row + Math.min(11, last)];
    FloatVector bias = FloatVector.fromArray(SPECIES, product.bias, product.biasStart);
    FloatVector s0 = bias, s1 = bias, s2 = bias, s3 = bias, s4 = bias, s5 = bias;
    FloatVector s6 = bias, s7 = bias, s8 = bias, s9 = bias, s10 = bias, s11 = bias;
    for (int k = 0, i = product.bStart; k < depth; k++, i += bStride) {
      int o = offset[k];
      FloatVector y = FloatVector.fromArray(SPECIES, b, i);
      s0 = FloatVector.broadcast(SPECIES, a[a0 + o]).fma(y, s0);
      s1 = FloatVector.broadcast(SPECIES, a[a1 + o]).fma(y, s1);
      s2 = FloatVector.broadcast(SPECIES, a[a2 + o]).fma(y, s2);
      s3 = FloatVector.broadcast(SPECIES, a[a3 + o]).fma(y, s3);
      s4 = FloatVector.broadcast(SPECIES, a[a4 + o]).fma(y, s4);
      s5 = FloatVector.broadcast(SPECIES, a[a5 + o]).fma(y, s5);
      s6 = FloatVector.broadcast(SPECIES, a[a6 + o]).fma(y, s6);
      s7 = FloatVector.broadcast(SPECIES, a[a7 + o]).fma(y, s7);
      s8 = FloatVector.broadcast(SPECIES, a[a8 + o]).fma(y, s8);
      s9 = FloatVector.broadcast(SPECIES, a[a9 + o]).fma(y, s9);
      s10 = FloatVector.broadcast(SPECIES, a[a10 + o]).fma(y, s10);
      s11 = FloatVector.broadcast(SPECIES, a[a11 + o]).fma(y, s11);
    }
    store(s0, epilogue, c, cStart);
    if (rows > 1) {
      store(s1, epilogue, c, cStart + cStride);
    }
    if (rows > 2) {
      store(s2, epilogue, c, cStart + 2 * cStride);
    }
    if (rows > 3) {
      store(s3, epilogue, c, cStart + 3 * cStride);
    }
    if (rows > 4) {
      store(s4, epilogue, c, cStart + 4 * cStride);
    }
    if (rows > 5) {
      store(s5, epilogue, c, cStart + 5 * cStride);
    }
    if (rows > 6) {
      store(s6, epilogue, c, cStart + 6 * cStride);
    }
    if (rows > 7) {
      store(s7, epilogue, c, cStart + 7 * cStride);
    }
    if (rows > 8) {
      store(s8, epilogue, c, cStart + 8 * cStride);
    }
    if (rows > 9) {
      store(s9, epilogue, c, cStart + 9 * cStride);
    }
    if (rows > 10) {
      store(s10, epilogue, c, cStart + 10 * cStride);
    }
    if (rows > 11) {
      store(s11, epilogue, c, cStart + 11 * cStride);
    }
  }

  private static void store(FloatVector left, FloatVector right, Epilogue epilogue, float[] c, int i) {
    store(left, epilogue, c, i);
    store(right, epilogue, c, i + LANES);
  }

  private static void store(FloatVector sum, Epilogue epilogue, float[] c, int i) {
    if (epilogue == Epilogue.STORE) {
      sum.intoArray(c, i);
    } else if (epilogue == Epilogue.RELU) {
      sum.max(0f).intoArray(c, i);
    } else {
      FloatVector.fromArray(SPECIES, c, i).add(sum).intoArray(c, i);
    }
  }
}

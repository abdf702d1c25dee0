package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link PanelProduct} with the Vector API for few columns: sixteen rows of one vector are summed in registers where there are 32 of these
 * (AVX-512), else eight. No method is called on the sums, for the reason given at {@link VectorPanelProduct}.
 */
final class NarrowVectorPanelProduct extends PanelProduct {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOATS;
  private static final int LANES = SPECIES.length();
  private static final int ROWS = LANES >= 16 ? 16 : 8;

  @Override
  int width() {
    return LANES;
  }

  @Override
  void multiply(int rows, int depth, float[] left, int leftAt, int leftStride, float[] right, int rightAt, float[] out, int outAt,
      int outStride) {
    if (rows < ROWS) {
      for (int r = 0; r < rows; r++) {
        multiplyOne(depth, left, leftAt + r * leftStride, right, rightAt, out, outAt + r * outStride);
      }
      return;
    }
    for (int r = 0; r < rows; r += ROWS) {
      int first = Math.min(r, rows - ROWS); // the last rows are computed twice where they do not fill a block
      if (ROWS == 16) {
        multiplySixteen(depth, left, leftAt + first * leftStride, leftStride, right, rightAt, out, outAt + first * outStride, outStride);
      } else {
        multiplyEight(depth, left, leftAt + first * leftStride, leftStride, right, rightAt, out, outAt + first * outStride, outStride);
      }
    }
  }

  @Override
  void addTransposed(int columns, int[] leftRows, int depth, float[] left, float[] right, int rightAt, float[] out, int outAt) {
    int j = 0;
    for (; j <= columns - ROWS; j += ROWS) {
      if (ROWS == 16) {
        addSixteen(leftRows, depth, left, j, right, rightAt, out, outAt + j * LANES);
      } else {
        addEight(leftRows, depth, left, j, right, rightAt, out, outAt + j * LANES);
      }
    }
    for (; j < columns; j++) {
      addOne(leftRows, depth, left, j, right, rightAt, out, outAt + j * LANES);
    }
  }

  private static void multiplySixteen(int depth, float[] left, int leftAt, int stride, float[] right, int rightAt, float[] out,
      int outAt, int outStride) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector s0 = zero, s1 = zero, s2 = zero, s3 = zero, s4 = zero, s5 = zero, s6 = zero, s7 = zero;
    FloatVector s8 = zero, s9 = zero, s10 = zero, s11 = zero, s12 = zero, s13 = zero, s14 = zero, s15 = zero;
    int row1 = leftAt + stride;
    int row2 = row1 + stride;
    int row3 = row2 + stride;
    int row4 = row3 + stride;
    int row5 = row4 + stride;
    int row6 = row5 + stride;
    int row7 = row6 + stride;
    int row8 = row7 + stride;
    int row9 = row8 + stride;
    int row10 = row9 + stride;
    int row11 = row10 + stride;
    int row12 = row11 + stride;
    int row13 = row12 + stride;
    int row14 = row13 + stride;
    int row15 = row14 + stride;
    for (int p = 0; p < depth; p++) {
      FloatVector row = load(right, rightAt + p * LANES);
      s0 = FloatVector.broadcast(SPECIES, left[leftAt + p]).fma(row, s0);
      s1 = FloatVector.broadcast(SPECIES, left[row1 + p]).fma(row, s1);
      s2 = FloatVector.broadcast(SPECIES, left[row2 + p]).fma(row, s2);
      s3 = FloatVector.broadcast(SPECIES, left[row3 + p]).fma(row, s3);
      s4 = FloatVector.broadcast(SPECIES, left[row4 + p]).fma(row, s4);
      s5 = FloatVector.broadcast(SPECIES, left[row5 + p]).fma(row, s5);
      s6 = FloatVector.broadcast(SPECIES, left[row6 + p]).fma(row, s6);
      s7 = FloatVector.broadcast(SPECIES, left[row7 + p]).fma(row, s7);
      s8 = FloatVector.broadcast(SPECIES, left[row8 + p]).fma(row, s8);
      s9 = FloatVector.broadcast(SPECIES, left[row9 + p]).fma(row, s9);
      s10 = FloatVector.broadcast(SPECIES, left[row10 + p]).fma(row, s10);
      s11 = FloatVector.broadcast(SPECIES, left[row11 + p]).fma(row, s11);
      s12 = FloatVector.broadcast(SPECIES, left[row12 + p]).fma(row, s12);
      s13 = FloatVector.broadcast(SPECIES, left[row13 + p]).fma(row, s13);
      s14 = FloatVector.broadcast(SPECIES, left[row14 + p]).fma(row, s14);
      s15 = FloatVector.broadcast(SPECIES, left[row15 + p]).fma(row, s15);
    }
    store(out, outAt, s0);
    store(out, outAt + outStride, s1);
    store(out, outAt + 2 * outStride, s2);
    store(out, outAt + 3 * outStride, s3);
    store(out, outAt + 4 * outStride, s4);
    store(out, outAt + 5 * outStride, s5);
    store(out, outAt + 6 * outStride, s6);
    store(out, outAt + 7 * outStride, s7);
    store(out, outAt + 8 * outStride, s8);
    store(out, outAt + 9 * outStride, s9);
    store(out, outAt + 10 * outStride, s10);
    store(out, outAt + 11 * outStride, s11);
    store(out, outAt + 12 * outStride, s12);
    store(out, outAt + 13 * outStride, s13);
    store(out, outAt + 14 * outStride, s14);
    store(out, outAt + 15 * outStride, s15);
  }

  private static void multiplyEight(int depth, float[] left, int leftAt, int stride, float[] right, int rightAt, float[] out,
      int outAt, int outStride) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector s0 = zero, s1 = zero, s2 = zero, s3 = zero, s4 = zero, s5 = zero, s6 = zero, s7 = zero;
    int row1 = leftAt + stride;
    int row2 = row1 + stride;
    int row3 = row2 + stride;
    int row4 = row3 + stride;
    int row5 = row4 + stride;
    int row6 = row5 + stride;
    int row7 = row6 + stride;
    for (int p = 0; p < depth; p++) {
      FloatVector row = load(right, rightAt + p * LANES);
      s0 = FloatVector.broadcast(SPECIES, left[leftAt + p]).fma(row, s0);
      s1 = FloatVector.broadcast(SPECIES, left[row1 + p]).fma(row, s1);
      s2 = FloatVector.broadcast(SPECIES, left[row2 + p]).fma(row, s2);
      s3 = FloatVector.broadcast(SPECIES, left[row3 + p]).fma(row, s3);
      s4 = FloatVector.broadcast(SPECIES, left[row4 + p]).fma(row, s4);
      s5 = FloatVector.broadcast(SPECIES, left[row5 + p]).fma(row, s5);
      s6 = FloatVector.broadcast(SPECIES, left[row6 + p]).fma(row, s6);
      s7 = FloatVector.broadcast(SPECIES, left[row7 + p]).fma(row, s7);
    }
    store(out, outAt, s0);
    store(out, outAt + outStride, s1);
    store(out, outAt + 2 * outStride, s2);
    store(out, outAt + 3 * outStride, s3);
    store(out, outAt + 4 * outStride, s4);
    store(out, outAt + 5 * outStride, s5);
    store(out, outAt + 6 * outStride, s6);
    store(out, outAt + 7 * outStride, s7);
  }

  private static void multiplyOne(int depth, float[] left, int leftAt, float[] right, int rightAt, float[] out,
      int outAt) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector s0 = zero;
    for (int p = 0; p < depth; p++) {
      FloatVector row = load(right, rightAt + p * LANES);
      s0 = FloatVector.broadcast(SPECIES, left[leftAt + p]).fma(row, s0);
    }
    store(out, outAt, s0);
  }

  private static void addSixteen(int[] leftRows, int depth, float[] left, int column, float[] right, int rightAt, float[] out,
      int outAt) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector s0 = zero, s1 = zero, s2 = zero, s3 = zero, s4 = zero, s5 = zero, s6 = zero, s7 = zero;
    FloatVector s8 = zero, s9 = zero, s10 = zero, s11 = zero, s12 = zero, s13 = zero, s14 = zero, s15 = zero;
    for (int p = 0; p < depth; p++) {
      int at = leftRows[p] + column;
      FloatVector row = load(right, rightAt + p * LANES);
      s0 = FloatVector.broadcast(SPECIES, left[at]).fma(row, s0);
      s1 = FloatVector.broadcast(SPECIES, left[at + 1]).fma(row, s1);
      s2 = FloatVector.broadcast(SPECIES, left[at + 2]).fma(row, s2);
      s3 = FloatVector.broadcast(SPECIES, left[at + 3]).fma(row, s3);
      s4 = FloatVector.broadcast(SPECIES, left[at + 4]).fma(row, s4);
      s5 = FloatVector.broadcast(SPECIES, left[at + 5]).fma(row, s5);
      s6 = FloatVector.broadcast(SPECIES, left[at + 6]).fma(row, s6);
      s7 = FloatVector.broadcast(SPECIES, left[at + 7]).fma(row, s7);
      s8 = FloatVector.broadcast(SPECIES, left[at + 8]).fma(row, s8);
      s9 = FloatVector.broadcast(SPECIES, left[at + 9]).fma(row, s9);
      s10 = FloatVector.broadcast(SPECIES, left[at + 10]).fma(row, s10);
      s11 = FloatVector.broadcast(SPECIES, left[at + 11]).fma(row, s11);
      s12 = FloatVector.broadcast(SPECIES, left[at + 12]).fma(row, s12);
      s13 = FloatVector.broadcast(SPECIES, left[at + 13]).fma(row, s13);
      s14 = FloatVector.broadcast(SPECIES, left[at + 14]).fma(row, s14);
      s15 = FloatVector.broadcast(SPECIES, left[at + 15]).fma(row, s15);
    }
    addTo(out, outAt, s0);
    addTo(out, outAt + LANES, s1);
    addTo(out, outAt + 2 * LANES, s2);
    addTo(out, outAt + 3 * LANES, s3);
    addTo(out, outAt + 4 * LANES, s4);
    addTo(out, outAt + 5 * LANES, s5);
    addTo(out, outAt + 6 * LANES, s6);
    addTo(out, outAt + 7 * LANES, s7);
    addTo(out, outAt + 8 * LANES, s8);
    addTo(out, outAt + 9 * LANES, s9);
    addTo(out, outAt + 10 * LANES, s10);
    addTo(out, outAt + 11 * LANES, s11);
    addTo(out, outAt + 12 * LANES, s12);
    addTo(out, outAt + 13 * LANES, s13);
    addTo(out, outAt + 14 * LANES, s14);
    addTo(out, outAt + 15 * LANES, s15);
  }

  private static void addEight(int[] leftRows, int depth, float[] left, int column, float[] right, int rightAt, float[] out,
      int outAt) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector s0 = zero, s1 = zero, s2 = zero, s3 = zero, s4 = zero, s5 = zero, s6 = zero, s7 = zero;
    for (int p = 0; p < depth; p++) {
      int at = leftRows[p] + column;
      FloatVector row = load(right, rightAt + p * LANES);
      s0 = FloatVector.broadcast(SPECIES, left[at]).fma(row, s0);
      s1 = FloatVector.broadcast(SPECIES, left[at + 1]).fma(row, s1);
      s2 = FloatVector.broadcast(SPECIES, left[at + 2]).fma(row, s2);
      s3 = FloatVector.broadcast(SPECIES, left[at + 3]).fma(row, s3);
      s4 = FloatVector.broadcast(SPECIES, left[at + 4]).fma(row, s4);
      s5 = FloatVector.broadcast(SPECIES, left[at + 5]).fma(row, s5);
      s6 = FloatVector.broadcast(SPECIES, left[at + 6]).fma(row, s6);
      s7 = FloatVector.broadcast(SPECIES, left[at + 7]).fma(row, s7);
    }
    addTo(out, outAt, s0);
    addTo(out, outAt + LANES, s1);
    addTo(out, outAt + 2 * LANES, s2);
    addTo(out, outAt + 3 * LANES, s3);
    addTo(out, outAt + 4 * LANES, s4);
    addTo(out, outAt + 5 * LANES, s5);
    addTo(out, outAt + 6 * LANES, s6);
    addTo(out, outAt + 7 * LANES, s7);
  }

  private static void addOne(int[] leftRows, int depth, float[] left, int column, float[] right, int rightAt, float[] out,
      int outAt) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector s0 = zero;
    for (int p = 0; p < depth; p++) {
      int at = leftRows[p] + column;
      FloatVector row = load(right, rightAt + p * LANES);
      s0 = FloatVector.broadcast(SPECIES, left[at]).fma(row, s0);
    }
    addTo(out, outAt, s0);
  }

  private static void store(float[] out, int at, FloatVector sum) {
    sum.intoArray(out, at);
  }

  private static void addTo(float[] out, int at, FloatVector sum) {
    load(out, at).add(sum).intoArray(out, at);
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }
}

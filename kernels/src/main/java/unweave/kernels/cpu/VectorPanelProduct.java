package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link PanelProduct} with the Vector API: eight rows of two vectors are summed in registers, with fused multiply-adds, where there are 32
 * registers (AVX-512), else four.
 *
 * <p>The sums that live across the loop are only ever arguments, and no method is called on them. C2 of JDK 17 finds the class of a vector
 * after a loop from the profile of the called method, which is shared by the whole process: as soon as vectors of another length are in use
 * anywhere, it would give up and move the sums to the heap, which costs a factor of ten.
 */
final class VectorPanelProduct extends PanelProduct {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOATS;
  private static final int LANES = SPECIES.length();
  private static final int WIDTH = 2 * LANES;
  private static final int ROWS = LANES >= 16 ? 8 : 4;

  @Override
  int width() {
    return WIDTH;
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
      if (ROWS == 8) {
        multiplyEight(depth, left, leftAt + first * leftStride, leftStride, right, rightAt, out, outAt + first * outStride, outStride);
      } else {
        multiplyFour(depth, left, leftAt + first * leftStride, leftStride, right, rightAt, out, outAt + first * outStride, outStride);
      }
    }
  }

  @Override
  void addTransposed(int columns, int[] leftRows, int depth, float[] left, float[] right, int rightAt, float[] out, int outAt) {
    int j = 0;
    for (; j <= columns - ROWS; j += ROWS) {
      if (ROWS == 8) {
        addEight(leftRows, depth, left, j, right, rightAt, out, outAt + j * WIDTH);
      } else {
        addFour(leftRows, depth, left, j, right, rightAt, out, outAt + j * WIDTH);
      }
    }
    for (; j < columns; j++) {
      addOne(leftRows, depth, left, j, right, rightAt, out, outAt + j * WIDTH);
    }
  }

  private static void multiplyEight(int depth, float[] left, int leftAt, int stride, float[] right, int rightAt, float[] out,
      int outAt, int outStride) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero, s30 = zero, s31 = zero;
    FloatVector s40 = zero, s41 = zero, s50 = zero, s51 = zero, s60 = zero, s61 = zero, s70 = zero, s71 = zero;
    int row1 = leftAt + stride;
    int row2 = row1 + stride;
    int row3 = row2 + stride;
    int row4 = row3 + stride;
    int row5 = row4 + stride;
    int row6 = row5 + stride;
    int row7 = row6 + stride;
    for (int p = 0; p < depth; p++) {
      FloatVector right0 = load(right, rightAt + p * WIDTH);
      FloatVector right1 = load(right, rightAt + p * WIDTH + LANES);
      FloatVector factor0 = FloatVector.broadcast(SPECIES, left[leftAt + p]);
      s00 = factor0.fma(right0, s00);
      s01 = factor0.fma(right1, s01);
      FloatVector factor1 = FloatVector.broadcast(SPECIES, left[row1 + p]);
      s10 = factor1.fma(right0, s10);
      s11 = factor1.fma(right1, s11);
      FloatVector factor2 = FloatVector.broadcast(SPECIES, left[row2 + p]);
      s20 = factor2.fma(right0, s20);
      s21 = factor2.fma(right1, s21);
      FloatVector factor3 = FloatVector.broadcast(SPECIES, left[row3 + p]);
      s30 = factor3.fma(right0, s30);
      s31 = factor3.fma(right1, s31);
      FloatVector factor4 = FloatVector.broadcast(SPECIES, left[row4 + p]);
      s40 = factor4.fma(right0, s40);
      s41 = factor4.fma(right1, s41);
      FloatVector factor5 = FloatVector.broadcast(SPECIES, left[row5 + p]);
      s50 = factor5.fma(right0, s50);
      s51 = factor5.fma(right1, s51);
      FloatVector factor6 = FloatVector.broadcast(SPECIES, left[row6 + p]);
      s60 = factor6.fma(right0, s60);
      s61 = factor6.fma(right1, s61);
      FloatVector factor7 = FloatVector.broadcast(SPECIES, left[row7 + p]);
      s70 = factor7.fma(right0, s70);
      s71 = factor7.fma(right1, s71);
    }
    store(out, outAt, s00);
    store(out, outAt + LANES, s01);
    store(out, outAt + outStride, s10);
    store(out, outAt + outStride + LANES, s11);
    store(out, outAt + 2 * outStride, s20);
    store(out, outAt + 2 * outStride + LANES, s21);
    store(out, outAt + 3 * outStride, s30);
    store(out, outAt + 3 * outStride + LANES, s31);
    store(out, outAt + 4 * outStride, s40);
    store(out, outAt + 4 * outStride + LANES, s41);
    store(out, outAt + 5 * outStride, s50);
    store(out, outAt + 5 * outStride + LANES, s51);
    store(out, outAt + 6 * outStride, s60);
    store(out, outAt + 6 * outStride + LANES, s61);
    store(out, outAt + 7 * outStride, s70);
    store(out, outAt + 7 * outStride + LANES, s71);
  }

  private static void multiplyFour(int depth, float[] left, int leftAt, int stride, float[] right, int rightAt, float[] out,
      int outAt, int outStride) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero, s30 = zero, s31 = zero;
    int row1 = leftAt + stride;
    int row2 = row1 + stride;
    int row3 = row2 + stride;
    for (int p = 0; p < depth; p++) {
      FloatVector right0 = load(right, rightAt + p * WIDTH);
      FloatVector right1 = load(right, rightAt + p * WIDTH + LANES);
      FloatVector factor0 = FloatVector.broadcast(SPECIES, left[leftAt + p]);
      s00 = factor0.fma(right0, s00);
      s01 = factor0.fma(right1, s01);
      FloatVector factor1 = FloatVector.broadcast(SPECIES, left[row1 + p]);
      s10 = factor1.fma(right0, s10);
      s11 = factor1.fma(right1, s11);
      FloatVector factor2 = FloatVector.broadcast(SPECIES, left[row2 + p]);
      s20 = factor2.fma(right0, s20);
      s21 = factor2.fma(right1, s21);
      FloatVector factor3 = FloatVector.broadcast(SPECIES, left[row3 + p]);
      s30 = factor3.fma(right0, s30);
      s31 = factor3.fma(right1, s31);
    }
    store(out, outAt, s00);
    store(out, outAt + LANES, s01);
    store(out, outAt + outStride, s10);
    store(out, outAt + outStride + LANES, s11);
    store(out, outAt + 2 * outStride, s20);
    store(out, outAt + 2 * outStride + LANES, s21);
    store(out, outAt + 3 * outStride, s30);
    store(out, outAt + 3 * outStride + LANES, s31);
  }

  private static void multiplyOne(int depth, float[] left, int leftAt, float[] right, int rightAt, float[] out,
      int outAt) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector s0 = zero, s1 = zero;
    for (int p = 0; p < depth; p++) {
      FloatVector right0 = load(right, rightAt + p * WIDTH);
      FloatVector right1 = load(right, rightAt + p * WIDTH + LANES);
      FloatVector factor0 = FloatVector.broadcast(SPECIES, left[leftAt + p]);
      s0 = factor0.fma(right0, s0);
      s1 = factor0.fma(right1, s1);
    }
    store(out, outAt, s0);
    store(out, outAt + LANES, s1);
  }

  private static void addEight(int[] leftRows, int depth, float[] left, int column, float[] right, int rightAt, float[] out,
      int outAt) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero, s30 = zero, s31 = zero;
    FloatVector s40 = zero, s41 = zero, s50 = zero, s51 = zero, s60 = zero, s61 = zero, s70 = zero, s71 = zero;
    for (int p = 0; p < depth; p++) {
      int at = leftRows[p] + column;
      FloatVector right0 = load(right, rightAt + p * WIDTH);
      FloatVector right1 = load(right, rightAt + p * WIDTH + LANES);
      FloatVector factor0 = FloatVector.broadcast(SPECIES, left[at]);
      s00 = factor0.fma(right0, s00);
      s01 = factor0.fma(right1, s01);
      FloatVector factor1 = FloatVector.broadcast(SPECIES, left[at + 1]);
      s10 = factor1.fma(right0, s10);
      s11 = factor1.fma(right1, s11);
      FloatVector factor2 = FloatVector.broadcast(SPECIES, left[at + 2]);
      s20 = factor2.fma(right0, s20);
      s21 = factor2.fma(right1, s21);
      FloatVector factor3 = FloatVector.broadcast(SPECIES, left[at + 3]);
      s30 = factor3.fma(right0, s30);
      s31 = factor3.fma(right1, s31);
      FloatVector factor4 = FloatVector.broadcast(SPECIES, left[at + 4]);
      s40 = factor4.fma(right0, s40);
      s41 = factor4.fma(right1, s41);
      FloatVector factor5 = FloatVector.broadcast(SPECIES, left[at + 5]);
      s50 = factor5.fma(right0, s50);
      s51 = factor5.fma(right1, s51);
      FloatVector factor6 = FloatVector.broadcast(SPECIES, left[at + 6]);
      s60 = factor6.fma(right0, s60);
      s61 = factor6.fma(right1, s61);
      FloatVector factor7 = FloatVector.broadcast(SPECIES, left[at + 7]);
      s70 = factor7.fma(right0, s70);
      s71 = factor7.fma(right1, s71);
    }
    addTo(out, outAt, s00);
    addTo(out, outAt + LANES, s01);
    addTo(out, outAt + WIDTH, s10);
    addTo(out, outAt + WIDTH + LANES, s11);
    addTo(out, outAt + 2 * WIDTH, s20);
    addTo(out, outAt + 2 * WIDTH + LANES, s21);
    addTo(out, outAt + 3 * WIDTH, s30);
    addTo(out, outAt + 3 * WIDTH + LANES, s31);
    addTo(out, outAt + 4 * WIDTH, s40);
    addTo(out, outAt + 4 * WIDTH + LANES, s41);
    addTo(out, outAt + 5 * WIDTH, s50);
    addTo(out, outAt + 5 * WIDTH + LANES, s51);
    addTo(out, outAt + 6 * WIDTH, s60);
    addTo(out, outAt + 6 * WIDTH + LANES, s61);
    addTo(out, outAt + 7 * WIDTH, s70);
    addTo(out, outAt + 7 * WIDTH + LANES, s71);
  }

  private static void addFour(int[] leftRows, int depth, float[] left, int column, float[] right, int rightAt, float[] out,
      int outAt) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero, s30 = zero, s31 = zero;
    for (int p = 0; p < depth; p++) {
      int at = leftRows[p] + column;
      FloatVector right0 = load(right, rightAt + p * WIDTH);
      FloatVector right1 = load(right, rightAt + p * WIDTH + LANES);
      FloatVector factor0 = FloatVector.broadcast(SPECIES, left[at]);
      s00 = factor0.fma(right0, s00);
      s01 = factor0.fma(right1, s01);
      FloatVector factor1 = FloatVector.broadcast(SPECIES, left[at + 1]);
      s10 = factor1.fma(right0, s10);
      s11 = factor1.fma(right1, s11);
      FloatVector factor2 = FloatVector.broadcast(SPECIES, left[at + 2]);
      s20 = factor2.fma(right0, s20);
      s21 = factor2.fma(right1, s21);
      FloatVector factor3 = FloatVector.broadcast(SPECIES, left[at + 3]);
      s30 = factor3.fma(right0, s30);
      s31 = factor3.fma(right1, s31);
    }
    addTo(out, outAt, s00);
    addTo(out, outAt + LANES, s01);
    addTo(out, outAt + WIDTH, s10);
    addTo(out, outAt + WIDTH + LANES, s11);
    addTo(out, outAt + 2 * WIDTH, s20);
    addTo(out, outAt + 2 * WIDTH + LANES, s21);
    addTo(out, outAt + 3 * WIDTH, s30);
    addTo(out, outAt + 3 * WIDTH + LANES, s31);
  }

  private static void addOne(int[] leftRows, int depth, float[] left, int column, float[] right, int rightAt, float[] out,
      int outAt) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector s0 = zero, s1 = zero;
    for (int p = 0; p < depth; p++) {
      int at = leftRows[p] + column;
      FloatVector right0 = load(right, rightAt + p * WIDTH);
      FloatVector right1 = load(right, rightAt + p * WIDTH + LANES);
      FloatVector factor0 = FloatVector.broadcast(SPECIES, left[at]);
      s0 = factor0.fma(right0, s0);
      s1 = factor0.fma(right1, s1);
    }
    addTo(out, outAt, s0);
    addTo(out, outAt + LANES, s1);
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

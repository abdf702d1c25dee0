package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link PanelProduct} with the Vector API: four rows of two vectors are summed in registers, with fused multiply-adds.
 *
 * <p>The sums that live across the loop are only ever arguments, and no method is called on them. C2 of JDK 17 finds the class of a vector
 * after a loop from the profile of the called method, which is shared by the whole process: as soon as vectors of another length are in use
 * anywhere, it would give up and move the sums to the heap, which costs a factor of ten.
 */
final class VectorPanelProduct extends PanelProduct {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOATS;
  private static final int LANES = SPECIES.length();
  private static final int WIDTH = 2 * LANES;

  @Override
  int width() {
    return WIDTH;
  }

  @Override
  void add(int rows, Steps steps, Left left, float[] right, int rightAt, float[] out, int outAt, int outStride) {
    int r = 0;
    for (; r <= rows - 4; r += 4) {
      addFour(steps.indices(), steps.count(), left.values(), left.at() + r * left.rowStride(), left.rowStride(), left.stepStride(),
          right, rightAt, out, outAt + r * outStride, outStride);
    }
    for (; r < rows; r++) {
      addOne(steps.indices(), steps.count(), left.values(), left.at() + r * left.rowStride(), left.stepStride(), right, rightAt, out,
          outAt + r * outStride);
    }
  }

  private static void addFour(int[] steps, int count, float[] left, int leftAt, int rowStride, int stepStride, float[] right, int rightAt,
      float[] out, int outAt, int outStride) {
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = FloatVector.zero(SPECIES);
    FloatVector s10 = FloatVector.zero(SPECIES);
    FloatVector s11 = FloatVector.zero(SPECIES);
    FloatVector s20 = FloatVector.zero(SPECIES);
    FloatVector s21 = FloatVector.zero(SPECIES);
    FloatVector s30 = FloatVector.zero(SPECIES);
    FloatVector s31 = FloatVector.zero(SPECIES);
    for (int i = 0; i < count; i++) {
      int p = steps[i];
      int at = leftAt + p * stepStride;
      FloatVector right0 = load(right, rightAt + p * WIDTH);
      FloatVector right1 = load(right, rightAt + p * WIDTH + LANES);
      FloatVector factor = FloatVector.broadcast(SPECIES, left[at]);
      s00 = factor.fma(right0, s00);
      s01 = factor.fma(right1, s01);
      factor = FloatVector.broadcast(SPECIES, left[at + rowStride]);
      s10 = factor.fma(right0, s10);
      s11 = factor.fma(right1, s11);
      factor = FloatVector.broadcast(SPECIES, left[at + 2 * rowStride]);
      s20 = factor.fma(right0, s20);
      s21 = factor.fma(right1, s21);
      factor = FloatVector.broadcast(SPECIES, left[at + 3 * rowStride]);
      s30 = factor.fma(right0, s30);
      s31 = factor.fma(right1, s31);
    }
    addTo(out, outAt, s00);
    addTo(out, outAt + LANES, s01);
    addTo(out, outAt + outStride, s10);
    addTo(out, outAt + outStride + LANES, s11);
    addTo(out, outAt + 2 * outStride, s20);
    addTo(out, outAt + 2 * outStride + LANES, s21);
    addTo(out, outAt + 3 * outStride, s30);
    addTo(out, outAt + 3 * outStride + LANES, s31);
  }

  private static void addOne(int[] steps, int count, float[] left, int leftAt, int stepStride, float[] right, int rightAt, float[] out,
      int outAt) {
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = FloatVector.zero(SPECIES);
    for (int i = 0; i < count; i++) {
      int p = steps[i];
      FloatVector factor = FloatVector.broadcast(SPECIES, left[leftAt + p * stepStride]);
      s0 = factor.fma(load(right, rightAt + p * WIDTH), s0);
      s1 = factor.fma(load(right, rightAt + p * WIDTH + LANES), s1);
    }
    addTo(out, outAt, s0);
    addTo(out, outAt + LANES, s1);
  }

  private static void addTo(float[] out, int at, FloatVector sum) {
    load(out, at).add(sum).intoArray(out, at);
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }
}

package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link PanelProduct} with the Vector API: four rows of two vectors are summed in registers, with fused multiply-adds. */
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
    FloatVector s00 = load(out, outAt);
    FloatVector s01 = load(out, outAt + LANES);
    FloatVector s10 = load(out, outAt + outStride);
    FloatVector s11 = load(out, outAt + outStride + LANES);
    FloatVector s20 = load(out, outAt + 2 * outStride);
    FloatVector s21 = load(out, outAt + 2 * outStride + LANES);
    FloatVector s30 = load(out, outAt + 3 * outStride);
    FloatVector s31 = load(out, outAt + 3 * outStride + LANES);
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
    s00.intoArray(out, outAt);
    s01.intoArray(out, outAt + LANES);
    s10.intoArray(out, outAt + outStride);
    s11.intoArray(out, outAt + outStride + LANES);
    s20.intoArray(out, outAt + 2 * outStride);
    s21.intoArray(out, outAt + 2 * outStride + LANES);
    s30.intoArray(out, outAt + 3 * outStride);
    s31.intoArray(out, outAt + 3 * outStride + LANES);
  }

  private static void addOne(int[] steps, int count, float[] left, int leftAt, int stepStride, float[] right, int rightAt, float[] out,
      int outAt) {
    FloatVector s0 = load(out, outAt);
    FloatVector s1 = load(out, outAt + LANES);
    for (int i = 0; i < count; i++) {
      int p = steps[i];
      FloatVector factor = FloatVector.broadcast(SPECIES, left[leftAt + p * stepStride]);
      s0 = factor.fma(load(right, rightAt + p * WIDTH), s0);
      s1 = factor.fma(load(right, rightAt + p * WIDTH + LANES), s1);
    }
    s0.intoArray(out, outAt);
    s1.intoArray(out, outAt + LANES);
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }
}

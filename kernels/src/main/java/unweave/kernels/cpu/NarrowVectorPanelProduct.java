package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link PanelProduct} with the Vector API for few columns: eight rows of one vector are summed in registers. No method is called on the sums,
 * for the reason given at {@link VectorPanelProduct}.
 */
final class NarrowVectorPanelProduct extends PanelProduct {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOATS;
  private static final int LANES = SPECIES.length();

  @Override
  int width() {
    return LANES;
  }

  @Override
  void add(int rows, Steps steps, Left left, float[] right, int rightAt, float[] out, int outAt, int outStride) {
    int r = 0;
    for (; r <= rows - 8; r += 8) {
      addEight(steps.indices(), steps.count(), left.values(), left.at() + r * left.rowStride(), left.rowStride(), left.stepStride(), right,
          rightAt, out, outAt + r * outStride, outStride);
    }
    for (; r < rows; r++) {
      addOne(steps.indices(), steps.count(), left.values(), left.at() + r * left.rowStride(), left.stepStride(), right, rightAt, out,
          outAt + r * outStride);
    }
  }

  private static void addEight(int[] steps, int count, float[] left, int leftAt, int rowStride, int stepStride, float[] right, int rightAt,
      float[] out, int outAt, int outStride) {
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = FloatVector.zero(SPECIES);
    FloatVector s2 = FloatVector.zero(SPECIES);
    FloatVector s3 = FloatVector.zero(SPECIES);
    FloatVector s4 = FloatVector.zero(SPECIES);
    FloatVector s5 = FloatVector.zero(SPECIES);
    FloatVector s6 = FloatVector.zero(SPECIES);
    FloatVector s7 = FloatVector.zero(SPECIES);
    for (int i = 0; i < count; i++) {
      int p = steps[i];
      int at = leftAt + p * stepStride;
      FloatVector row = load(right, rightAt + p * LANES);
      s0 = FloatVector.broadcast(SPECIES, left[at]).fma(row, s0);
      s1 = FloatVector.broadcast(SPECIES, left[at + rowStride]).fma(row, s1);
      s2 = FloatVector.broadcast(SPECIES, left[at + 2 * rowStride]).fma(row, s2);
      s3 = FloatVector.broadcast(SPECIES, left[at + 3 * rowStride]).fma(row, s3);
      s4 = FloatVector.broadcast(SPECIES, left[at + 4 * rowStride]).fma(row, s4);
      s5 = FloatVector.broadcast(SPECIES, left[at + 5 * rowStride]).fma(row, s5);
      s6 = FloatVector.broadcast(SPECIES, left[at + 6 * rowStride]).fma(row, s6);
      s7 = FloatVector.broadcast(SPECIES, left[at + 7 * rowStride]).fma(row, s7);
    }
    addTo(out, outAt, s0);
    addTo(out, outAt + outStride, s1);
    addTo(out, outAt + 2 * outStride, s2);
    addTo(out, outAt + 3 * outStride, s3);
    addTo(out, outAt + 4 * outStride, s4);
    addTo(out, outAt + 5 * outStride, s5);
    addTo(out, outAt + 6 * outStride, s6);
    addTo(out, outAt + 7 * outStride, s7);
  }

  private static void addOne(int[] steps, int count, float[] left, int leftAt, int stepStride, float[] right, int rightAt, float[] out,
      int outAt) {
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = 0; i < count; i++) {
      int p = steps[i];
      sum = FloatVector.broadcast(SPECIES, left[leftAt + p * stepStride]).fma(load(right, rightAt + p * LANES), sum);
    }
    addTo(out, outAt, sum);
  }

  private static void addTo(float[] out, int at, FloatVector sum) {
    load(out, at).add(sum).intoArray(out, at);
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }
}

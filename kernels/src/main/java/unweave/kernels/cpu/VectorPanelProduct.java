package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link PanelProduct} with the Vector API: eight rows of two vectors are summed in registers, with fused
 * multiply-adds, where there are 32 registers (AVX-512), else four.
 *
 * <p>The sums that live across the loop are only ever arguments, and no method is called on them. C2 of JDK 17 finds
 * the class of a vector after a loop from the profile of the called method, which is shared by the whole process: as
 * soon as vectors of another length are in use anywhere, it would give up and move the sums to the heap, which costs a
 * factor of ten.
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
    int rows() {
        return ROWS;
    }

    @Override
    void multiply(
            int columns,
            int[] leftRows,
            int depth,
            float[] left,
            int leftAt,
            float[] right,
            int rightAt,
            float[] out,
            int outAt,
            int outStride) {
        int j = 0;
        for (; j <= columns - ROWS; j += ROWS) {
            if (ROWS == 8) {
                multiplyEight(leftRows, depth, left, leftAt + j, right, rightAt, out, outAt + j * outStride, outStride);
            } else {
                multiplyFour(leftRows, depth, left, leftAt + j, right, rightAt, out, outAt + j * outStride, outStride);
            }
        }
        for (; j < columns; j++) {
            multiplyOne(leftRows, depth, left, leftAt + j, right, rightAt, out, outAt + j * outStride);
        }
    }

    private static void multiplyEight(
            int[] leftRows,
            int depth,
            float[] left,
            int leftAt,
            float[] right,
            int rightAt,
            float[] out,
            int outAt,
            int outStride) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero, s30 = zero, s31 = zero;
        FloatVector s40 = zero, s41 = zero, s50 = zero, s51 = zero, s60 = zero, s61 = zero, s70 = zero, s71 = zero;
        for (int p = 0; p < depth; p++) {
            int at = leftRows[p] + leftAt;
            FloatVector right0 = load(right, rightAt + p * WIDTH);
            FloatVector right1 = load(right, rightAt + p * WIDTH + LANES);
            FloatVector factor = FloatVector.broadcast(SPECIES, left[at]);
            s00 = factor.fma(right0, s00);
            s01 = factor.fma(right1, s01);
            factor = FloatVector.broadcast(SPECIES, left[at + 1]);
            s10 = factor.fma(right0, s10);
            s11 = factor.fma(right1, s11);
            factor = FloatVector.broadcast(SPECIES, left[at + 2]);
            s20 = factor.fma(right0, s20);
            s21 = factor.fma(right1, s21);
            factor = FloatVector.broadcast(SPECIES, left[at + 3]);
            s30 = factor.fma(right0, s30);
            s31 = factor.fma(right1, s31);
            factor = FloatVector.broadcast(SPECIES, left[at + 4]);
            s40 = factor.fma(right0, s40);
            s41 = factor.fma(right1, s41);
            factor = FloatVector.broadcast(SPECIES, left[at + 5]);
            s50 = factor.fma(right0, s50);
            s51 = factor.fma(right1, s51);
            factor = FloatVector.broadcast(SPECIES, left[at + 6]);
            s60 = factor.fma(right0, s60);
            s61 = factor.fma(right1, s61);
            factor = FloatVector.broadcast(SPECIES, left[at + 7]);
            s70 = factor.fma(right0, s70);
            s71 = factor.fma(right1, s71);
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

    private static void multiplyFour(
            int[] leftRows,
            int depth,
            float[] left,
            int leftAt,
            float[] right,
            int rightAt,
            float[] out,
            int outAt,
            int outStride) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero, s30 = zero, s31 = zero;
        for (int p = 0; p < depth; p++) {
            int at = leftRows[p] + leftAt;
            FloatVector right0 = load(right, rightAt + p * WIDTH);
            FloatVector right1 = load(right, rightAt + p * WIDTH + LANES);
            FloatVector factor = FloatVector.broadcast(SPECIES, left[at]);
            s00 = factor.fma(right0, s00);
            s01 = factor.fma(right1, s01);
            factor = FloatVector.broadcast(SPECIES, left[at + 1]);
            s10 = factor.fma(right0, s10);
            s11 = factor.fma(right1, s11);
            factor = FloatVector.broadcast(SPECIES, left[at + 2]);
            s20 = factor.fma(right0, s20);
            s21 = factor.fma(right1, s21);
            factor = FloatVector.broadcast(SPECIES, left[at + 3]);
            s30 = factor.fma(right0, s30);
            s31 = factor.fma(right1, s31);
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

    private static void multiplyOne(
            int[] leftRows, int depth, float[] left, int leftAt, float[] right, int rightAt, float[] out, int outAt) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector s0 = zero, s1 = zero;
        for (int p = 0; p < depth; p++) {
            int at = leftRows[p] + leftAt;
            FloatVector right0 = load(right, rightAt + p * WIDTH);
            FloatVector right1 = load(right, rightAt + p * WIDTH + LANES);
            FloatVector factor = FloatVector.broadcast(SPECIES, left[at]);
            s0 = factor.fma(right0, s0);
            s1 = factor.fma(right1, s1);
        }
        store(out, outAt, s0);
        store(out, outAt + LANES, s1);
    }

    private static void store(float[] out, int at, FloatVector sum) {
        sum.intoArray(out, at);
    }

    private static FloatVector load(float[] x, int at) {
        return FloatVector.fromArray(SPECIES, x, at);
    }
}

package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link PanelProduct} with the Vector API for few columns: sixteen rows of one vector are summed in registers where
 * there are 32 of these (AVX-512), else eight. No method is called on the sums, for the reason given at
 * {@link VectorPanelProduct}.
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
            if (ROWS == 16) {
                multiplySixteen(
                        leftRows, depth, left, leftAt + j, right, rightAt, out, outAt + j * outStride, outStride);
            } else {
                multiplyEight(leftRows, depth, left, leftAt + j, right, rightAt, out, outAt + j * outStride, outStride);
            }
        }
        for (; j < columns; j++) {
            multiplyOne(leftRows, depth, left, leftAt + j, right, rightAt, out, outAt + j * outStride);
        }
    }

    private static void multiplySixteen(
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
        FloatVector s0 = zero, s1 = zero, s2 = zero, s3 = zero, s4 = zero, s5 = zero, s6 = zero, s7 = zero;
        FloatVector s8 = zero, s9 = zero, s10 = zero, s11 = zero, s12 = zero, s13 = zero, s14 = zero, s15 = zero;
        for (int p = 0; p < depth; p++) {
            int at = leftRows[p] + leftAt;
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
        FloatVector s0 = zero, s1 = zero, s2 = zero, s3 = zero, s4 = zero, s5 = zero, s6 = zero, s7 = zero;
        for (int p = 0; p < depth; p++) {
            int at = leftRows[p] + leftAt;
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
        store(out, outAt, s0);
        store(out, outAt + outStride, s1);
        store(out, outAt + 2 * outStride, s2);
        store(out, outAt + 3 * outStride, s3);
        store(out, outAt + 4 * outStride, s4);
        store(out, outAt + 5 * outStride, s5);
        store(out, outAt + 6 * outStride, s6);
        store(out, outAt + 7 * outStride, s7);
    }

    private static void multiplyOne(
            int[] leftRows, int depth, float[] left, int leftAt, float[] right, int rightAt, float[] out, int outAt) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector sum = zero;
        for (int p = 0; p < depth; p++) {
            int at = leftRows[p] + leftAt;
            FloatVector row = load(right, rightAt + p * LANES);
            sum = FloatVector.broadcast(SPECIES, left[at]).fma(row, sum);
        }
        store(out, outAt, sum);
    }

    private static void store(float[] out, int at, FloatVector sum) {
        sum.intoArray(out, at);
    }

    private static FloatVector load(float[] x, int at) {
        return FloatVector.fromArray(SPECIES, x, at);
    }
}

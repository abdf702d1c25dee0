package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link PanelProduct} with the Vector API, for panels of one or two vectors. Sixteen sums stay in registers where
 * there are 32 of these (AVX-512), else eight: eight or four rows of two vectors, sixteen or eight rows of one.
 *
 * <p>The sums that live across the loop are only ever arguments, and no method is called on them. C2 of JDK 17 finds
 * the class of a vector after a loop from the profile of the called method, which is shared by the whole process: as
 * soon as vectors of another length are in use anywhere, it would give up and move the sums to the heap, which costs a
 * factor of ten.
 */
final class VectorPanelProduct extends PanelProduct {
    private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOATS;
    private static final int LANES = SPECIES.length();
    private static final int SUMS = LANES >= 16 ? 16 : 8;

    private final int vectors;

    /** @param vectors of a row of a panel, 1 or 2 */
    VectorPanelProduct(int vectors) {
        this.vectors = vectors;
    }

    @Override
    int width() {
        return vectors * LANES;
    }

    @Override
    int rows() {
        return SUMS / vectors;
    }

    @Override
    void multiply(
            int columns, int[] leftRows, int depth, float[] left, int leftAt, float[] right, int rightAt,
            float[] out, int outAt, int outStride) {
        int j = 0;
        for (int rows = rows(); j <= columns - rows; j += rows) {
            int to = outAt + j * outStride;
            if (vectors == 1 && SUMS == 16) {
                multiply16x1(leftRows, depth, left, leftAt + j, right, rightAt, out, to, outStride);
            } else if (vectors == 1) {
                multiply8x1(leftRows, depth, left, leftAt + j, right, rightAt, out, to, outStride);
            } else if (SUMS == 16) {
                multiply8x2(leftRows, depth, left, leftAt + j, right, rightAt, out, to, outStride);
            } else {
                multiply4x2(leftRows, depth, left, leftAt + j, right, rightAt, out, to, outStride);
            }
        }
        for (; j < columns; j++) {
            int to = outAt + j * outStride;
            if (vectors == 1) {
                multiply1x1(leftRows, depth, left, leftAt + j, right, rightAt, out, to, outStride);
            } else {
                multiply1x2(leftRows, depth, left, leftAt + j, right, rightAt, out, to, outStride);
            }
        }
    }

    //: each rows in 16 8 1 8 4 1, vectors in 1 1 1 2 2 2
    private static void multiply${rows}x$vectors(
            int[] leftRows, int depth, float[] left, int leftAt, float[] right, int rightAt,
            float[] out, int outAt, int outStride) {
        FloatVector zero = FloatVector.zero(SPECIES);
        //: each r < $rows
        //: each v < $vectors
        FloatVector s$r_$v = zero;
        //: end
        //: end
        for (int p = 0; p < depth; p++) {
            int at = leftRows[p] + leftAt;
            //: each v < $vectors
            FloatVector right$v = load(right, rightAt + p * ($vectors * LANES) + $v * LANES);
            //: end
            //: each r < $rows
            FloatVector left$r = FloatVector.broadcast(SPECIES, left[at + $r]);
            //: each v < $vectors
            s$r_$v = left$r.fma(right$v, s$r_$v);
            //: end
            //: end
        }
        //: each r < $rows
        //: each v < $vectors
        store(out, outAt + $r * outStride + $v * LANES, s$r_$v);
        //: end
        //: end
    }

    //: end
    private static void store(float[] out, int at, FloatVector sum) {
        sum.intoArray(out, at);
    }

    private static FloatVector load(float[] x, int at) {
        return FloatVector.fromArray(SPECIES, x, at);
    }
}

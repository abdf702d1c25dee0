package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Transposition} with the Vector API, in squares of as many rows as a vector has lanes: the quarters of a square
 * change places, then the quarters of these, down to single values. Row i and row i + d, of which i does not have the
 * bit d, exchange the lanes that have it in row i with those that lack it in row i + d. There is a method for each d,
 * since C2 needs masks and shuffles to be constants.
 */
final class VectorTransposition extends Transposition {
    private static final VectorSpecies<Float> FLOATS = VectorWidth.FLOATS;
    private static final int LANES = FLOATS.length();
    //: each d in 1 2 4 8
    private static final VectorMask<Float> UPPER_$d = VectorLaneSums.upper($d);
    private static final VectorShuffle<Float> SWAP_$d = VectorLaneSums.swap($d);
    //: end

    @Override
    void transpose(int rows, int columns, float[] x, int from, int stride, float[] out, int to, int outStride) {
        int wholeRows = rows / LANES * LANES;
        int wholeColumns = columns / LANES * LANES;
        for (int c = 0; c < wholeColumns; c += LANES) {
            for (int r = 0; r < wholeRows; r += LANES) {
                transposeSquare(x, from + r * stride + c, stride, out, to + c * outStride + r, outStride);
            }
        }
        super.transpose(
                rows - wholeRows, wholeColumns, x, from + wholeRows * stride, stride, out, to + wholeRows, outStride);
        super.transpose(
                rows,
                columns - wholeColumns,
                x,
                from + wholeColumns,
                stride,
                out,
                to + wholeColumns * outStride,
                outStride);
    }

    private static void transposeSquare(float[] x, int from, int stride, float[] out, int to, int outStride) {
        for (int row = 0; row < LANES; row += 2) {
            FloatVector a = FloatVector.fromArray(FLOATS, x, from + row * stride);
            FloatVector b = FloatVector.fromArray(FLOATS, x, from + (row + 1) * stride);
            a.blend(b.rearrange(SWAP_1), UPPER_1).intoArray(out, to + row * outStride);
            a.rearrange(SWAP_1).blend(b, UPPER_1).intoArray(out, to + (row + 1) * outStride);
        }
        exchange2(out, to, outStride);
        if (LANES > 4) {
            exchange4(out, to, outStride);
        }
        if (LANES > 8) {
            exchange8(out, to, outStride);
        }
    }
    //: each d in 2 4 8

    private static void exchange$d(float[] out, int to, int stride) {
        for (int i = 0; i < LANES / 2; i++) {
            int row = to + (2 * i - i % $d) * stride;
            FloatVector a = FloatVector.fromArray(FLOATS, out, row);
            FloatVector b = FloatVector.fromArray(FLOATS, out, row + $d * stride);
            a.blend(b.rearrange(SWAP_$d), UPPER_$d).intoArray(out, row);
            a.rearrange(SWAP_$d).blend(b, UPPER_$d).intoArray(out, row + $d * stride);
        }
    }
    //: end
}

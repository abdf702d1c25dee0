package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The three transforms of {@link WinogradConvolution}, over channels, with the Vector API. Each is a pass over rows and
 * one over columns of a 4 x 4 tile, all in registers.
 */
final class VectorWinogradLoops {
    private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOATS;
    private static final int LANES = SPECIES.length();

    private VectorWinogradLoops() {}

    /**
     * v = B' d B of a tile.
     *
     * @param x the tile's pixel (i, j) begins at [start + i * rowStride + j * channels]
     * @param channels a multiple of the lanes
     * @param v receives position (i, j) at [vStart + (4 * i + j) * vStride]
     */
    static void input(float[] x, int start, int rowStride, int channels, float[] v, int vStart, int vStride) {
        for (int c = 0; c < channels; c += LANES) {
            int at = start + c;
            //: each j < 4
            FloatVector d0_$j = FloatVector.fromArray(SPECIES, x, at + $j * channels);
            FloatVector d1_$j = FloatVector.fromArray(SPECIES, x, at + rowStride + $j * channels);
            FloatVector d2_$j = FloatVector.fromArray(SPECIES, x, at + 2 * rowStride + $j * channels);
            FloatVector d3_$j = FloatVector.fromArray(SPECIES, x, at + 3 * rowStride + $j * channels);
            FloatVector e0_$j = d0_$j.sub(d2_$j);
            FloatVector e1_$j = d1_$j.add(d2_$j);
            FloatVector e2_$j = d2_$j.sub(d1_$j);
            FloatVector e3_$j = d1_$j.sub(d3_$j);
            //: end
            int to = vStart + c;
            //: each i < 4
            e$i_0.sub(e$i_2).intoArray(v, to + 4 * $i * vStride);
            e$i_1.add(e$i_2).intoArray(v, to + (4 * $i + 1) * vStride);
            e$i_2.sub(e$i_1).intoArray(v, to + (4 * $i + 2) * vStride);
            e$i_1.sub(e$i_3).intoArray(v, to + (4 * $i + 3) * vStride);
            //: end
        }
    }

    /**
     * y = max(floor, bias + A' m A) of a tile.
     *
     * @param m position (i, j) begins at [mStart + (4 * i + j) * mStride]
     * @param columns how many channels; a multiple of the lanes
     * @param bias added from [biasStart] on
     * @param y receives output pixel (0, 0) at [y00], and so on. Pixels that the output does not have are those of
     *     their neighbours above and before them, which are written later.
     */
    static void output(
            float[] m,
            int mStart,
            int mStride,
            int columns,
            float[] bias,
            int biasStart,
            float floor,
            float[] y,
            int y00,
            int y01,
            int y10,
            int y11) {
        for (int c = 0; c < columns; c += LANES) {
            int at = mStart + c;
            //: each j < 4
            FloatVector m0_$j = FloatVector.fromArray(SPECIES, m, at + $j * mStride);
            FloatVector m1_$j = FloatVector.fromArray(SPECIES, m, at + (4 + $j) * mStride);
            FloatVector m2_$j = FloatVector.fromArray(SPECIES, m, at + (8 + $j) * mStride);
            FloatVector m3_$j = FloatVector.fromArray(SPECIES, m, at + (12 + $j) * mStride);
            FloatVector r0_$j = m0_$j.add(m1_$j).add(m2_$j);
            FloatVector r1_$j = m1_$j.sub(m2_$j).sub(m3_$j);
            //: end
            FloatVector b = FloatVector.fromArray(SPECIES, bias, biasStart + c);
            //: each i in 1 0
            r$i_1.sub(r$i_2).sub(r$i_3).add(b).max(floor).intoArray(y, y$i1 + c);
            r$i_0.add(r$i_1).add(r$i_2).add(b).max(floor).intoArray(y, y$i0 + c);
            //: end
        }
    }

    /**
     * u = G g G' of a filter, for one input channel.
     *
     * @param w tap (i, j) begins at [start + i * rowStride + j * tapStride]; strides may be negative
     * @param columns output channels; a multiple of the lanes
     * @param u receives position (i, j) at [uStart + (4 * i + j) * uStride]
     */
    static void weights(
            float[] w, int start, int rowStride, int tapStride, int columns, float[] u, int uStart, int uStride) {
        for (int c = 0; c < columns; c += LANES) {
            int at = start + c;
            //: each j < 3
            FloatVector g0_$j = FloatVector.fromArray(SPECIES, w, at + $j * tapStride);
            FloatVector g1_$j = FloatVector.fromArray(SPECIES, w, at + rowStride + $j * tapStride);
            FloatVector g2_$j = FloatVector.fromArray(SPECIES, w, at + 2 * rowStride + $j * tapStride);
            FloatVector s$j = g0_$j.add(g2_$j).mul(0.5f);
            FloatVector h$j = g1_$j.mul(0.5f);
            FloatVector f0_$j = g0_$j;
            FloatVector f1_$j = s$j.add(h$j);
            FloatVector f2_$j = s$j.sub(h$j);
            FloatVector f3_$j = g2_$j;
            //: end
            int to = uStart + c;
            //: each i < 4
            FloatVector t$i = f$i_0.add(f$i_2).mul(0.5f);
            FloatVector o$i = f$i_1.mul(0.5f);
            f$i_0.intoArray(u, to + 4 * $i * uStride);
            t$i.add(o$i).intoArray(u, to + (4 * $i + 1) * uStride);
            t$i.sub(o$i).intoArray(u, to + (4 * $i + 2) * uStride);
            f$i_2.intoArray(u, to + (4 * $i + 3) * uStride);
            //: end
        }
    }
}

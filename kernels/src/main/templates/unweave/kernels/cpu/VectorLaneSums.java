package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Adds up the lanes of many vectors, always in the same order: two vectors become one by adding the halves of each,
 * then four, and so on, until a vector holds the sums of as many vectors as it has lanes.
 */
final class VectorLaneSums {
    private static final VectorSpecies<Float> FLOATS = VectorWidth.FLOATS;
    private static final int LANES = FLOATS.length();
    //: each d in 1 2 4 8
    private static final VectorMask<Float> UPPER_$d = upper($d);
    private static final VectorShuffle<Float> SWAP_$d = swap($d);
    //: end

    private VectorLaneSums() {}

    /** The lanes whose number has the bit {@code distance}. */
    private static VectorMask<Float> upper(int distance) {
        boolean[] bits = new boolean[LANES];
        for (int i = 0; i < LANES; i++) {
            bits[i] = (i & distance) != 0;
        }
        return VectorMask.fromArray(FLOATS, bits, 0);
    }

    private static VectorShuffle<Float> swap(int distance) {
        return VectorShuffle.fromOp(FLOATS, i -> (i ^ distance) % LANES);
    }

    /**
     * sums[i] = the sum of the {@code LANES} values from vectors[i * LANES] on, for i from 0 to count - 1.
     *
     * @param vectors is overwritten, up to {@code LANES} vectors beyond the last
     */
    static void sum(float[] vectors, int count, float[] sums) {
        for (int first = 0; first < count; first += LANES) {
            int start = first * LANES;
            // Vectors i and i + d become one: lanes without the bit d hold halves of the former, lanes with it of the
            // latter.
            if (LANES > 8) {
                halve8(vectors, start);
            }
            if (LANES > 4) {
                halve4(vectors, start);
            }
            halve2(vectors, start);
            halve1(vectors, start);
            System.arraycopy(vectors, start, sums, first, Math.min(LANES, count - first));
        }
    }

    //: each d in 8 4 2 1
    private static void halve$d(float[] v, int start) {
        for (int i = start; i < start + $d * LANES; i += LANES) {
            FloatVector a = FloatVector.fromArray(FLOATS, v, i);
            FloatVector b = FloatVector.fromArray(FLOATS, v, i + $d * LANES);
            a.blend(b, UPPER_$d).add(b.blend(a, UPPER_$d).rearrange(SWAP_$d)).intoArray(v, i);
        }
    }

    //: end
}

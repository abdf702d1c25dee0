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
    private static final VectorMask<Float> UPPER_1 = upper(1);
    private static final VectorMask<Float> UPPER_2 = upper(2);
    private static final VectorMask<Float> UPPER_4 = upper(4);
    private static final VectorMask<Float> UPPER_8 = upper(8);
    private static final VectorShuffle<Float> SWAP_1 = swap(1);
    private static final VectorShuffle<Float> SWAP_2 = swap(2);
    private static final VectorShuffle<Float> SWAP_4 = swap(4);
    private static final VectorShuffle<Float> SWAP_8 = swap(8);

    private VectorLaneSums() {}

    /** The lanes whose number has the bit {@code distance}. */
    static VectorMask<Float> upper(int distance) {
        boolean[] bits = new boolean[LANES];
        for (int i = 0; i < LANES; i++) {
            bits[i] = (i & distance) != 0;
        }
        return VectorMask.fromArray(FLOATS, bits, 0);
    }

    static VectorShuffle<Float> swap(int distance) {
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

    private static void halve8(float[] v, int start) {
        for (int i = start; i < start + 8 * LANES; i += LANES) {
            FloatVector a = FloatVector.fromArray(FLOATS, v, i);
            FloatVector b = FloatVector.fromArray(FLOATS, v, i + 8 * LANES);
            a.blend(b, UPPER_8).add(b.blend(a, UPPER_8).rearrange(SWAP_8)).intoArray(v, i);
        }
    }

    private static void halve4(float[] v, int start) {
        for (int i = start; i < start + 4 * LANES; i += LANES) {
            FloatVector a = FloatVector.fromArray(FLOATS, v, i);
            FloatVector b = FloatVector.fromArray(FLOATS, v, i + 4 * LANES);
            a.blend(b, UPPER_4).add(b.blend(a, UPPER_4).rearrange(SWAP_4)).intoArray(v, i);
        }
    }

    private static void halve2(float[] v, int start) {
        for (int i = start; i < start + 2 * LANES; i += LANES) {
            FloatVector a = FloatVector.fromArray(FLOATS, v, i);
            FloatVector b = FloatVector.fromArray(FLOATS, v, i + 2 * LANES);
            a.blend(b, UPPER_2).add(b.blend(a, UPPER_2).rearrange(SWAP_2)).intoArray(v, i);
        }
    }

    private static void halve1(float[] v, int start) {
        FloatVector a = FloatVector.fromArray(FLOATS, v, start);
        FloatVector b = FloatVector.fromArray(FLOATS, v, start + LANES);
        a.blend(b, UPPER_1).add(b.blend(a, UPPER_1).rearrange(SWAP_1)).intoArray(v, start);
    }
}

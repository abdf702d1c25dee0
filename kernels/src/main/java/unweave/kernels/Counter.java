package unweave.kernels;

/**
 * Counter-based random numbers: a value depends on a seed and a position alone, so that SIMD lanes, threads and CUDA
 * threads draw the same numbers in any order. The mixing function is the 32-bit finaliser "lowbias32" (C. Wellons,
 * 2018) applied twice with the two seed halves.
 */
public final class Counter {
    private Counter() {}

    /** 32 well-mixed bits of (seed, index). */
    public static int bits(long seed, int index) {
        return mix(mix(index ^ (int) seed) ^ (int) (seed >>> 32));
    }

    /** A uniform number in [0, 1) with 24 bits, exact in float32. */
    public static float uniform(long seed, int index) {
        return (bits(seed, index) >>> 8) * 0x1p-24f;
    }

    /** A 64-bit seed derived from another one and a stream number, for one seed per layer, step or run. */
    public static long derive(long seed, long stream) {
        long z = seed + 0x9E3779B97F4A7C15L * (stream + 1);
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** A seed as two values in memory, the form that recorded operations read: the lower half, then the upper. */
    public static int[] values(long seed) {
        int[] values = new int[2];
        split(seed, values);
        return values;
    }

    /** As {@link #values}, into existing memory. */
    public static void split(long seed, int[] values) {
        values[0] = (int) seed;
        values[1] = (int) (seed >>> 32);
    }

    /** The seed of {@link #values}. */
    public static long seed(int[] values) {
        if (values.length != 2) {
            throw new IllegalArgumentException("a seed is two values, not " + values.length);
        }
        return (values[0] & 0xFFFFFFFFL) | ((long) values[1] << 32);
    }

    private static int mix(int x) {
        x ^= x >>> 16;
        x *= 0x7feb352d;
        x ^= x >>> 15;
        x *= 0x846ca68b;
        return x ^ (x >>> 16);
    }
}

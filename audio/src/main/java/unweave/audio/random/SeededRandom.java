package unweave.audio.random;

import java.util.SplittableRandom;

/**
 * Random numbers that depend on their seed only. The source is SplitMix64 (Steele, Lea and Flood 2014), the generator
 * of {@link SplittableRandom}; every distribution is derived here from its 64-bit numbers with {@link StrictMath},
 * because how a JDK derives its own doubles and Gaussians is not specified and has changed.
 *
 * <p>Not thread-safe: give every piece of work its own {@linkplain #of stream}.
 */
public final class SeededRandom {
    private final SplittableRandom source;
    private double spareGaussian = Double.NaN;

    public SeededRandom(long seed) {
        source = new SplittableRandom(seed);
    }

    /**
     * The stream of one piece of work, for instance of (epoch, sample): the order in which streams are made does not
     * matter.
     */
    public static SeededRandom of(long seed, long... indices) {
        return new SeededRandom(seed(seed, indices));
    }

    /** The seed of one piece of work: each index is mixed in by one step of SplitMix64. */
    public static long seed(long seed, long... indices) {
        long mixed = seed;
        for (long index : indices) {
            mixed = new SplittableRandom(mixed ^ index * 0x9E37_79B9_7F4A_7C15L).nextLong();
        }
        return mixed;
    }

    /** 64 random bits. */
    public long nextLong() {
        return source.nextLong();
    }

    /** Uniform in [0, 1), in steps of 2^-53. */
    public double uniform() {
        return (source.nextLong() >>> 11) * 0x1p-53;
    }

    /** Uniform in [low, high). */
    public double uniform(double low, double high) {
        return low + (high - low) * uniform();
    }

    /** Uniform among the integers low to high, both included. */
    public int integer(int low, int high) {
        return low + (int) (((source.nextLong() >>> 32) * (high - low + 1L)) >>> 32);
    }

    /** True with the given probability. */
    public boolean chance(double probability) {
        return uniform() < probability;
    }

    /** Exponential with density exp(-x / scale) / scale. */
    public double exponential(double scale) {
        return -scale * StrictMath.log(1 - uniform());
    }

    /** Standard normal, by Marsaglia's polar method: two numbers from one point in the unit disc. */
    public double gaussian() {
        if (!Double.isNaN(spareGaussian)) {
            double spare = spareGaussian;
            spareGaussian = Double.NaN;
            return spare;
        }
        double x;
        double y;
        double square;
        do {
            x = 2 * uniform() - 1;
            y = 2 * uniform() - 1;
            square = x * x + y * y;
        } while (square >= 1 || square == 0);
        double factor = Math.sqrt(-2 * StrictMath.log(square) / square);
        spareGaussian = y * factor;
        return x * factor;
    }

    /** The numbers 0 to count - 1 in random order (Fisher and Yates). */
    public int[] permutation(int count) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int j = integer(0, i);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}

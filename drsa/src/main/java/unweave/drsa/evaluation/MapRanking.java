package unweave.drsa.evaluation;

import java.util.Arrays;

/**
 * The bins of maps by relevance, largest first, negative ones last. Bins of equal relevance follow in one fixed random
 * order. The order in memory would favour low rows, and a uniform map would rank better or worse than random rankings.
 */
final class MapRanking {
    private static final long SEED = 0x52414e4b;

    /** Rank of every bin among equals, and the bin of every rank. */
    private final int[] position;

    private final int[] binAt;

    MapRanking(int bins) {
        binAt = Permutation.random(bins, SEED);
        position = new int[bins];
        for (int i = 0; i < bins; i++) {
            position[binAt[i]] = i;
        }
    }

    /** The bins by relevance. */
    int[] of(float[] map) {
        long[] keys = new long[map.length];
        for (int bin = 0; bin < keys.length; bin++) {
            // Adding 0 turns -0 into 0. The bits of floats sort as signed integers once those of negative numbers are
            // turned around;
            // complemented, downwards.
            int bits = Float.floatToIntBits(map[bin] + 0f);
            int ordered = bits < 0 ? bits ^ 0x7fffffff : bits;
            keys[bin] = (long) ~ordered << 32 | position[bin];
        }
        Arrays.sort(keys);
        int[] ranking = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            ranking[i] = binAt[(int) keys[i]];
        }
        return ranking;
    }
}

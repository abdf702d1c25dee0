package unweave.drsa;

import java.util.Arrays;

/**
 * Average precision: the bins of a map are ranked by their positive relevance max(0, R), largest first, and
 *
 * <pre>
 * AP = sum over the distinct values v of that ranking: (recall(v) - recall(previous v)) * precision(v),
 * </pre>
 *
 * where precision(v) and recall(v) are those of the set of bins that reach v, compared with the bins that belong to an
 * object. Bins of equal relevance enter together, so their order in memory does not matter; all bins without positive
 * relevance enter last, as one group. 1 means that every bin of the object ranks above every other bin; a constant map
 * scores the base rate, the share of bins that belong to the object.
 */
final class AveragePrecision {
    private AveragePrecision() {}

    /** The indices of the bins, by max(0, relevance), largest first. One ranking serves several objects. */
    static int[] ranking(float[] relevance) {
        long[] keys = new long[relevance.length];
        for (int i = 0; i < keys.length; i++) {
            // The bits of non-negative floats are in the order of their values; complemented they sort downwards, and
            // the index follows below.
            keys[i] = (long) ~Float.floatToIntBits(positive(relevance[i])) << 32 | i;
        }
        Arrays.sort(keys);
        int[] ranking = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            ranking[i] = (int) keys[i];
        }
        return ranking;
    }

    /**
     * The average precision of a map for one object.
     *
     * @param ranking of {@code relevance}, from {@link #ranking}
     * @param members the bins of the object, at least one
     */
    static double of(float[] relevance, int[] ranking, boolean[] members) {
        double sum = 0;
        int found = 0;
        int foundBefore = 0;
        for (int i = 0; i < ranking.length; i++) {
            if (members[ranking[i]]) {
                found++;
            }
            boolean groupEnds =
                    i + 1 == ranking.length || positive(relevance[ranking[i + 1]]) != positive(relevance[ranking[i]]);
            if (groupEnds) {
                sum += (found - foundBefore) * ((double) found / (i + 1));
                foundBefore = found;
            }
        }
        return sum / found;
    }

    /** max(0, R), with one kind of zero. */
    private static float positive(float relevance) {
        return relevance > 0 ? relevance : 0f;
    }
}

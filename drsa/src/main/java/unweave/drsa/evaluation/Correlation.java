package unweave.drsa.evaluation;

import java.util.Arrays;

/**
 * Correlation of maps, bin by bin. Two constant maps count as fully correlated; a constant map and a map that varies
 * count as uncorrelated. NaN where a map holds NaN.
 */
public final class Correlation {
    private Correlation() {}

    /** Pearson's coefficient: covariance over the product of the standard deviations; between -1 and 1. */
    public static double pearson(float[] a, float[] b) {
        return pearson(widened(a), widened(b));
    }

    /** Spearman's coefficient: Pearson's of the ranks; equal values share the mean of their ranks. */
    public static double spearman(float[] a, float[] b) {
        return pearson(ranks(a), ranks(b));
    }

    private static double pearson(double[] a, double[] b) {
        if (a.length != b.length || a.length == 0) {
            throw new IllegalArgumentException(
                    "maps of " + a.length + " and " + b.length + " values cannot be correlated");
        }
        boolean flatA = Arrays.stream(a).allMatch(value -> value == a[0]);
        boolean flatB = Arrays.stream(b).allMatch(value -> value == b[0]);
        if (flatA || flatB) {
            return flatA && flatB ? 1 : 0;
        }
        double meanA = Arrays.stream(a).average().orElseThrow();
        double meanB = Arrays.stream(b).average().orElseThrow();
        double aa = 0;
        double bb = 0;
        double ab = 0;
        for (int i = 0; i < a.length; i++) {
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
            ab += (a[i] - meanA) * (b[i] - meanB);
        }
        return ab / Math.sqrt(aa) / Math.sqrt(bb);
    }

    private static double[] ranks(float[] map) {
        int[] order = new MapRanking(map.length).of(map);
        double[] ranks = new double[map.length];
        for (int start = 0; start < order.length; ) {
            int end = start + 1;
            while (end < order.length && map[order[end]] == map[order[start]]) {
                end++;
            }
            for (int i = start; i < end; i++) {
                ranks[order[i]] = Float.isNaN(map[order[i]]) ? Double.NaN : -(start + end - 1) / 2.;
            }
            start = end;
        }
        return ranks;
    }

    private static double[] widened(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }
}

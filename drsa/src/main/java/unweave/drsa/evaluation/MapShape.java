package unweave.drsa.evaluation;

import java.util.Arrays;

/**
 * How few bins a map concentrates on. All figures are of non-negative maps a (masks) with n bins; scaling a map does
 * not change them. A map without any value above 0 explains nothing and counts as a uniform one.
 */
public final class MapShape {
    private MapShape() {}

    /**
     * Sparseness (SPS): the Gini index of the bins (Chalasani et al. 2020), with a sorted in increasing order
     *
     * <pre>
     * sum over i = 1 ... n: (2 i - n - 1) a_i / (n sum a);
     * </pre>
     *
     * 0 for a uniform map, 1 - 1/n where one bin has everything. Higher is better.
     */
    public static double sparseness(float[] map) {
        float[] sorted = map.clone();
        Arrays.sort(sorted);
        double sum = 0;
        double weighted = 0;
        for (int i = 0; i < sorted.length; i++) {
            sum += sorted[i];
            weighted += (2. * (i + 1) - sorted.length - 1) * sorted[i];
        }
        return sum == 0 ? 0 : weighted / (sorted.length * sum);
    }

    /**
     * Complexity (COMP): the entropy of the bins' shares (Bhatt et al. 2020), - sum p ln p with p = a / sum a, in nats;
     * ln n for a uniform map, 0 where one bin has everything. Lower is better.
     */
    public static double complexity(float[] map) {
        double sum = sum(map);
        if (sum == 0) {
            return Math.log(map.length);
        }
        double entropy = 0;
        for (float value : map) {
            double share = value / sum;
            entropy -= share > 0 ? share * Math.log(share) : 0;
        }
        return entropy;
    }

    /**
     * Spatial concentration: 1 - s / s0, where s is the root mean square distance of the map's values from their centre
     * of mass, in bins, and s0 that of a uniform map. 0 for a uniform map, 1 where one bin has everything, negative
     * where the values lie further apart than evenly spread ones do. Unlike sparseness it distinguishes one spot from
     * the same values in scattered bins.
     *
     * @param map height x width values
     */
    public static double concentration(float[] map, int height, int width) {
        double sum = sum(map);
        double uniform = Math.sqrt(variance(height) + variance(width));
        if (sum == 0 || uniform == 0) {
            return 0;
        }
        double[] moments = new double[4];
        for (int i = 0; i < map.length; i++) {
            double share = map[i] / sum;
            int row = i / width;
            int column = i % width;
            moments[0] += share * row;
            moments[1] += share * row * row;
            moments[2] += share * column;
            moments[3] += share * column * column;
        }
        double squares = moments[1] - moments[0] * moments[0] + moments[3] - moments[2] * moments[2];
        return 1 - Math.sqrt(Math.max(0, squares)) / uniform;
    }

    /** Of the numbers 0 ... n - 1. */
    private static double variance(int n) {
        return ((double) n * n - 1) / 12;
    }

    /** The sum of a map. */
    static double sum(float[] map) {
        double sum = 0;
        for (float value : map) {
            sum += value;
        }
        return sum;
    }
}

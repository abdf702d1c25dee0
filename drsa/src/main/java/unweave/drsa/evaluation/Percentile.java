package unweave.drsa.evaluation;

import java.util.Arrays;

/** Percentiles, between two values linearly interpolated (as NumPy does unless told otherwise). */
final class Percentile {
    private Percentile() {}

    /**
     * The value below which {@code percent} of the values lie.
     *
     * @param values at least one; not modified
     * @param percent from 0 to 100
     */
    static double of(float[] values, double percent) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        double position = percent / 100 * (sorted.length - 1);
        int below = (int) Math.floor(position);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * ((double) sorted[above] - sorted[below]);
    }
}

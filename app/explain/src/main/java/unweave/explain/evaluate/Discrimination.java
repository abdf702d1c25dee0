package unweave.explain.evaluate;

import java.util.Arrays;

/** Whether a measure tells maps apart at all. */
final class Discrimination {
    /** Scores within this share of the measure's scale count as the same. */
    private static final double SAME = 2e-3;

    private Discrimination() {}

    /**
     * Whether all maps, random ones among them, have the same score.
     *
     * @param scale the largest value that the measure can take
     */
    static boolean none(double[] scores, double scale) {
        double spread = Arrays.stream(scores).max().orElse(0)
                - Arrays.stream(scores).min().orElse(0);
        return !(spread > SAME * scale);
    }
}

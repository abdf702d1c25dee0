package unweave.drsa.evaluation;

import java.util.ArrayList;
import java.util.List;
import unweave.drsa.Estimate;

/**
 * How relevance is distributed over the bins of a map, averaged over maps (thesis B.3): every map's positive part over
 * its maximum ({@link MapPart#POSITIVE}), so values lie in [0, 1]. The thesis takes the 90th percentile as the
 * threshold above which relevance becomes sound.
 *
 * @param shares share of the values in each of the equal intervals of [0, 1], the last including 1; they sum to 1, or
 *     are 0 without maps
 * @param percentile90 mean and standard error of the maps' 90th percentiles
 * @param mean of the maps' means
 * @param meanPlusDeviation of the maps' means plus their standard deviations, the other threshold that the thesis shows
 * @param maps number of maps; maps without positive relevance are left out
 */
public record RelevanceHistogram(
        double[] shares, Estimate percentile90, Estimate mean, Estimate meanPlusDeviation, int maps) {
    private static final double PERCENTILE = 90;

    /** Collects maps. */
    public static final class Builder {
        private final double[] counts;
        private final List<Double> percentiles = new ArrayList<>();
        private final List<Double> means = new ArrayList<>();
        private final List<Double> sums = new ArrayList<>();

        /** A histogram with that many intervals. */
        public Builder(int intervals) {
            counts = new double[intervals];
        }

        /** Adds one map of relevances; not modified. */
        public void add(float[] map) {
            float[] mask = MapPart.POSITIVE.mask(map);
            double sum = 0;
            double squares = 0;
            for (float value : mask) {
                sum += value;
                squares += (double) value * value;
            }
            if (sum == 0) {
                return;
            }
            for (float value : mask) {
                counts[Math.min((int) (value * counts.length), counts.length - 1)] += 1. / mask.length;
            }
            double mean = sum / mask.length;
            percentiles.add(Percentile.of(mask, PERCENTILE));
            means.add(mean);
            sums.add(mean + Math.sqrt(Math.max(0, squares / mask.length - mean * mean)));
        }

        /** The histogram of the maps so far. */
        public RelevanceHistogram build() {
            double[] shares = new double[counts.length];
            for (int i = 0; i < shares.length; i++) {
                shares[i] = counts[i] / Math.max(1, means.size());
            }
            return new RelevanceHistogram(shares, estimate(percentiles), estimate(means), estimate(sums), means.size());
        }

        private static Estimate estimate(List<Double> values) {
            return Estimate.of(values.stream().mapToDouble(Double::doubleValue).toArray());
        }
    }
}

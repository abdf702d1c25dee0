package unweave.drsa;

/**
 * A mean with its standard error.
 *
 * @param mean the mean; NaN without values
 * @param standardError sample standard deviation (divisor n - 1) over the root of n; 0 for fewer than two values
 * @param count n, the number of values
 */
public record Estimate(double mean, double standardError, int count) {
    /** The mean and standard error of {@code values}. */
    public static Estimate of(double... values) {
        Builder builder = new Builder();
        for (double value : values) {
            builder.add(value);
        }
        return builder.build();
    }

    /** Collects values (Welford's recurrence, which does not lose digits to cancellation). */
    static final class Builder {
        private int count;
        private double mean;
        private double squares;

        void add(double value) {
            count++;
            double delta = value - mean;
            mean += delta / count;
            squares += delta * (value - mean);
        }

        int count() {
            return count;
        }

        Estimate build() {
            double error = count < 2 ? 0 : Math.sqrt(squares / (count - 1) / count);
            return new Estimate(count == 0 ? Double.NaN : mean, error, count);
        }
    }
}

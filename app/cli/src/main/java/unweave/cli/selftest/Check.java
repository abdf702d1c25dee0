package unweave.cli.selftest;

/**
 * One comparison.
 *
 * @param name file and case, such as "audio clip/hann/stft"
 * @param error how far the result is off, in the measure of the tolerance: largest difference over largest value unless
 *     the name says otherwise
 * @param tolerance the largest error that passes
 */
public record Check(String name, double error, double tolerance) {

    /** Whether the error is within the tolerance; NaN is not. */
    public boolean ok() {
        return error <= tolerance;
    }

    /**
     * The largest difference of two arrays over the largest value of the expected one; infinite if the lengths differ.
     */
    static Check largest(String name, double[] expected, float[] actual, double tolerance) {
        double[] wide = new double[actual.length];
        for (int i = 0; i < actual.length; i++) {
            wide[i] = actual[i];
        }
        return largest(name, expected, wide, tolerance);
    }

    /** As the float version. */
    static Check largest(String name, double[] expected, double[] actual, double tolerance) {
        if (expected.length != actual.length) {
            return new Check(
                    name + " (" + actual.length + " values instead of " + expected.length + ")",
                    Double.POSITIVE_INFINITY,
                    tolerance);
        }
        double difference = 0;
        double scale = 0;
        for (int i = 0; i < expected.length; i++) {
            double d = Math.abs(actual[i] - expected[i]);
            if (Double.isNaN(d)) {
                return new Check(name, Double.NaN, tolerance);
            }
            difference = Math.max(difference, d);
            scale = Math.max(scale, Math.abs(expected[i]));
        }
        return new Check(name, scale == 0 ? difference : difference / scale, tolerance);
    }

    /** The root mean square of the difference over that of the expected signal: 1e-3 is 60 dB. */
    static Check rootMeanSquare(String name, double[] expected, float[] actual, double tolerance) {
        if (expected.length != actual.length) {
            return new Check(
                    name + " (" + actual.length + " samples instead of " + expected.length + ")",
                    Double.POSITIVE_INFINITY,
                    tolerance);
        }
        double difference = 0;
        double energy = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            energy += expected[i] * expected[i];
        }
        return new Check(name, Math.sqrt(difference / energy), tolerance);
    }
}

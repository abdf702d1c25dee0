package unweave.explain.imports;

import java.util.Locale;

/**
 * How far the imported network agrees with the one in the file.
 *
 * @param against what it was compared with
 * @param inputs how many inputs were compared
 * @param difference the largest |value - reference|; NaN where a value is not finite
 * @param largest the largest |reference|
 * @param imbalance what the relevance ledger of one input leaves unexplained at worst, as part of a layer's relevance
 * @param imbalanceAt the layer where that is
 */
public record ImportCheck(
        String against, int inputs, double difference, double largest, double imbalance, String imbalanceAt) {
    /** The largest difference that is allowed, as part of the largest reference value. */
    public static final double TOLERANCE = 1e-4;

    /** The difference as part of the largest reference value. */
    public double relative() {
        return difference == 0 ? 0 : difference / largest;
    }

    /** Whether everything is finite and the difference within {@link #TOLERANCE}. */
    public boolean holds() {
        return relative() <= TOLERANCE; // NaN is not
    }

    /** The differences in one line. */
    public String line() {
        return String.format(
                Locale.ROOT,
                "largest difference %.1e (%.1e of the largest value) from %s, on %d %s",
                difference,
                relative(),
                against,
                inputs,
                inputs == 1 ? "input" : "inputs");
    }
}

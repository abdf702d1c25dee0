package unweave.drsa.evaluation;

import java.util.List;
import java.util.Locale;
import unweave.drsa.Estimate;

/**
 * Whether one method is better than another. Both are measured on the same pairs (networks, or sounds of one network),
 * and the differences d = a - b of the pairs decide, which is sharper than two means side by side:
 *
 * <p>first better: mean(d) &gt; 2 SE(d); second better: mean(d) &lt; -2 SE(d); otherwise, or with fewer than
 * {@value #FEWEST} pairs, nothing is shown.
 *
 * <p>Every sentence "A is better than B" of pages and tables is written here.
 *
 * @param first name of the first method
 * @param second name of the second method
 * @param advantage mean of the differences with its standard error; positive if the first method is better
 */
public record Comparison(String first, String second, Estimate advantage) {
    /** A difference is shown when it is beyond so many standard errors. */
    public static final int CLEAR = 2;
    /** Of fewer pairs the standard error is itself too uncertain: with 5, a sign test cannot be below .06 either. */
    public static final int FEWEST = 5;
    /** Values closer than this share of the larger one are the same in float32 sums. */
    private static final double ROUNDING = 1e-6;

    private static final double SMALLEST_DECIMAL = 1e-5;

    /** What a comparison shows. */
    public enum Verdict {
        FIRST_BETTER,
        SECOND_BETTER,
        NOT_SHOWN
    }

    /**
     * Compares scores of which higher ones are better.
     *
     * @param a scores of the first method, one per pair; not modified
     * @param b scores of the second on the same pairs; not modified
     * @throws IllegalArgumentException if one has more scores
     */
    public static Comparison higherIsBetter(String first, double[] a, String second, double[] b) {
        return new Comparison(first, second, Estimate.of(differences(a, b)));
    }

    /** As {@link #higherIsBetter}, of scores of which lower ones are better. */
    public static Comparison lowerIsBetter(String first, double[] a, String second, double[] b) {
        return new Comparison(first, second, Estimate.of(differences(b, a)));
    }

    /**
     * As {@link #higherIsBetter}, for pairs in classes that count alike, as in {@link ClassAverage}. Where a class has
     * a single pair, whose error is unknown, the classes are the pairs.
     *
     * @param a scores, classes x pairs
     * @param b likewise
     */
    public static Comparison higherIsBetter(String first, double[][] a, String second, double[][] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(a.length + " classes cannot be compared with " + b.length);
        }
        Estimate[] classes = new Estimate[a.length];
        double[] means = new double[a.length];
        boolean single = false;
        for (int c = 0; c < a.length; c++) {
            classes[c] = Estimate.of(differences(a[c], b[c]));
            means[c] = classes[c].mean();
            single |= classes[c].count() < 2;
        }
        return new Comparison(first, second, single ? Estimate.of(means) : ClassAverage.of(List.of(classes)));
    }

    /** As above, of scores of which lower ones are better. */
    public static Comparison lowerIsBetter(String first, double[][] a, String second, double[][] b) {
        return new Comparison(first, second, higherIsBetter(second, b, first, a).advantage());
    }

    private static double[] differences(double[] a, double[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(a.length + " scores cannot be paired with " + b.length);
        }
        double[] differences = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            double difference = a[i] - b[i];
            boolean same = Math.abs(difference) <= ROUNDING * Math.max(Math.abs(a[i]), Math.abs(b[i]));
            differences[i] = same ? 0 : difference;
        }
        return differences;
    }

    /** What the differences show. */
    public Verdict verdict() {
        double mean = advantage.mean();
        if (advantage.count() < FEWEST || !(Math.abs(mean) > CLEAR * advantage.standardError())) {
            return Verdict.NOT_SHOWN;
        }
        return mean > 0 ? Verdict.FIRST_BETTER : Verdict.SECOND_BETTER;
    }

    /** Whether it is shown that the first method is better. */
    public boolean firstIsBetter() {
        return verdict() == Verdict.FIRST_BETTER;
    }

    /** Whether either is shown to be better. */
    public boolean shown() {
        return verdict() != Verdict.NOT_SHOWN;
    }

    /**
     * The verdict as words: "DRSA better than DSA by 0.111 ± 0.028", or "DRSA or DSA: not shown (difference 0.010 ±
     * 0.028)".
     */
    @Override
    public String toString() {
        double mean = advantage.mean();
        return switch (verdict()) {
            case FIRST_BETTER -> first + " better than " + second + " by " + amount(mean);
            case SECOND_BETTER -> second + " better than " + first + " by " + amount(-mean);
            case NOT_SHOWN -> first + " or " + second + ": not shown (" + reason() + ")";
        };
    }

    private String reason() {
        if (Double.isNaN(advantage.mean())) {
            return "not measurable in every pair";
        }
        return advantage.count() < FEWEST
                ? "only " + advantage.count() + " to compare, at least " + FEWEST + " are needed"
                : "difference " + amount(advantage.mean());
    }

    private String amount(double mean) {
        return text(mean, advantage.standardError());
    }

    /** "mean ± error" with two digits of the error, so that a difference never looks like 0.0000 ± 0.0000. */
    public static String text(double mean, double error) {
        double scale = error > 0 ? error : Math.abs(mean);
        String number;
        if (scale > 0 && scale < SMALLEST_DECIMAL) {
            number = "%.1e";
        } else {
            number = "%." + (scale > 0 ? Math.max(0, 1 - (int) Math.floor(Math.log10(scale))) : 1) + "f";
        }
        return Double.isNaN(error)
                ? String.format(Locale.ROOT, number + ", its error is unknown", mean)
                : String.format(Locale.ROOT, number + " \u00b1 " + number, mean, error);
    }
}

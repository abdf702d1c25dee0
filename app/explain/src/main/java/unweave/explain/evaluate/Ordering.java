package unweave.explain.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import unweave.drsa.Estimate;

/**
 * Whether AUPC orders DRSA &lt; DSA &lt; random &lt; standard, as Table 4.4 of the thesis does at conv1 to conv4.
 * Neighbours in that order are compared input by input, which is sharper than comparing two means: the difference has a
 * standard error of its own.
 *
 * @param steps neighbours that were both evaluated
 */
public record Ordering(List<Step> steps) {
    private static final List<String> EXPECTED = List.of("DRSA", "DSA", "random", FlippingResult.STANDARD);
    /** A difference counts as shown when it is beyond this many standard errors. */
    private static final double CLEAR = 2;

    /**
     * One comparison.
     *
     * @param difference AUPC of {@code worse} less that of {@code better}; positive if they are ordered as expected
     */
    public record Step(String better, String worse, Estimate difference) {
        public boolean holds() {
            return difference.mean() > 0;
        }

        /** Whether the difference, either way, is beyond two standard errors. */
        public boolean clear() {
            return Math.abs(difference.mean()) > CLEAR * difference.standardError();
        }

        @Override
        public String toString() {
            String sign = holds() ? " < " : " > ";
            return better
                    + sign
                    + worse
                    + String.format(
                            Locale.ROOT,
                            " by %.4f \u00b1 %.4f",
                            Math.abs(difference.mean()),
                            difference.standardError())
                    + (clear() ? "" : " (within 2 SE)");
        }
    }

    static Ordering of(FlippingResult result) {
        List<String> there = EXPECTED.stream().filter(result::has).toList();
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i + 1 < there.size(); i++) {
            steps.add(new Step(
                    there.get(i),
                    there.get(i + 1),
                    ClassMean.ofDifferences(
                            result.of(there.get(i + 1)).aupc(),
                            result.of(there.get(i)).aupc())));
        }
        return new Ordering(steps);
    }

    /** Whether all neighbours are ordered as expected. */
    public boolean holds() {
        return steps.stream().allMatch(Step::holds);
    }

    /** Whether they are, and every difference is beyond two standard errors. */
    public boolean holdsClearly() {
        return steps.stream().allMatch(step -> step.holds() && step.clear());
    }

    /** "yes", "yes, but ..." or "no: ...". */
    public String verdict() {
        if (holdsClearly()) {
            return "yes, each step by more than 2 SE";
        }
        List<Step> exceptions = steps.stream()
                .filter(step -> holds() ? !step.clear() : !step.holds())
                .toList();
        String list = String.join("; ", exceptions.stream().map(Step::toString).toList());
        return holds() ? "yes, but " + list : "NO: " + list;
    }
}

package unweave.explain.evaluate;

import java.util.ArrayList;
import java.util.List;
import unweave.drsa.evaluation.AboveChance;
import unweave.drsa.evaluation.Comparison;
import unweave.drsa.evaluation.Comparison.Verdict;

/**
 * Whether AUPC orders DRSA &lt; DSA &lt; random &lt; standard, as Table 4.4 of the thesis does at conv1 to conv4.
 * Neighbours in that order are compared input by input ({@link Comparison}). There is no verdict about a network that
 * is not better than chance, nor where the logits are 0 from the start.
 *
 * @param steps neighbours that were both evaluated, the one expected to be better first
 * @param obstacle why there is no verdict, as a clause; empty if there is one
 */
public record Ordering(List<Comparison> steps, String obstacle) {
    private static final List<String> EXPECTED = List.of("DRSA", "DSA", "random", FlippingResult.STANDARD);

    static Ordering of(FlippingResult result, AboveChance network) {
        List<String> there = EXPECTED.stream().filter(result::has).toList();
        List<Comparison> steps = new ArrayList<>();
        for (int i = 0; i + 1 < there.size(); i++) {
            steps.add(result.compare(there.get(i), there.get(i + 1)));
        }
        String obstacle = "";
        if (!network.shown()) {
            obstacle = "the network is not shown to be better than chance";
        } else if (result.flippable().isEmpty()) {
            obstacle = "the class' logit is 0 before anything is flipped";
        } else if (steps.isEmpty()) {
            obstacle = "there is nothing to compare";
        }
        return new Ordering(steps, obstacle);
    }

    /** Whether it is shown that every neighbour is better than the next. */
    public boolean holds() {
        return obstacle.isEmpty() && steps.stream().allMatch(Comparison::firstIsBetter);
    }

    /** Whether it is shown that some neighbours are in the other order. */
    public boolean broken() {
        return obstacle.isEmpty() && steps.stream().anyMatch(step -> step.verdict() == Verdict.SECOND_BETTER);
    }

    /** "yes: ...", "no: ..." with the steps that break it, "undecided: ..." with those that are open, or why not. */
    public String verdict() {
        if (!obstacle.isEmpty()) {
            return "no verdict: " + obstacle;
        }
        if (holds()) {
            return "yes: " + list(Verdict.FIRST_BETTER);
        }
        return broken() ? "no: " + list(Verdict.SECOND_BETTER) : "undecided: " + list(Verdict.NOT_SHOWN);
    }

    private String list(Verdict verdict) {
        return String.join(
                "; ",
                steps.stream()
                        .filter(step -> step.verdict() == verdict)
                        .map(Comparison::toString)
                        .toList());
    }
}

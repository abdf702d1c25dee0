package unweave.explain.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.drsa.evaluation.Comparison;
import unweave.drsa.evaluation.Comparison.Verdict;

/**
 * What an evaluation found and what it could not decide, in about five lines.
 *
 * @param found sentences that are shown by the numbers
 * @param undecided sentences about what is not
 */
public record EvaluationSummary(List<String> found, List<String> undecided) {
    /** What the first method of a comparison has to beat, with the names that a sentence uses. */
    private static final Map<String, String> OPPONENTS = new LinkedHashMap<>();

    static {
        OPPONENTS.put(FlippingResult.FLOOR_OF_CONCEPTS, "flipping at random");
        OPPONENTS.put("random", "random subspaces");
        OPPONENTS.put("DSA", "DSA");
        OPPONENTS.put(FlippingResult.STANDARD, "the standard map");
    }

    static EvaluationSummary of(EvaluationResult result) {
        List<String> found = new ArrayList<>();
        List<String> undecided = new ArrayList<>();
        String network = result.aboveChance() + " (" + counts(result) + ")";
        if (result.aboveChance().shown()) {
            found.add("The network is better than chance on these sounds: " + network + ".");
            flipping(result, found, undecided);
            result.crossClass()
                    .forEach(layer -> found.add("Subspaces of other classes at " + layer.layer() + ", K = "
                            + layer.concepts() + ": " + layer.verdict(result.aboveChance()) + "."));
        } else {
            found.add(
                    "No verdict: the network is not shown to be better than chance on these sounds: " + network + ".");
            undecided.add("Explanations of a network that guesses explain guesses. The numbers below are as measured,"
                    + " and decide nothing. Train longer or on more sounds, check the labels, or evaluate with more"
                    + " sounds.");
        }
        undecided.addAll(result.remarks());
        if (result.aboveChance().shown()) {
            undecided.add("All of this is about one network. Which method is better for networks of this kind takes"
                    + " several, trained from different seeds.");
        }
        return new EvaluationSummary(found, undecided);
    }

    private static String counts(EvaluationResult result) {
        return String.join(
                ", ",
                result.classCounts().entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .toList());
    }

    private static void flipping(EvaluationResult result, List<String> found, List<String> undecided) {
        Map<String, List<FlippingResult>> bySubject = new LinkedHashMap<>();
        for (FlippingResult layer : result.flipping()) {
            layer.subject().filter(name -> !layer.flippable().isEmpty()).ifPresent(name -> bySubject
                    .computeIfAbsent(name, key -> new ArrayList<>())
                    .add(layer));
        }
        bySubject.forEach((subject, layers) -> {
            List<String> shown = new ArrayList<>();
            List<String> open = new ArrayList<>();
            OPPONENTS.forEach((opponent, name) -> {
                for (Verdict verdict : Verdict.values()) {
                    List<FlippingResult> there = layers.stream()
                            .filter(layer -> layer.has(opponent) && !opponent.equals(subject))
                            .filter(layer -> layer.compare(subject, opponent).verdict() == verdict)
                            .toList();
                    if (!there.isEmpty()) {
                        (verdict == Verdict.NOT_SHOWN ? open : shown)
                                .add(clause(subject, opponent, name, verdict, there));
                    }
                }
            });
            if (!shown.isEmpty()) {
                found.add("By patch flipping (AUPC): " + String.join("; ", shown) + ".");
            }
            if (!open.isEmpty()) {
                undecided.add("By patch flipping (AUPC): " + String.join("; ", open) + ".");
            }
        });
    }

    /** The comparison where it is the only one, otherwise its verdict with the layers. */
    private static String clause(
            String subject, String opponent, String name, Verdict verdict, List<FlippingResult> layers) {
        String places = String.join(
                ", ",
                layers.stream()
                        .map(layer -> layer.layer() + " (K = " + layer.concepts() + ")")
                        .toList());
        if (layers.size() == 1) {
            Comparison one = layers.get(0).compare(subject, opponent);
            return new Comparison(subject, name, one.advantage()) + " at " + places;
        }
        return switch (verdict) {
            case FIRST_BETTER -> subject + " better than " + name + " at " + places;
            case SECOND_BETTER -> name + " better than " + subject + " at " + places;
            case NOT_SHOWN -> subject + " or " + name + ": not shown at " + places;
        };
    }

    /** Found first, then what is not decided. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(found);
        undecided.forEach(line -> lines.add("Not decided: " + line));
        return lines;
    }
}

package unweave.explain.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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

    private static final String NAMES = "{}";
    /** Of more classes the counts are summed up. */
    private static final int LISTED_CLASSES = 12;

    static {
        OPPONENTS.put(FlippingResult.FLOOR_OF_CONCEPTS, "flipping at random");
        OPPONENTS.put("random", "random subspaces");
        OPPONENTS.put("DSA", "DSA");
        OPPONENTS.put(FlippingResult.STANDARD, "the standard map");
    }

    static EvaluationSummary of(EvaluationResult result) {
        List<String> found = new ArrayList<>();
        List<String> undecided = new ArrayList<>();
        String network = result.aboveChance() + ": " + counts(result);
        if (result.aboveChance().shown()) {
            found.add("The network knows these sounds better than by chance (" + network + ").");
            flipping(result, found, undecided);
            crossClass(result, found, undecided);
        } else {
            found.add(
                    "No verdict: the network is not shown to be better than chance on these sounds (" + network + ").");
            undecided.add("Explanations of a network that guesses explain guesses. The numbers below are as measured,"
                    + " and decide nothing. Train longer or on more sounds, check the labels, or evaluate with more"
                    + " sounds.");
        }
        undecided.addAll(result.remarks());
        if (result.aboveChance().shown()) {
            undecided.add("This is one network. Which method is better in general takes several networks, trained from"
                    + " different seeds.");
        }
        return new EvaluationSummary(found, undecided);
    }

    private static String counts(EvaluationResult result) {
        int[] counts = result.network().counts();
        if (counts.length > LISTED_CLASSES) {
            return Arrays.stream(counts).min().orElse(0) + " to "
                    + Arrays.stream(counts).max().orElse(0) + " of each class";
        }
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
            String shown = clauses(result, subject, layers, true);
            String open = clauses(result, subject, layers, false);
            if (!shown.isEmpty()) {
                found.add("Maps are judged by what happens when the parts that they mark are removed (patch flipping,"
                        + " AUPC): " + shown + ".");
            }
            if (!open.isEmpty()) {
                undecided.add(open + ".");
            }
        });
    }

    /** What is shown, or what is not, about a method and its opponents; those with the same result share a clause. */
    private static String clauses(EvaluationResult result, String subject, List<FlippingResult> layers, boolean shown) {
        Map<String, List<String>> opponents = new LinkedHashMap<>();
        OPPONENTS.forEach((opponent, name) -> {
            for (Verdict verdict : Verdict.values()) {
                List<FlippingResult> there = layers.stream()
                        .filter(layer -> layer.has(opponent) && !opponent.equals(subject))
                        .filter(layer -> layer.compare(subject, opponent).verdict() == verdict)
                        .toList();
                if (!there.isEmpty() && (verdict != Verdict.NOT_SHOWN) == shown) {
                    opponents
                            .computeIfAbsent(
                                    pattern(result, subject, opponent, name, verdict, there), key -> new ArrayList<>())
                            .add(name);
                }
            }
        });
        return opponents.entrySet().stream()
                .map(entry -> entry.getKey().replace(NAMES, String.join(", ", entry.getValue())))
                .collect(Collectors.joining("; "));
    }

    /** A clause with {@link #NAMES} in place of the opponents; with the difference where a single layer has it. */
    private static String pattern(
            EvaluationResult result,
            String subject,
            String opponent,
            String name,
            Verdict verdict,
            List<FlippingResult> layers) {
        String places = String.join(
                ", ",
                layers.stream()
                        .map(layer -> place(layer.layer(), layer.concepts(), result))
                        .toList());
        if (layers.size() == 1) {
            Comparison one = layers.get(0).compare(subject, opponent);
            return new Comparison(subject, name, one.advantage()) + " at " + places;
        }
        return switch (verdict) {
            case FIRST_BETTER -> subject + " better than " + NAMES + " at " + places;
            case SECOND_BETTER -> NAMES + " better than " + subject + " at " + places;
            case NOT_SHOWN -> subject + " or " + NAMES + ": not shown at " + places;
        };
    }

    /** Whether the subspaces of a class are its own: what is shown, layers with the same verdict together. */
    private static void crossClass(EvaluationResult result, List<String> found, List<String> undecided) {
        Map<String, List<String>> shown = new LinkedHashMap<>();
        List<String> open = new ArrayList<>();
        for (CrossClassResult layer : result.crossClass()) {
            String place = place(layer.layer(), layer.concepts(), result);
            if (layer.ownIsBest().isEmpty() && layer.otherIsBetter().isEmpty()) {
                open.add(place);
            } else {
                shown.computeIfAbsent(layer.verdict(result.aboveChance()), key -> new ArrayList<>())
                        .add(place);
            }
        }
        shown.forEach((verdict, places) ->
                found.add("Are subspaces a class' own? At " + String.join(", ", places) + " " + verdict + "."));
        if (!open.isEmpty()) {
            undecided.add("Whether subspaces are a class' own is not shown at " + String.join(", ", open) + ".");
        }
    }

    /** The layer, with K where there are several. */
    private static String place(String layer, int concepts, EvaluationResult result) {
        return result.flippingByConcepts().size() > 1 ? layer + " (K = " + concepts + ")" : layer;
    }

    /** Found first, then what is not decided. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(found);
        undecided.forEach(line -> lines.add("Not decided: " + line));
        return lines;
    }
}

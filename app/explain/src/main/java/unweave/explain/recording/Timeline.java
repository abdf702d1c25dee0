package unweave.explain.recording;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import unweave.explain.Decision;

/**
 * What a network decides along a recording, and which concepts it rests on.
 *
 * @param name of the recording: the file as the user named it
 * @param classNames the model's, in its order
 * @param hop distance of two windows in seconds
 * @param windowSeconds length of a window
 * @param windows in order of time
 */
public record Timeline(
        String name, List<String> classNames, double hop, double windowSeconds, List<TimelineWindow> windows) {
    public Timeline {
        windows = List.copyOf(windows);
    }

    /** Where the recording, or the part of it that was looked at, ends, in seconds. */
    public double end() {
        return windows.get(windows.size() - 1).end();
    }

    /** How many windows are silent. */
    public int silent() {
        return (int) windows.stream().filter(w -> w.decision().isEmpty()).count();
    }

    /** For every class that is split somewhere, in the model's order, its number of concepts. */
    public Map<String, Integer> concepts() {
        Map<String, Integer> found = new LinkedHashMap<>();
        for (TimelineWindow window : windows) {
            window.decision()
                    .filter(decision -> decision.through() != null)
                    .ifPresent(decision -> found.put(decision.through(), decision.concepts().length));
        }
        Map<String, Integer> ordered = new LinkedHashMap<>();
        classNames.stream().filter(found::containsKey).forEach(name -> ordered.put(name, found.get(name)));
        return ordered;
    }

    /** For every class the seconds in which the network decides for it: each window stands for one hop. */
    public Map<String, Double> seconds() {
        Map<String, Double> seconds = new LinkedHashMap<>();
        classNames.forEach(name -> seconds.put(name, 0.0));
        for (TimelineWindow window : windows) {
            window.decision()
                    .ifPresent(decision -> seconds.merge(
                            decision.decision().className(),
                            Math.min(hop, window.end() - window.start()),
                            Double::sum));
        }
        return seconds;
    }

    /**
     * The windows in which each concept has the most relevance; those of one concept do not overlap. Concepts that
     * nowhere speak for their class have none.
     *
     * @param most how many for each concept
     */
    public List<Passage> passages(int most) {
        List<Passage> passages = new ArrayList<>();
        Map<String, Integer> concepts = concepts();
        if (concepts.isEmpty()) {
            classNames.forEach(name -> passages.addAll(best(name, 0, most)));
        }
        concepts.forEach((name, count) ->
                IntStream.rangeClosed(1, count).forEach(concept -> passages.addAll(best(name, concept, most))));
        return passages;
    }

    private List<Passage> best(String className, int concept, int most) {
        List<Integer> candidates = IntStream.range(0, windows.size())
                .filter(i -> relevance(i, className, concept) > 0)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -relevance(i, className, concept)))
                .toList();
        List<Passage> best = new ArrayList<>();
        for (int window : candidates) {
            if (best.size() == most) {
                break;
            }
            double start = windows.get(window).start();
            if (best.stream()
                    .allMatch(other -> apart(windows.get(other.window()).start(), start))) {
                Decision decision = windows.get(window).decision().orElseThrow();
                double relevance = relevance(window, className, concept);
                best.add(new Passage(
                        window, className, concept, best.size() + 1, relevance, relevance / decision.relevance()));
            }
        }
        return best;
    }

    private boolean apart(double one, double other) {
        return Math.abs(one - other) >= windowSeconds - 1e-9;
    }

    /** Relevance of a concept in a window; 0 where another class is explained. */
    private double relevance(int window, String className, int concept) {
        return windows.get(window)
                .decision()
                .filter(decision ->
                        className.equals(concept == 0 ? decision.explained().className() : decision.through()))
                .map(decision -> concept == 0 ? decision.relevance() : decision.concepts()[concept - 1])
                .orElse(0.0);
    }
}

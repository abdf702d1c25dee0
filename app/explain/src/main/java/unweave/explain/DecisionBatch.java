package unweave.explain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import unweave.drsa.ConceptMaps;
import unweave.drsa.SubspaceSet;
import unweave.drsa.TwoStepAttribution;
import unweave.explain.data.Parallel;
import unweave.explain.progress.Progress;
import unweave.lrp.Attribution;
import unweave.lrp.Attributor;
import unweave.lrp.LayerwiseRelevance;
import unweave.lrp.Target;

/** Decisions about many sounds, which go through the network in batches: numbers only, no maps and no sounds. */
final class DecisionBatch {
    private final AudioModel model;
    private final LayerwiseRelevance relevance;
    private final Optional<SubspaceSet> subspaces;
    private final Choices choices;

    DecisionBatch(AudioModel model, LayerwiseRelevance relevance, Optional<SubspaceSet> subspaces, Choices choices) {
        this.model = model;
        this.relevance = relevance;
        this.subspaces = subspaces;
        this.choices = choices;
    }

    /**
     * Explains signals.
     *
     * @param names for messages
     * @param signals at the model's sample rate, none of them silent where the front end refuses that
     * @return one for each. Decisions for a class without subspaces are not split
     */
    List<Decision> explain(List<String> names, List<float[]> signals, Question question) {
        int size = model.network().description().input().features();
        float[] inputs = new float[Math.multiplyExact(size, signals.size())];
        try {
            Parallel.run(signals.size(), choices.threads(), Progress.none(), i -> {
                float[] input = model.analyse(names.get(i), signals.get(i)).input();
                System.arraycopy(input, 0, inputs, i * size, size);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return model.inTurn(() -> explain(names, inputs, size, question));
    }

    private List<Decision> explain(List<String> names, float[] inputs, int size, Question question) {
        int classes = model.classNames().size();
        float[] logits = model.network().predict(inputs, names.size());
        int asked = question.className() == null ? Target.DECISION : model.classIndex(question.className());
        int[] explained = new int[names.size()];
        List<List<Prediction>> predictions = new ArrayList<>();
        Map<Integer, List<Integer>> byConcepts = new LinkedHashMap<>();
        for (int i = 0; i < explained.length; i++) {
            float[] own = Arrays.copyOfRange(logits, i * classes, (i + 1) * classes);
            predictions.add(Prediction.of(names.get(i), model.network().description(), own));
            explained[i] = asked == Target.DECISION ? Target.decision(logits, i * classes, classes) : asked;
            int through = question.through() == null ? explained[i] : model.classIndex(question.through());
            boolean split = subspaces.isPresent() && subspaces.get().contains(through);
            byConcepts
                    .computeIfAbsent(split ? through : -1, key -> new ArrayList<>())
                    .add(i);
        }
        Decision[] decisions = new Decision[explained.length];
        byConcepts.forEach((through, places) -> {
            float[] chosen = new float[places.size() * size];
            int[] targets = new int[places.size()];
            for (int i = 0; i < targets.length; i++) {
                System.arraycopy(inputs, places.get(i) * size, chosen, i * size, size);
                targets[i] = explained[places.get(i)];
            }
            double[][] parts = through < 0 ? whole(chosen, targets, question) : split(chosen, targets, through);
            for (int i = 0; i < targets.length; i++) {
                List<Prediction> all = predictions.get(places.get(i));
                decisions[places.get(i)] = new Decision(
                        all,
                        all.get(targets[i]),
                        through < 0 ? null : model.classNames().get(through),
                        parts[i][0],
                        Arrays.copyOfRange(parts[i], 1, parts[i].length));
            }
        });
        return List.of(decisions);
    }

    private double[][] whole(float[] inputs, int[] targets, Question question) {
        int[] against = new int[targets.length];
        Arrays.fill(against, question.against() == null ? -1 : model.classIndex(question.against()));
        Attributor attributor = question.method()
                .attributor(model.frontEnd().silence(), choices.seed())
                .orElse(relevance);
        Attribution attribution =
                attributor.attribute(model.network(), inputs, targets.length, new Target(targets, against));
        double[][] sums = new double[targets.length][1];
        for (int i = 0; i < targets.length; i++) {
            sums[i][0] = attribution.sum(i);
        }
        return sums;
    }

    /** For each input the sum of its standard map, then those of its concepts. */
    private double[][] split(float[] inputs, int[] targets, int through) {
        TwoStepAttribution attribution = new TwoStepAttribution(
                model.network(), relevance, subspaces.orElseThrow().ofClass(through));
        ConceptMaps maps = attribution.attribute(inputs, targets);
        double[][] sums = new double[targets.length][1 + maps.concepts()[0].length];
        for (int i = 0; i < targets.length; i++) {
            sums[i][0] = maps.standardSum(i);
            for (int k = 1; k < sums[i].length; k++) {
                sums[i][k] = maps.conceptSum(i, k - 1);
            }
        }
        return sums;
    }
}

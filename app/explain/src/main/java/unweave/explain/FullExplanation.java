package unweave.explain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import unweave.audio.sonify.RelevanceSound;
import unweave.audio.spectral.FrontEnd;
import unweave.drsa.ConceptMaps;
import unweave.drsa.SubspaceSet;
import unweave.drsa.Subspaces;
import unweave.drsa.TwoStepAttribution;
import unweave.explain.data.Parallel;
import unweave.explain.progress.Progress;
import unweave.kernels.BadInputException;
import unweave.kernels.Spans;
import unweave.lrp.Attribution;
import unweave.lrp.Attributor;
import unweave.lrp.LayerwiseRelevance;
import unweave.lrp.Target;

/** Explains one decision in full, with its maps and sounds. {@link DecisionBatch} has the numbers of many decisions. */
final class FullExplanation {
    private final AudioModel model;
    private final LayerwiseRelevance relevance;
    private final Optional<SubspaceSet> subspaces;
    private final Choices choices;
    private final RelevanceSound sonification;

    FullExplanation(AudioModel model, LayerwiseRelevance relevance, Optional<SubspaceSet> subspaces, Choices choices) {
        this.model = model;
        this.relevance = relevance;
        this.subspaces = subspaces;
        this.choices = choices;
        this.sonification = RelevanceSound.of(model.frontEnd(), choices.inverse());
    }

    /** See {@link Explainer#explain(Excerpt, Question)}. */
    Explanation explain(Excerpt excerpt, Question question) {
        int classIndex = question.className() == null ? Target.DECISION : model.classIndex(question.className());
        int against = question.against() == null ? -1 : model.classIndex(question.against());
        int through = question.through() == null ? -1 : model.classIndex(question.through());
        float silence = model.frontEnd().silence();
        Optional<Attributor> other = question.method().attributor(silence, choices.seed());
        FrontEnd.Analysis input = model.analyse(excerpt.name(), excerpt.signal());
        if (other.isPresent() || against >= 0 || subspaces.isEmpty()) {
            if (through >= 0) {
                throw new BadInputException("an explanation through the subspaces of " + question.through()
                        + " needs subspaces, relevance propagation, and no class to subtract");
            }
            return whole(excerpt.name(), input, other.orElse(relevance), classIndex, against);
        }
        SubspaceSet set = subspaces.get();
        if (through >= 0) {
            Subspaces chosen = set.ofClass(through);
            return split(excerpt.name(), input, model.inTurn(() -> throughChosen(input, chosen, classIndex)), chosen);
        }
        ConceptMaps maps = model.inTurn(() -> classIndex == Target.DECISION
                ? TwoStepAttribution.attributeDecision(model.network(), relevance, set, input.input())
                : attribute(input, set.ofClass(classIndex), classIndex));
        return split(excerpt.name(), input, maps, set.ofClass(maps.classes()[0]));
    }

    /** See {@link Explainer#explain(float[], int, Subspaces)}. */
    Explanation explain(float[] signal, int classIndex, Subspaces through) {
        FrontEnd.Analysis input = model.analyse("sound", signal);
        return split("sound", input, model.inTurn(() -> attribute(input, through, classIndex)), through);
    }

    private Explanation whole(String name, FrontEnd.Analysis input, Attributor attributor, int asked, int against) {
        Attribution attribution = model.inTurn(() -> {
            int classIndex = asked != Target.DECISION || attributor == relevance
                    ? asked
                    : decision(model.network().predict(input.input(), 1));
            Target target = new Target(new int[] {classIndex}, new int[] {against});
            return attributor.attribute(model.network(), input.input(), 1, target);
        });
        List<Prediction> predictions = Prediction.of(name, model.network().description(), attribution.logits());
        Part standard = parts(input, attribution.map(0), new float[0][]).get(0);
        Conservation conservation = new Conservation(
                attribution.start()[0], Double.NaN, standard.map().sum(), Double.NaN, attribution.layers());
        return new Explanation(
                input,
                predictions,
                predictions.get(attribution.classes()[0]),
                Optional.empty(),
                standard,
                List.of(),
                conservation);
    }

    private ConceptMaps throughChosen(FrontEnd.Analysis input, Subspaces through, int asked) {
        int explained = asked == Target.DECISION ? decision(model.network().predict(input.input(), 1)) : asked;
        return attribute(input, through, explained);
    }

    private ConceptMaps attribute(FrontEnd.Analysis input, Subspaces through, int classIndex) {
        return new TwoStepAttribution(model.network(), relevance, through).attribute(input.input(), classIndex);
    }

    private Explanation split(String name, FrontEnd.Analysis input, ConceptMaps maps, Subspaces through) {
        List<Prediction> predictions = Prediction.of(name, model.network().description(), maps.logits()[0]);
        List<Part> parts = parts(input, maps.standard()[0], maps.concepts()[0]);
        Part standard = parts.get(0);
        Conservation conservation = new Conservation(
                maps.attributedLogit(0),
                maps.layerRelevance()[0],
                standard.map().sum(),
                maps.conceptSumError(0),
                maps.ledger().entries());
        return new Explanation(
                input,
                predictions,
                predictions.get(maps.classes()[0]),
                Optional.of(through),
                standard,
                parts.subList(1, parts.size()),
                conservation);
    }

    /** The whole and the concepts, each with its sound; the sounds are made at the same time. */
    private List<Part> parts(FrontEnd.Analysis input, float[] standard, float[][] concepts) {
        Part[] parts = new Part[1 + concepts.length];
        RelevanceMap whole = new RelevanceMap(model.axes().rows(standard), model.axes());
        double total = whole.sum();
        try {
            Parallel.run(parts.length, choices.threads(), Progress.none(), i -> {
                String name = i == 0 ? Part.STANDARD : Part.conceptName(i);
                float[] values = i == 0 ? standard : concepts[i - 1];
                RelevanceMap map =
                        i == 0 ? whole : new RelevanceMap(model.axes().rows(values), model.axes());
                try (Spans.Span span = model.network().backend().spans().open("audio", "sound of " + name)) {
                    Sound sound = new Sound(
                            name,
                            sonification.sound(input, values),
                            model.frontEnd().sampleRate(),
                            0);
                    parts[i] = new Part(name, map.sum() / total, map, sound);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of(parts);
    }

    private static int decision(float[] logits) {
        return Target.decision(logits, 0, logits.length);
    }
}

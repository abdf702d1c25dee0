package unweave.experiments.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import unweave.drsa.ConceptMaps;
import unweave.drsa.ConceptMatching;
import unweave.drsa.Estimate;
import unweave.drsa.Method;
import unweave.drsa.ObjectRecovery;
import unweave.drsa.TwoStepAttribution;
import unweave.drsa.evaluation.ClassAverage;
import unweave.engine.model.Model;
import unweave.explain.evaluate.FlippingResult;
import unweave.explain.evaluate.Variant;
import unweave.explain.progress.Monitor;
import unweave.explain.progress.Progress;
import unweave.lrp.LayerwiseRelevance;

/** Object recovery where the objects are known: on synthetic sounds. */
public final class ObjectStudy {
    private final Model model;
    private final LayerwiseRelevance relevance;
    private final List<SyntheticInputs.CompleteSamples> classes;
    private final Monitor monitor;

    /** @param classes sounds of every class, by class index */
    public ObjectStudy(
            Model model, LayerwiseRelevance relevance, List<SyntheticInputs.CompleteSamples> classes, Monitor monitor) {
        this.model = model;
        this.relevance = relevance;
        this.classes = classes;
        this.monitor = monitor;
    }

    /**
     * Scores the concepts of the variants.
     *
     * @param variants of one layer and K; several of one method are averaged
     */
    public ObjectResult run(String layer, int concepts, List<Variant> variants) {
        List<ObjectResult.Row> rows = new ArrayList<>();
        Estimate baseRate = null;
        try (Progress progress =
                monitor.progress("object recovery, " + layer, (long) variants.size() * classes.size())) {
            int done = 0;
            for (Method method : Method.values()) {
                List<ObjectRecovery> scores = new ArrayList<>();
                int seeds = Variant.of(variants, method).size();
                for (Variant variant : Variant.of(variants, method)) {
                    for (int c = 0; c < classes.size(); c++) {
                        scores.add(score(variant, c));
                        progress.at(++done, method.toString());
                    }
                }
                if (!scores.isEmpty()) {
                    baseRate = ClassAverage.of(scores.get(0).objects().stream()
                            .map(ObjectRecovery.ObjectScore::baseRate)
                            .toList());
                    rows.add(new ObjectResult.Row(
                            FlippingResult.name(method),
                            mean(scores, seeds, ObjectRecovery::recovery),
                            mean(scores, seeds, ObjectRecovery::ownAssignment)));
                }
            }
        }
        return new ObjectResult(layer, concepts, baseRate, rows);
    }

    private ObjectRecovery score(Variant variant, int classIndex) {
        SyntheticInputs.CompleteSamples samples = classes.get(classIndex);
        ConceptMaps maps = new TwoStepAttribution(
                        model, relevance, variant.set().ofClass(classIndex))
                .attribute(samples.inputs().concatenated(), samples.inputs().labels());
        return new ConceptMatching(ConceptMatching.DEFAULT_DECIBELS)
                .score(maps.concepts(), maps.standard(), samples.objects());
    }

    /** Seeds see the same sounds, so their errors are not independent: the error is that of one seed. */
    private static Estimate mean(List<ObjectRecovery> scores, int seeds, Function<ObjectRecovery, Estimate> figure) {
        Estimate all = ClassAverage.of(scores.stream().map(figure).toList());
        return new Estimate(all.mean(), all.standardError() * Math.sqrt(seeds), all.count() / seeds);
    }
}

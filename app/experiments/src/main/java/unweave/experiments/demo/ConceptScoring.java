package unweave.experiments.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import unweave.drsa.ConceptMaps;
import unweave.drsa.ConceptMatching;
import unweave.drsa.Method;
import unweave.drsa.ObjectRecovery;
import unweave.drsa.Subspaces;
import unweave.drsa.TwoStepAttribution;
import unweave.drsa.evaluation.MapInformation;
import unweave.drsa.evaluation.ObjectInformation;
import unweave.drsa.evaluation.PartEffects;
import unweave.engine.model.Model;
import unweave.experiments.synthetic.SyntheticInputs;
import unweave.explain.progress.Monitor;
import unweave.explain.progress.Progress;
import unweave.lrp.LayerwiseRelevance;

/** Measures on the sounds of one class what the concepts of several methods stand for. */
final class ConceptScoring {
    private final Model model;
    private final LayerwiseRelevance relevance;
    private final SyntheticInputs.CompleteSamples samples;
    private final Monitor monitor;

    ConceptScoring(
            Model model, LayerwiseRelevance relevance, SyntheticInputs.CompleteSamples samples, Monitor monitor) {
        this.model = model;
        this.relevance = relevance;
        this.samples = samples;
        this.monitor = monitor;
    }

    /** Scores the subspaces of every method, in their order. */
    List<MethodResult> score(String task, Map<Method, List<Subspaces>> found) {
        List<Subspaces> all = found.values().stream().flatMap(List::stream).toList();
        List<MethodResult> results = new ArrayList<>();
        try (Progress progress = monitor.progress(task, found.size() + 1)) {
            // One explanation of every mixture serves all subspaces.
            List<ObjectInformation> effects = new PartEffects(model, relevance)
                    .of(samples.inputs().labels()[0], samples.mixtures(), all).stream()
                            .map(ObjectInformation::of)
                            .toList();
            int first = 0;
            for (Map.Entry<Method, List<Subspaces>> entry : found.entrySet()) {
                progress.at(results.size() + 1, DemoResult.name(entry.getKey()));
                int last = first + entry.getValue().size();
                results.add(score(entry.getKey(), entry.getValue(), effects.subList(first, last)));
                first = last;
            }
        }
        return results;
    }

    private MethodResult score(Method method, List<Subspaces> subspaces, List<ObjectInformation> effects) {
        ConceptMatching matching = new ConceptMatching(ConceptMatching.DEFAULT_DECIBELS);
        List<ObjectInformation> information = new ArrayList<>();
        List<ObjectRecovery> recoveries = new ArrayList<>();
        double conceptSumError = 0;
        double conservation = 0;
        for (Subspaces one : subspaces) {
            ConceptMaps maps = new TwoStepAttribution(model, relevance, one)
                    .attribute(samples.inputs().concatenated(), samples.inputs().labels());
            information.add(MapInformation.of(maps.concepts(), samples.objects(), samples.backgrounds()));
            recoveries.add(matching.score(maps.concepts(), maps.standard(), samples.objects()));
            conceptSumError = Math.max(conceptSumError, maps.conceptSumError());
            for (int i = 0; i < maps.count(); i++) {
                conservation += maps.conservationError(i) / maps.count() / subspaces.size();
            }
        }
        return new MethodResult(method, subspaces, effects, information, recoveries, conceptSumError, conservation);
    }
}

package unweave.experiments.reproduce;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import unweave.audio.random.SeededRandom;
import unweave.drsa.ContextData;
import unweave.drsa.Method;
import unweave.drsa.SubspaceFile;
import unweave.drsa.SubspaceSet;
import unweave.drsa.Subspaces;
import unweave.drsa.evaluation.OrthogonalizationDifference;
import unweave.engine.model.Model;
import unweave.explain.data.InputSet;
import unweave.explain.evaluate.FlippingResult;
import unweave.explain.evaluate.Variant;
import unweave.explain.output.OutputFolder;
import unweave.explain.output.StepResults;
import unweave.explain.preset.SubspacePlan;
import unweave.explain.progress.Monitor;
import unweave.explain.subspace.SubspaceFitting;
import unweave.kernels.Orthogonalization;
import unweave.lrp.LayerwiseRelevance;

/** The subspaces of a chapter: found once, one class, layer, K and method after another, and kept as files. */
final class SubspaceLibrary {
    private final ChapterPlan plan;
    private final Model model;
    private final LayerwiseRelevance relevance;
    private final OutputFolder out;
    private final StepResults steps;
    private final Monitor monitor;

    SubspaceLibrary(
            ChapterPlan plan,
            Model model,
            LayerwiseRelevance relevance,
            OutputFolder out,
            StepResults steps,
            Monitor monitor) {
        this.plan = plan;
        this.model = model;
        this.relevance = relevance;
        this.out = out;
        this.steps = steps;
        this.monitor = monitor;
    }

    /**
     * One search: which subspaces, without their class.
     *
     * @param seedNumber 0 for the seed of the chapter; others for random subspaces and for single searches from other
     *     starts
     */
    record Search(String layer, int concepts, Method method, int seedNumber) {
        String name(int classIndex) {
            return layer + "-K" + concepts + "-" + FlippingResult.name(method) + (seedNumber == 0 ? "" : seedNumber)
                    + "-class" + classIndex;
        }
    }

    /** What is noted of a search beside its file. */
    record Found(String className, float objective, int bestStart, double[] relevanceShares) {}

    /** All methods at all layers with K, and with the other choices of K where the plan has them. */
    List<Search> searches() {
        List<Search> searches = new ArrayList<>();
        for (String layer : plan.layers()) {
            searches.addAll(searches(layer, plan.concepts()));
        }
        for (int concepts : plan.otherConcepts()) {
            for (String layer : plan.otherLayers()) {
                searches.addAll(searches(layer, concepts));
            }
        }
        for (Method method : List.of(Method.DRSA, Method.DSA)) {
            searches.addAll(otherStarts(method));
        }
        return searches;
    }

    /** Searches from a single start each, to compare where they end. */
    List<Search> otherStarts(Method method) {
        return IntStream.rangeClosed(1, plan.otherStarts())
                .mapToObj(seed -> new Search(plan.layer(), plan.concepts(), method, seed))
                .toList();
    }

    List<Search> searches(String layer, int concepts) {
        List<Search> searches = new ArrayList<>(
                List.of(new Search(layer, concepts, Method.DRSA, 0), new Search(layer, concepts, Method.DSA, 0)));
        IntStream.range(0, plan.randomSeeds())
                .forEach(seed -> searches.add(new Search(layer, concepts, Method.RANDOM, seed)));
        return searches;
    }

    /**
     * Finds what has not been found yet. The data of a class are read, and its vectors collected, only if they are
     * needed.
     */
    void findAll(ChapterData data) throws IOException {
        for (int classIndex = 0; classIndex < data.classNames().size(); classIndex++) {
            InputSet training = null;
            for (String layer : plan.layers()) {
                ContextData contexts = null;
                for (Search search : searches().stream()
                        .filter(one -> one.layer().equals(layer))
                        .toList()) {
                    if (steps.has(step(search, classIndex))) {
                        continue;
                    }
                    training = training == null ? data.training(classIndex) : training;
                    SubspaceFitting fitting = fitting(search);
                    contexts = contexts == null ? fitting.contexts(classIndex, training) : contexts;
                    find(search, classIndex, fitting, contexts);
                }
            }
        }
    }

    /** Of the first step of the search for the first class at the layer of the figures. */
    OrthogonalizationDifference orthogonalization(ChapterData data) throws IOException {
        return steps.get("orthogonalization", OrthogonalizationDifference.class, () -> {
            SubspaceFitting fitting = fitting(new Search(plan.layer(), plan.concepts(), Method.DRSA, 0));
            return fitting.orthogonalization(fitting.contexts(0, data.training(0)));
        });
    }

    private SubspaceFitting fitting(Search search) {
        SubspacePlan preset = plan.preset().subspaces();
        return new SubspaceFitting(
                model,
                relevance,
                new SubspacePlan(
                        search.layer(),
                        search.concepts(),
                        preset.inputs(),
                        preset.positions(),
                        plan.steps(),
                        otherStart(search) ? 1 : preset.starts()),
                Orthogonalization.AUTO,
                plan.seed(),
                monitor);
    }

    private void find(Search search, int classIndex, SubspaceFitting fitting, ContextData contexts) throws IOException {
        steps.get(step(search, classIndex), Found.class, () -> {
            Subspaces found = search.method() == Method.RANDOM || otherStart(search)
                    ? fitting.fit(search.method(), contexts, SeededRandom.seed(plan.seed(), search.seedNumber()))
                    : fitting.fit(search.method(), contexts);
            SubspaceFile.save(out.prepare(file(search, classIndex)), new SubspaceSet(List.of(found)));
            return new Found(
                    found.provenance().className(), found.objective(), found.bestStart(), found.relevanceShares());
        });
    }

    private static boolean otherStart(Search search) {
        return search.method() != Method.RANDOM && search.seedNumber() > 0;
    }

    private static String step(Search search, int classIndex) {
        return "subspaces-" + search.name(classIndex);
    }

    private static String file(Search search, int classIndex) {
        return "subspaces/" + search.name(classIndex) + ".safetensors";
    }

    /** The subspaces of all classes that a search found. */
    Variant variant(Search search) throws IOException {
        List<Subspaces> classes = new ArrayList<>();
        for (int classIndex = 0; classIndex < model.description().classNames().size(); classIndex++) {
            Path file = out.path().resolve(file(search, classIndex));
            classes.add(SubspaceFile.load(file, model).ofClass(classIndex));
        }
        return new Variant(
                search.layer(), search.concepts(), search.method(), search.seedNumber(), new SubspaceSet(classes));
    }

    Variant variant(String layer, int concepts, Method method) throws IOException {
        return variant(new Search(layer, concepts, method, 0));
    }

    List<Variant> variants(String layer, int concepts) throws IOException {
        return variants(searches(layer, concepts));
    }

    List<Variant> variants(List<Search> searches) throws IOException {
        List<Variant> variants = new ArrayList<>();
        for (Search search : searches) {
            variants.add(variant(search));
        }
        return variants;
    }
}

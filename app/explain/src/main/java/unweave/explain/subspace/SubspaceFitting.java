package unweave.explain.subspace;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import unweave.audio.random.SeededRandom;
import unweave.drsa.ContextData;
import unweave.drsa.ContextSampler;
import unweave.drsa.Method;
import unweave.drsa.SubspaceOptimizer;
import unweave.drsa.SubspaceSettings;
import unweave.drsa.Subspaces;
import unweave.drsa.evaluation.OrthogonalizationDifference;
import unweave.engine.layer.LayerShape;
import unweave.engine.model.Model;
import unweave.explain.data.InputSet;
import unweave.explain.preset.SubspacePlan;
import unweave.explain.progress.Monitor;
import unweave.explain.progress.Progress;
import unweave.kernels.BadInputException;
import unweave.kernels.Orthogonalization;
import unweave.lrp.LayerwiseRelevance;

/**
 * From a model and training inputs to the subspaces of a class (thesis 4.1.2): draw inputs, collect activations and
 * contexts, optimise.
 */
public final class SubspaceFitting {
    private final Model model;
    private final LayerwiseRelevance relevance;
    private final SubspacePlan plan;
    private final SubspaceSettings settings;
    private final long seed;
    private final Monitor monitor;

    /** @throws BadInputException if the layer does not exist or K does not divide its channels */
    public SubspaceFitting(
            Model model,
            LayerwiseRelevance relevance,
            SubspacePlan plan,
            Orthogonalization orthogonalization,
            long seed,
            Monitor monitor) {
        this.model = model;
        this.relevance = relevance;
        this.plan = plan;
        this.settings = new SubspaceSettings(plan.concepts(), plan.steps(), plan.starts(), seed, 1f, orthogonalization);
        this.seed = seed;
        this.monitor = monitor;
        LayerShape shape = model.description().outputShape(plan.layer());
        settings.requireDivides(plan.layer(), shape.vectorLength());
    }

    /**
     * Activations and contexts of a class.
     *
     * @param inputs all training inputs; those of the class are drawn from
     */
    public ContextData contexts(int classIndex, InputSet inputs) {
        String name = model.description().classNames().get(classIndex);
        InputSet candidates = inputs.ofClass(classIndex);
        if (candidates.size() == 0) {
            throw new BadInputException("class " + name + " has no training inputs to find subspaces with");
        }
        if (candidates.size() < plan.inputs()) {
            monitor.note(String.format(
                    Locale.ROOT,
                    "class %s has %d training inputs, fewer than the %d asked for: all are used",
                    name,
                    candidates.size(),
                    plan.inputs()));
        }
        int count = Math.min(plan.inputs(), candidates.size());
        int[] order = SeededRandom.of(seed, classIndex).permutation(candidates.size());
        List<Integer> chosen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            chosen.add(order[i]);
        }
        LayerShape shape = model.description().outputShape(plan.layer());
        int positions = Math.min(plan.positions(), shape.positions());
        return new ContextSampler(model, relevance)
                .sample(
                        plan.layer(),
                        classIndex,
                        candidates.select(chosen).concatenated(),
                        count,
                        positions,
                        plan.window(),
                        SeededRandom.seed(seed, classIndex));
    }

    /** How far a step of the search is from one with the thesis' orthogonalisation in float64. */
    public OrthogonalizationDifference orthogonalization(ContextData data) {
        return OrthogonalizationDifference.measure(model.backend(), settings, data);
    }

    /** The subspaces in which the class' relevance falls apart best. */
    public Subspaces fit(Method method, ContextData data) {
        return fit(method, data, settings);
    }

    /** As {@link #fit(Method, ContextData)}, from other random starts. */
    public Subspaces fit(Method method, ContextData data, long otherSeed) {
        return fit(method, data, settings.withSeed(otherSeed));
    }

    private Subspaces fit(Method method, ContextData data, SubspaceSettings chosen) {
        String task = method + " subspaces of " + data.provenance().className() + ", "
                + data.provenance().layer();
        try (Progress progress = monitor.progress(task, chosen.steps())) {
            return new SubspaceOptimizer(model.backend(), chosen)
                    .optimize(method, data, (step, steps, objectives, left) -> {
                        float best = Float.NEGATIVE_INFINITY;
                        for (float objective : objectives) {
                            best = Math.max(best, objective);
                        }
                        progress.at(step, String.format(Locale.ROOT, "J %.4f", best));
                    });
        }
    }
}

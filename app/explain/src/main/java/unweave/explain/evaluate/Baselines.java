package unweave.explain.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import unweave.audio.random.SeededRandom;
import unweave.drsa.ContextData;
import unweave.drsa.Method;
import unweave.drsa.SubspaceSet;
import unweave.drsa.Subspaces;
import unweave.engine.model.Model;
import unweave.explain.data.InputSet;
import unweave.explain.preset.SubspacePlan;
import unweave.explain.progress.Monitor;
import unweave.explain.subspace.SubspaceFitting;
import unweave.lrp.LayerwiseRelevance;

/** Subspaces to compare given ones with: DSA and random ones of the same layer, classes and K (thesis 4.2.3.1). */
public final class Baselines {
    private final Model model;
    private final LayerwiseRelevance relevance;
    private final long seed;
    private final Monitor monitor;

    public Baselines(Model model, LayerwiseRelevance relevance, long seed, Monitor monitor) {
        this.model = model;
        this.relevance = relevance;
        this.seed = seed;
        this.monitor = monitor;
    }

    /** Where the inputs of a class come from; read when they are needed. */
    @FunctionalInterface
    public interface Inputs {
        InputSet ofClass(int classIndex) throws IOException;
    }

    /** DSA subspaces, searched as the given ones were. */
    public Variant dsa(Variant like, Inputs training) throws IOException {
        return find(like, Method.DSA, 0, training);
    }

    /** Random subspaces of several seeds; {@code inputs} only decide their order. */
    public List<Variant> random(Variant like, int seeds, Inputs inputs) throws IOException {
        List<Variant> variants = new ArrayList<>();
        for (int number : IntStream.range(0, seeds).toArray()) {
            variants.add(find(like, Method.RANDOM, number, inputs));
        }
        return variants;
    }

    private Variant find(Variant like, Method method, int seedNumber, Inputs inputs) throws IOException {
        List<Subspaces> classes = new ArrayList<>();
        for (Subspaces given : like.set().all()) {
            int classIndex = given.provenance().classIndex();
            InputSet source = inputs.ofClass(classIndex);
            int count = method == Method.RANDOM
                    ? Math.min(source.size(), given.provenance().inputs())
                    : given.provenance().inputs();
            SubspacePlan plan = new SubspacePlan(
                    like.layer(),
                    like.concepts(),
                    count,
                    given.provenance().positionsPerInput(),
                    given.provenance().window(),
                    given.settings().steps(),
                    given.settings().starts());
            SubspaceFitting fitting =
                    new SubspaceFitting(model, relevance, plan, given.settings().orthogonalization(), seed, monitor);
            ContextData contexts = fitting.contexts(classIndex, source);
            classes.add(
                    method == Method.RANDOM
                            ? fitting.fit(method, contexts, SeededRandom.seed(seed, seedNumber))
                            : fitting.fit(method, contexts));
        }
        return new Variant(like.layer(), like.concepts(), method, seedNumber, new SubspaceSet(classes));
    }
}

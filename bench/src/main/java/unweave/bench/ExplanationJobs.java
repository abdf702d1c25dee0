package unweave.bench;

import java.util.List;
import unweave.bench.network.NetworkCase;
import unweave.bench.network.NetworkCase.Work;
import unweave.drsa.ConceptMaps;
import unweave.drsa.Subspaces;
import unweave.drsa.TwoStepAttribution;
import unweave.drsa.evaluation.EvaluationProgress;
import unweave.drsa.evaluation.PatchFlipping;
import unweave.drsa.evaluation.SubspaceFlipping;
import unweave.engine.layer.Layer;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;
import unweave.lrp.Composite;
import unweave.lrp.LayerwiseRelevance;

/**
 * Heatmaps of the gtzan network and of the group of networks: a batch of them, one input's standard and concept maps,
 * and the forward passes that evaluate them.
 */
final class ExplanationJobs {
    private static final String LAYER = JobData.CONCEPT_LAYER;
    private static final int CONCEPTS = JobData.CONCEPTS;
    /** A whole batch of the evaluation. */
    private static final int FLIPPED = 32;

    private ExplanationJobs() {}

    static List<Job> all() {
        return List.of(
                heatmaps("gtzan", ModelDescription.gtzan(), 16),
                new Job(
                        "one gtzan input, standard map + 4 concepts at conv4",
                        0,
                        1,
                        (backend, threads) -> new Concepts(
                                Model.create(ModelDescription.gtzan(), backend, 1), Composite.gtzan(), LAYER)),
                new Job(
                        "patch flipping of one gtzan input of " + FLIPPED + ", standard map + 4 concepts at conv4",
                        0,
                        1.0 / FLIPPED,
                        (backend, threads) -> new Flipping(backend)));
    }

    /** Relevance of the inputs of a batch by the gtzan composite. */
    static Job heatmaps(String model, ModelDescription description, int batch) {
        String name = "LRP, " + model + " composite, batch " + batch;
        return new Job(
                name,
                batch * flops(description),
                1,
                (backend, threads) -> new Heatmaps(Model.create(description, backend, 1), Composite.gtzan(), batch));
    }

    /** Relevance of the inputs of a batch by the network's composite, batch normalisation merged. */
    static Job heatmaps(NetworkCase network) {
        return new Job(
                network.job(Work.RELEVANCE),
                network.batch() * flops(network.description()),
                1,
                (backend, threads) -> new Heatmaps(network.merged(backend), network.composite(), network.batch()));
    }

    /** One input's standard map and those of the concepts of one layer, batch normalisation merged. */
    static Job concepts(NetworkCase network) {
        return new Job(
                network.job(Work.CONCEPTS),
                0,
                1,
                (backend, threads) ->
                        new Concepts(network.merged(backend), network.composite(), network.conceptLayer()));
    }

    /**
     * Of one input: every layer runs forward and carries relevance back; behind the first one, convolutions (gamma
     * rule) need their denominators as well. Dense layers (epsilon rule) divide by what the forward pass gave, and the
     * first layer (w^2 rule) by what depends on weights alone.
     */
    private static double flops(ModelDescription description) {
        double flops = 2 * NetworkJobs.flops(description);
        for (Layer layer : description.layers().subList(1, description.layers().size())) {
            flops += layer.isConvolution() ? NetworkJobs.flops(description, layer) : 0;
        }
        return flops;
    }

    private static final class Heatmaps implements PreparedJob {
        private final Model model;
        private final LayerwiseRelevance relevance;
        private final float[] inputs;
        private final int[] classes;

        Heatmaps(Model model, Composite composite, int batch) {
            this.model = model;
            relevance = new LayerwiseRelevance(composite);
            inputs = JobData.inputs(model.description(), batch);
            classes = JobData.classes(model.description(), batch);
        }

        @Override
        public double run() {
            return relevance.attribute(model, inputs, classes.length, classes).sum(0);
        }

        @Override
        public void close() {
            relevance.close();
            model.close();
        }
    }

    private static final class Concepts implements PreparedJob {
        private final Model model;
        private final LayerwiseRelevance relevance;
        private final TwoStepAttribution attribution;
        private final float[] input;

        Concepts(Model model, Composite composite, String layer) {
            this.model = model;
            relevance = new LayerwiseRelevance(composite);
            attribution = new TwoStepAttribution(model, relevance, JobData.subspaces(model.description(), layer));
            input = JobData.inputs(model.description(), 1);
        }

        @Override
        public double run() {
            ConceptMaps maps = attribution.attribute(input, 0);
            return maps.standardSum(0) + maps.conceptSum(0, CONCEPTS - 1);
        }

        @Override
        public void close() {
            relevance.close();
            model.close();
        }
    }

    private static final class Flipping implements PreparedJob {
        private final Model model;
        private final LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.gtzan());
        private final SubspaceFlipping flipping;
        private final Subspaces subspaces;
        private final float[] inputs;
        private final int[] classes;

        Flipping(Backend backend) {
            ModelDescription description = ModelDescription.gtzan();
            model = Model.create(description, backend, 1);
            flipping = new SubspaceFlipping(model, relevance, new PatchFlipping(model, PatchFlipping.THESIS_SIDE));
            subspaces = JobData.subspaces(description, LAYER);
            inputs = JobData.inputs(description, FLIPPED);
            classes = JobData.classes(description, FLIPPED);
        }

        @Override
        public double run() {
            SubspaceFlipping.Result result =
                    flipping.evaluate(inputs, classes, List.of(subspaces), EvaluationProgress.SILENT);
            return result.standard().aupc(0) + result.variants().get(0).aupc(0);
        }

        @Override
        public void close() {
            relevance.close();
            model.close();
        }
    }
}

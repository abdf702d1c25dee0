package unweave.bench.peers;

import static unweave.bench.peers.TorchRules.detached;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import unweave.bench.JobData;
import unweave.bench.PeerJob;
import unweave.bench.PreparedJob;
import unweave.bench.network.NetworkCase;
import unweave.bench.network.NetworkCase.Weighted;
import unweave.bench.peers.TorchNetwork.Layer;
import unweave.bench.peers.TorchRules.Step;
import unweave.drsa.ConceptMaps;
import unweave.drsa.Subspaces;
import unweave.drsa.TwoStepAttribution;
import unweave.engine.layer.Activate;
import unweave.engine.layer.Add;
import unweave.engine.layer.Concat;
import unweave.engine.layer.Dense;
import unweave.engine.layer.Dropout;
import unweave.engine.layer.Flatten;
import unweave.engine.layer.GlobalMaxPool;
import unweave.engine.layer.LayerShape;
import unweave.engine.layer.MaxPool;
import unweave.engine.layer.Reduce;
import unweave.engine.layer.Relu;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;
import unweave.lrp.Composites;
import unweave.lrp.LayerwiseRelevance;

/**
 * Layer-wise relevance by {@link TorchRules}. Max-pooling passes relevance as its gradient does, activations pass all
 * of it. z of the forward pass is used again where a rule needs it, where zennit computes it anew.
 */
final class TorchRelevance implements AutoCloseable {
    /** The rules of the layers. */
    enum Composite {
        /** Of the thesis: w^2, then gamma in conv2 to conv5, epsilon in dense layers. */
        GTZAN(1e-7f),
        /** z+ in convolutions, epsilon in dense layers, gamma(1) in additions. */
        EPSILON_PLUS(1e-6f);

        private static final float[] GAMMAS = {0.4f, 0.4f, 0.2f, 0.1f};

        private final float epsilon;

        Composite(float epsilon) {
            this.epsilon = epsilon;
        }

        private PtNDArray convolution(Step step, PtNDArray relevance) {
            if (this == EPSILON_PLUS) {
                return TorchRules.zPlus(step, relevance);
            }
            int number = Integer.parseInt(step.layer().name().substring("conv".length()));
            return number == 1
                    ? TorchRules.square(step, relevance)
                    : TorchRules.gamma(step, relevance, GAMMAS[number - 2]);
        }
    }

    private final TorchNetwork network;
    private final Composite composite;
    private final int conceptStep;

    /** @param conceptLayer the layer whose concepts are explained, by the ReLU behind it if there is one */
    TorchRelevance(Weighted weighted, MemoryFormat format, Composite composite, String conceptLayer) {
        network = new TorchNetwork(weighted, format);
        this.composite = composite;
        int named = weighted.description().layerNames().indexOf(conceptLayer);
        List<Layer> layers = network.layers();
        boolean activated = !(layers.get(named).description() instanceof Relu)
                && layers.get(named + 1).description() instanceof Relu;
        conceptStep = activated ? named + 1 : named;
    }

    /** As {@link TorchNetwork#arranged}. */
    float[] arranged(float[] inputs) {
        return network.arranged(inputs);
    }

    /**
     * Relevance of the inputs for the logits of the given classes, N C H W.
     *
     * @param inputs {@link #arranged}
     */
    float[] heatmaps(float[] inputs, int[] classes) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            List<Step> steps = forward(network.images(inputs, classes.length));
            Step last = steps.get(steps.size() - 1);
            return downTo(unweave.engine.layer.Layer.INPUT, steps, last, target(last, classes))
                    .toFloatArray();
        }
    }

    /**
     * The standard map of one input and those of K subspaces, (K + 1) C H W: one forward and one upper pass, then K + 1
     * maps as a batch.
     *
     * @param input {@link #arranged}
     */
    float[] concepts(float[] input, int classIndex, NDArray basis, int subspaces) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            List<Step> steps = forward(network.images(input, 1));
            Step last = steps.get(steps.size() - 1);
            Step concept = steps.get(conceptStep);
            PtNDArray relevance = downTo(
                    concept.layer().name(), steps.subList(conceptStep + 1, steps.size()), last, target(last, new int[] {
                        classIndex
                    }));
            PtNDArray all = split(detached(concept.y()), relevance, basis, subspaces);
            List<Step> repeated = new ArrayList<>();
            for (Step step : steps.subList(0, conceptStep + 1)) {
                repeated.add(repeat(step, subspaces + 1));
            }
            return downTo(unweave.engine.layer.Layer.INPUT, repeated, repeated.get(conceptStep), all)
                    .toFloatArray();
        }
    }

    /**
     * Dense layers and pooling are recorded by automatic differentiation; of the others inputs and output are enough.
     */
    private List<Step> forward(PtNDArray images) {
        Map<String, PtNDArray> outputs = new HashMap<>();
        outputs.put(unweave.engine.layer.Layer.INPUT, images);
        List<Step> steps = new ArrayList<>();
        for (Layer layer : network.layers()) {
            Step step = step(layer, layer.reads().stream().map(outputs::get).toList());
            steps.add(step);
            outputs.put(layer.name(), detached(step.y()));
        }
        return steps;
    }

    private static boolean isRecorded(Layer layer) {
        unweave.engine.layer.Layer description = layer.description();
        return !layer.isConvolution()
                && !(description instanceof Add)
                && !(description instanceof Concat)
                && !passes(description);
    }

    /** Whether relevance goes through as it is, but for its shape. */
    private static boolean passes(unweave.engine.layer.Layer description) {
        return description instanceof Relu
                || description instanceof Activate
                || description instanceof Dropout
                || description instanceof Flatten;
    }

    private static Step step(Layer layer, List<PtNDArray> inputs) {
        boolean recorded = isRecorded(layer);
        List<PtNDArray> x = recorded ? List.of(TorchRules.leaf(inputs.get(0))) : inputs;
        JniUtils.setGradMode(recorded);
        PtNDArray y = TorchNetwork.apply(layer, x, false);
        JniUtils.setGradMode(false);
        return new Step(layer, x, y);
    }

    private static Step repeat(Step step, int times) {
        List<PtNDArray> inputs =
                step.inputs().stream().map(x -> detached(x).repeat(0, times)).toList();
        return isRecorded(step.layer())
                ? step(step.layer(), inputs)
                : new Step(step.layer(), inputs, step.y().repeat(0, times));
    }

    /** The logits of the attributed classes, all others 0. */
    private PtNDArray target(Step last, int[] classes) {
        PtNDArray logits = detached(last.y());
        int count = (int) logits.getShape().get(1);
        float[] chosen = new float[classes.length * count];
        for (int i = 0; i < classes.length; i++) {
            chosen[i * count + classes[i]] = 1;
        }
        return logits.mul(network.manager().create(chosen, logits.getShape()));
    }

    /**
     * What arrives at a layer's output.
     *
     * @param steps above that layer
     * @param from the step whose output has the relevance
     */
    private PtNDArray downTo(String target, List<Step> steps, Step from, PtNDArray relevance) {
        Map<String, PtNDArray> arrived = new HashMap<>();
        arrived.put(from.layer().name(), relevance);
        for (int i = steps.size() - 1; i >= 0; i--) {
            Step step = steps.get(i);
            PtNDArray own = arrived.remove(step.layer().name());
            if (own == null) {
                continue;
            }
            List<PtNDArray> shares = through(step, own);
            for (int k = 0; k < shares.size(); k++) {
                arrived.merge(step.layer().reads().get(k), shares.get(k), JniUtils::add);
            }
        }
        return arrived.get(target);
    }

    private List<PtNDArray> through(Step step, PtNDArray relevance) {
        unweave.engine.layer.Layer description = step.layer().description();
        if (description instanceof Add) {
            return TorchRules.addition(step, relevance);
        }
        if (description instanceof Concat) {
            return TorchRules.parts(step, relevance);
        }
        if (step.layer().isConvolution()) {
            return List.of(composite.convolution(step, relevance));
        }
        if (description instanceof Dense) {
            return List.of(TorchRules.epsilon(step, relevance, composite.epsilon));
        }
        if (passes(description)) {
            return List.of(
                    description instanceof Flatten ? relevance.reshape(step.x().getShape()) : relevance);
        }
        boolean winner = description instanceof MaxPool
                || description instanceof GlobalMaxPool
                || (description instanceof Reduce reduce && reduce.operation() == Reduce.Operation.MAX);
        return List.of(winner ? TorchRules.gradient(step, relevance) : TorchRules.norm(step, relevance));
    }

    /**
     * The whole relevance, then R_k = a * (U_k U_k^T c) of each subspace, c = R / a where a is not 0: (K + 1) C H W.
     */
    private static PtNDArray split(PtNDArray activation, PtNDArray relevance, NDArray basis, int subspaces) {
        Shape shape = activation.getShape();
        long channels = shape.get(1);
        long pixels = shape.get(2) * shape.get(3);
        NDArray a = activation.reshape(channels, pixels);
        NDArray context = JniUtils.where(
                        activation.gt(0f), relevance.div(activation), (PtNDArray) relevance.zerosLike())
                .reshape(channels, pixels);
        PtNDArray[] maps = new PtNDArray[subspaces + 1];
        maps[0] = relevance;
        long width = channels / subspaces;
        for (int k = 0; k < subspaces; k++) {
            NDArray u = JniUtils.slice((PtNDArray) basis, 1, k * width, (k + 1) * width, 1);
            maps[k + 1] =
                    (PtNDArray) a.mul(u.matMul(u.transpose().matMul(context))).reshape(shape);
        }
        return JniUtils.cat(maps, 0);
    }

    NDArray basis(float[] values, int dimensions) {
        return network.manager().create(values, new Shape(dimensions, dimensions));
    }

    @Override
    public void close() {
        network.close();
    }

    /** Throws if the maps of a network's batch are not ours. */
    static void check(NetworkCase network, MemoryFormat format) {
        Weighted weighted = network.merged();
        ModelDescription description = weighted.description();
        float[] inputs = JobData.inputs(description, network.batch());
        int[] classes = JobData.classes(description, network.batch());
        try (TorchRelevance torch =
                        new TorchRelevance(weighted, format, Composite.EPSILON_PLUS, network.conceptLayer());
                Backend backend = CpuBackend.create(1);
                Model model = weighted.model(backend);
                LayerwiseRelevance relevance = new LayerwiseRelevance(Composites.epsilonPlus())) {
            float[] ours =
                    relevance.attribute(model, inputs, network.batch(), classes).relevance();
            float[] theirs = torch.heatmaps(torch.arranged(inputs), classes);
            PeerJob.requireAgreement("relevance", Images.channelsFirst(ours, description.input()), theirs);
        }
    }

    /** Throws if the maps of an input and its concepts are not ours, summed over channels. */
    static void checkConcepts(NetworkCase network, MemoryFormat format) {
        Weighted weighted = network.merged();
        ModelDescription description = weighted.description();
        float[] input = JobData.inputs(description, 1);
        Subspaces subspaces = JobData.subspaces(description, network.conceptLayer());
        try (TorchRelevance torch =
                        new TorchRelevance(weighted, format, Composite.EPSILON_PLUS, network.conceptLayer());
                Backend backend = CpuBackend.create(1);
                Model model = weighted.model(backend);
                LayerwiseRelevance relevance = new LayerwiseRelevance(Composites.epsilonPlus())) {
            ConceptMaps maps = new TwoStepAttribution(model, relevance, subspaces).attribute(input, 0);
            NDArray basis = torch.basis(subspaces.basis(), subspaces.dimensions());
            float[] theirs = torch.concepts(torch.arranged(input), 0, basis, JobData.CONCEPTS);
            LayerShape shape = description.input();
            int pixels = shape.height() * shape.width();
            for (int map = 0; map <= JobData.CONCEPTS; map++) {
                float[] sums = new float[pixels];
                for (int i = 0; i < pixels * shape.channels(); i++) {
                    sums[i % pixels] += theirs[map * shape.features() + i];
                }
                float[] ours = map == 0 ? maps.standard()[0] : maps.concepts()[0][map - 1];
                PeerJob.requireAgreement("map " + map, ours, sums);
            }
        }
    }

    /** Relevance of a network's batch by epsilon-plus. */
    static PreparedJob heatmaps(NetworkCase network, MemoryFormat format) {
        return heatmaps(network.merged(), format, Composite.EPSILON_PLUS, network.conceptLayer(), network.batch());
    }

    /** Relevance of a batch. */
    static PreparedJob heatmaps(
            Weighted weighted, MemoryFormat format, Composite composite, String conceptLayer, int batch) {
        TorchRelevance relevance = new TorchRelevance(weighted, format, composite, conceptLayer);
        float[] inputs = relevance.arranged(JobData.inputs(weighted.description(), batch));
        int[] classes = JobData.classes(weighted.description(), batch);
        return job(relevance, () -> relevance.heatmaps(inputs, classes)[0]);
    }

    /** One input's standard map and those of its concepts by epsilon-plus. */
    static PreparedJob concepts(NetworkCase network, MemoryFormat format) {
        return concepts(network.merged(), format, Composite.EPSILON_PLUS, network.conceptLayer());
    }

    /** One input's standard map and those of its concepts. */
    static PreparedJob concepts(Weighted weighted, MemoryFormat format, Composite composite, String conceptLayer) {
        TorchRelevance relevance = new TorchRelevance(weighted, format, composite, conceptLayer);
        float[] input = relevance.arranged(JobData.inputs(weighted.description(), 1));
        int dimensions = weighted.description().outputShape(conceptLayer).channels();
        NDArray basis = relevance.basis(JobData.basis(dimensions, 1), dimensions);
        return job(relevance, () -> relevance.concepts(input, 0, basis, JobData.CONCEPTS)[0]);
    }

    private static PreparedJob job(TorchRelevance relevance, PreparedJob run) {
        return new PreparedJob() {
            @Override
            public double run() {
                return run.run();
            }

            @Override
            public void close() {
                relevance.close();
            }
        };
    }
}

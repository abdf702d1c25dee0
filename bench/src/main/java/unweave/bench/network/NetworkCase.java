package unweave.bench.network;

import java.util.List;
import java.util.Map;
import unweave.engine.layer.MatMul;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;
import unweave.lrp.Canonizer;
import unweave.lrp.Composite;
import unweave.lrp.Composites;

/**
 * A network of the group {@code networks} with {@link RandomWeights}.
 *
 * @param name for the names of jobs, such as "resnet18"
 * @param batch how many inputs are computed at once
 * @param description the network as it trains
 * @param conceptLayer the layer whose concepts are explained, by its activation
 */
public record NetworkCase(String name, int batch, ModelDescription description, String conceptLayer) {
    /** What is computed. */
    public enum Work {
        FORWARD("forward"),
        /** With Adam. */
        TRAINING_STEP("training step"),
        /** By {@link NetworkCase#composite}. */
        RELEVANCE("LRP"),
        /** The map of one input and those of its concepts. */
        CONCEPTS("one input, standard map + 4 concepts");

        private final String words;

        Work(String words) {
            this.words = words;
        }
    }

    /** The name of a job, such as "networks/resnet18/forward, batch 8". */
    public String job(Work work) {
        String rules = work == Work.RELEVANCE ? " " + composite().name() : "";
        return "networks/" + name + "/" + work.words + rules + (work == Work.CONCEPTS ? "" : ", batch " + batch);
    }

    /** The rules of explanations: epsilon-plus, for transformers attnlrp. */
    public Composite composite() {
        return description.layers().stream().anyMatch(MatMul.class::isInstance)
                ? Composites.attnLrp()
                : Composites.epsilonPlus();
    }

    /** All networks of the group. */
    public static List<NetworkCase> all() {
        return List.of(
                new NetworkCase("gtzan", 16, ModelDescription.gtzan(), "conv4"),
                new NetworkCase("vggish", 8, ConvolutionalNetworks.vggish(), "conv4"),
                new NetworkCase("resnet18", 8, ConvolutionalNetworks.resNet18(), "layer3.1"),
                new NetworkCase("cnn6", 4, ConvolutionalNetworks.cnn6(), "block3.conv1"),
                new NetworkCase("cnn10", 4, ConvolutionalNetworks.cnn10(), "block3.conv2"),
                new NetworkCase("mobilenetv2", 8, ConvolutionalNetworks.mobileNetV2(), "block11.relu1"),
                new NetworkCase("matchboxnet", 16, AudioNetworks.matchboxNet(), "block2.relu"),
                new NetworkCase("musicnn", 4, AudioNetworks.musicnn(), "sum2"),
                new NetworkCase("transformer", 8, SpectrogramTransformer.description(), "block3.out"));
    }

    /**
     * The network of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static NetworkCase named(String name) {
        return all().stream()
                .filter(network -> network.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no network \"" + name + "\""));
    }

    /** As it trains, with batch normalisation. */
    public Model model(Backend backend) {
        return Model.of(description, backend, RandomWeights::values);
    }

    /** As it predicts and is explained: batch normalisation is a part of the convolutions where it can be. */
    public Model merged(Backend backend) {
        Model merged;
        if (Canonizer.applies(description)) {
            try (Model model = model(backend)) {
                merged = Canonizer.canonical(model);
            }
        } else {
            merged = model(backend);
        }
        merged.freeze(); // as a model file's are
        return merged;
    }

    /** A network with its weights, for other libraries. */
    public record Weighted(ModelDescription description, Map<String, float[]> weights) {
        /** With the weights that a model of seed 1 begins with. */
        public static Weighted initial(ModelDescription description) {
            try (Backend backend = CpuBackend.create(1);
                    Model model = Model.create(description, backend, 1)) {
                return of(model);
            }
        }

        /** A model of our own. */
        public Model model(Backend backend) {
            return Model.of(description, backend, parameter -> weights.get(parameter.name()));
        }

        /** Takes them from a model. */
        public static Weighted of(Model model) {
            return new Weighted(model.description(), model.weights());
        }

        /** The logits of n inputs by our own kernels, n x classes. */
        public float[] predict(float[] inputs, int n) {
            try (Backend backend = CpuBackend.create(1);
                    Model model = model(backend)) {
                return model.predict(inputs, n);
            }
        }
    }

    /** {@link #merged} for other libraries. */
    public Weighted merged() {
        try (Backend backend = CpuBackend.create(1);
                Model model = merged(backend)) {
            return Weighted.of(model);
        }
    }

    /** {@link #model} for other libraries. */
    public Weighted trainable() {
        try (Backend backend = CpuBackend.create(1);
                Model model = model(backend)) {
            return Weighted.of(model);
        }
    }
}

package unweave.cli.selftest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import unweave.drsa.ConceptMaps;
import unweave.drsa.Method;
import unweave.drsa.Provenance;
import unweave.drsa.SubspaceSettings;
import unweave.drsa.Subspaces;
import unweave.drsa.TwoStepAttribution;
import unweave.engine.file.SafeTensors;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.engine.torch.TorchImport;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.lrp.Composite;
import unweave.lrp.LayerwiseRelevance;
import unweave.lrp.TargetRelevance;

/**
 * The files {@code toy_model.safetensors} and {@code mgr_model.safetensors}: whole networks with the thesis'
 * composites, computed in float64. Where windows of max-pooling are tied, either winner is right ({@link TiedWindows}).
 */
final class GoldenModels {
    private static final double FORWARD = 1e-4;
    private static final double RELEVANCE = 1e-4;
    private static final double CONCEPTS = 1e-3;

    private final String file;
    private final SafeTensors golden;
    private final Model model;
    private final Backend backend;
    private final Composite composite;
    private final float[] inputs;
    private final int[] classes;
    private final List<Check> checks = new ArrayList<>();

    private GoldenModels(String file, SafeTensors golden, Model model, Composite composite) throws IOException {
        this.file = file;
        this.golden = golden;
        this.model = model;
        this.backend = model.backend();
        this.composite = composite;
        this.inputs = golden.floats("input"); // one channel: N C H W is N H W C
        this.classes = golden.ints("class");
    }

    static List<Check> run(Path path, SafeTensors golden, Backend backend, Composite composite) throws IOException {
        try (Model model = TorchImport.load(path, "weights/", Map.of(), network(golden), backend)) {
            GoldenModels models = new GoldenModels(
                    path.getFileName().toString().replace(".safetensors", ""), golden, model, composite);
            models.network();
            for (String name : golden.names()) {
                if (name.startsWith("concepts/")) {
                    models.concepts(name.substring("concepts/".length()));
                }
            }
            return models.checks;
        }
    }

    /** The network of the thesis' family that the weights belong to; dropout does not matter here. */
    static ModelDescription network(SafeTensors golden) throws IOException {
        List<Integer> filters = new ArrayList<>();
        for (int block = 0; golden.contains("weights/features." + 3 * block + ".weight"); block++) {
            filters.add(
                    golden.shape("weights/features." + 3 * block + ".weight").get(0));
        }
        int dense = golden.shape("weights/classifier.0.weight").get(0);
        int size = golden.shape("input").get(2);
        int classes = golden.shape("f64/logits").get(1);
        return ModelDescription.cnn(
                size, filters.stream().mapToInt(Integer::intValue).toArray(), dense, classes, 0f);
    }

    private void network() throws IOException {
        try (LayerwiseRelevance lrp = new LayerwiseRelevance(composite)) {
            try (Tape tape = Tape.inference(backend)) {
                Tensor x = model.input(tape, inputs, 0, classes.length);
                Tensor logits = model.forward(tape, x);
                checks.add(Check.largest(
                        file + " logits", golden.doubles("f64/logits"), backend.toArray(logits.data()), FORWARD));
                relevance(lrp, tape, logits, x, "relevance/input", golden.doubles("f64/relevance/input"));
            }
            for (String layer : model.description().layerNames()) {
                if (golden.contains("activation/" + layer)) {
                    layer(lrp, layer);
                }
            }
        }
    }

    private void layer(LayerwiseRelevance lrp, String layer) throws IOException {
        try (Tape tape = Tape.inference(backend)) {
            Tensor logits = model.forward(tape, model.input(tape, inputs, 0, classes.length), layer);
            Tensor activation = model.activation(tape, layer);
            checks.add(Check.largest(
                    file + " activation/" + layer,
                    golden.doubles("activation/" + layer),
                    channelsFirst(activation.data(), activation),
                    FORWARD));
            String name = "relevance/" + layer;
            relevance(lrp, tape, logits, activation, name, golden.doubles(name));
        }
    }

    private void relevance(
            LayerwiseRelevance lrp, Tape tape, Tensor logits, Tensor to, String name, double[] expected) {
        try (Floats start = TargetRelevance.logit(backend, logits, classes)) {
            checks.add(ties(lrp, tape, logits, start)
                    .closest(
                            file + " " + name,
                            expected,
                            () -> {
                                try (Floats relevance = lrp.propagate(tape, logits, start, 1, to)) {
                                    return channelsFirst(relevance, to);
                                }
                            },
                            RELEVANCE));
        }
    }

    /** The tied windows of a forward pass, the first to try being the one that hands on most relevance. */
    private TiedWindows ties(LayerwiseRelevance lrp, Tape tape, Tensor logits, Floats start) {
        return new TiedWindows(tape, pooled -> {
            List<Floats> relevance =
                    lrp.pass(tape).from(logits, start).to(pooled).run();
            List<float[]> handed = relevance.stream().map(backend::toArray).toList();
            relevance.forEach(Floats::close);
            return handed;
        });
    }

    private float[] channelsFirst(Floats values, Tensor shape) {
        return Layout.channelsFirst(
                backend.toArray(values), shape.batch(), shape.length(1), shape.length(2), shape.channels());
    }

    /** The golden maps are [N][1 + K][H][W]: the standard map, then the concepts. */
    private void concepts(String layer) throws IOException {
        double[] expected = golden.doubles("concepts/" + layer);
        int subspaces = golden.shape("concepts/" + layer).get(1) - 1;
        float[] basis = golden.floats("subspaces/" + layer + "/U");
        int dimensions = golden.shape("subspaces/" + layer + "/U").get(0);
        Subspaces given = new Subspaces(
                new Provenance("", layer, 0, "any", 1, 1, 0),
                Method.RANDOM,
                new SubspaceSettings(subspaces, 0, 1, 0, 1f),
                dimensions,
                basis,
                new float[][] {{0f}},
                0,
                new double[subspaces]);
        String name = file + " concepts/" + layer;
        try (LayerwiseRelevance lrp = new LayerwiseRelevance(composite);
                Tape tape = Tape.inference(backend)) {
            TwoStepAttribution attribution = new TwoStepAttribution(model, lrp, given);
            Check check = Check.largest(name, expected, maps(attribution.attribute(inputs, classes)), CONCEPTS);
            if (!check.ok()) {
                Tensor x = model.input(tape, inputs, 0, classes.length);
                Tensor logits = model.forward(tape, x, layer);
                try (Floats start = TargetRelevance.logit(backend, logits, classes)) {
                    check = ties(lrp, tape, logits, start)
                            .closest(
                                    name,
                                    expected,
                                    () -> maps(attribution.attribute(tape, x, logits, classes)),
                                    CONCEPTS);
                }
            }
            checks.add(check);
        }
    }

    private static float[] maps(ConceptMaps maps) {
        int size = maps.height() * maps.width();
        int each = 1 + maps.concepts()[0].length;
        float[] all = new float[maps.count() * each * size];
        for (int n = 0; n < maps.count(); n++) {
            System.arraycopy(maps.standard()[n], 0, all, n * each * size, size);
            for (int k = 1; k < each; k++) {
                System.arraycopy(maps.concepts()[n][k - 1], 0, all, (n * each + k) * size, size);
            }
        }
        return all;
    }
}

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
import unweave.engine.file.TorchImport;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.lrp.Composite;
import unweave.lrp.LayerwiseRelevance;
import unweave.lrp.TargetRelevance;

/**
 * The files {@code toy_model.safetensors} and {@code mgr_model.safetensors}: whole networks with the thesis'
 * composites, computed in float64.
 */
final class GoldenModels {
    private static final double FORWARD = 1e-4;
    private static final double RELEVANCE = 1e-4;
    private static final double CONCEPTS = 1e-3;

    private final String file;
    private final SafeTensors golden;
    private final Model model;
    private final Composite composite;
    private final float[] inputs;
    private final int[] classes;
    private final List<Check> checks = new ArrayList<>();

    private GoldenModels(String file, SafeTensors golden, Model model, Composite composite) throws IOException {
        this.file = file;
        this.golden = golden;
        this.model = model;
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
        Backend backend = model.backend();
        try (LayerwiseRelevance lrp = new LayerwiseRelevance(composite);
                Tape tape = Tape.inference(backend)) {
            Tensor x = tape.input(
                    backend.floats(inputs), model.description().input().ofBatch(classes.length));
            Tensor logits = model.forward(tape, x);
            checks.add(Check.largest(
                    file + " logits", golden.doubles("f64/logits"), backend.toArray(logits.data()), FORWARD));
            try (Floats start = TargetRelevance.logit(backend, logits, classes)) {
                for (String layer : model.description().layerNames()) {
                    layer(lrp, tape, x, start, layer);
                }
                try (Floats relevance = lrp.propagate(tape, logits, start, 1, x)) {
                    checks.add(Check.largest(
                            file + " relevance/input",
                            golden.doubles("f64/relevance/input"),
                            backend.toArray(relevance),
                            RELEVANCE));
                }
            }
        }
    }

    private void layer(LayerwiseRelevance lrp, Tape tape, Tensor x, Floats start, String layer) throws IOException {
        if (!golden.contains("activation/" + layer)) {
            return;
        }
        Backend backend = model.backend();
        Tensor logits = model.forward(tape, x, layer);
        Tensor activation = model.activation(tape, layer);
        checks.add(Check.largest(
                file + " activation/" + layer,
                golden.doubles("activation/" + layer),
                channelsFirst(backend.toArray(activation.data()), activation),
                FORWARD));
        try (Floats relevance = lrp.propagate(tape, logits, start, 1, activation)) {
            checks.add(Check.largest(
                    file + " relevance/" + layer,
                    golden.doubles("relevance/" + layer),
                    channelsFirst(backend.toArray(relevance), activation),
                    RELEVANCE));
        }
    }

    private static float[] channelsFirst(float[] values, Tensor shape) {
        return Layout.channelsFirst(values, shape.batch(), shape.length(1), shape.length(2), shape.channels());
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
        try (LayerwiseRelevance lrp = new LayerwiseRelevance(composite)) {
            ConceptMaps maps = new TwoStepAttribution(model, lrp, given).attribute(inputs, classes);
            int size = inputs.length / classes.length;
            float[] actual = new float[expected.length];
            for (int n = 0; n < classes.length; n++) {
                System.arraycopy(maps.standard()[n], 0, actual, n * (subspaces + 1) * size, size);
                for (int k = 0; k < subspaces; k++) {
                    System.arraycopy(maps.concepts()[n][k], 0, actual, (n * (subspaces + 1) + k + 1) * size, size);
                }
            }
            checks.add(Check.largest(file + " concepts/" + layer, expected, actual, CONCEPTS));
        }
    }
}

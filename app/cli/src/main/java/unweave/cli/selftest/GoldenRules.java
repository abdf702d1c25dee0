package unweave.cli.selftest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.engine.file.SafeTensors;
import unweave.engine.tape.Parameter;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.ConvShape;
import unweave.kernels.Floats;
import unweave.kernels.PoolShape;
import unweave.lrp.Composite;
import unweave.lrp.LayerKind;
import unweave.lrp.LayerwiseRelevance;
import unweave.lrp.Rule;

/** The file {@code lrp_rules.safetensors}: zennit's relevance for one layer and one rule at a time. */
final class GoldenRules {
    private static final double TOLERANCE = 1e-5;
    private static final float STABILIZER = 1e-6f;

    private final SafeTensors golden;
    private final Backend backend;
    private final List<Check> checks = new ArrayList<>();

    private GoldenRules(SafeTensors golden, Backend backend) {
        this.golden = golden;
        this.backend = backend;
    }

    static List<Check> run(SafeTensors golden, Backend backend) throws IOException {
        GoldenRules rules = new GoldenRules(golden, backend);
        for (String name : golden.names()) {
            if (name.endsWith("/w")) {
                rules.linearLayer(name.substring(0, name.length() - 2));
            } else if (name.contains("pool") && name.endsWith("/x")) {
                rules.pooling(name.substring(0, name.length() - 2));
            }
        }
        return rules.checks;
    }

    private static Map<String, Rule> rules() {
        Map<String, Rule> rules = new LinkedHashMap<>();
        rules.put("epsilon_1e-6", Rule.epsilon(STABILIZER));
        rules.put("epsilon_0.25", Rule.epsilon(0.25f));
        rules.put("gamma_0.25", Rule.gamma(0.25f).withStabilizer(STABILIZER));
        rules.put("gamma_0.8", Rule.gamma(0.8f).withStabilizer(STABILIZER));
        rules.put("zplus", Rule.zPlus().withStabilizer(STABILIZER));
        rules.put("alpha2_beta1", Rule.alphaBeta(2, 1).withStabilizer(STABILIZER));
        rules.put("alpha1_beta0", Rule.alphaBeta(1, 0).withStabilizer(STABILIZER));
        rules.put("zbox", Rule.zBox(-3, 3).withStabilizer(STABILIZER));
        rules.put("wsquare", Rule.wSquare().withStabilizer(STABILIZER));
        rules.put("flat", Rule.flat().withStabilizer(STABILIZER));
        rules.put("epsilon_nobias", Rule.epsilon(STABILIZER).withoutBias());
        rules.put("gamma_nobias", Rule.gamma(0.25f).withStabilizer(STABILIZER).withoutBias());
        rules.put("wsquare_nobias", Rule.wSquare().withStabilizer(STABILIZER).withoutBias());
        return rules;
    }

    private void linearLayer(String key) throws IOException {
        Layer layer = Layer.of(key, golden.shape(key + "/x"), golden.shape(key + "/w"));
        try (Parameter weight = new Parameter(
                        backend, "layer.weight", layer.weightShape(), true, layer.weights(golden.floats(key + "/w")));
                Parameter bias = new Parameter(
                        backend, "layer.bias", new int[] {layer.shape.outChannels()}, true, golden.floats(key + "/b"));
                Tape tape = Tape.inference(backend)) {
            Tensor x =
                    tape.inputWithGradient(backend.floats(layer.image(golden.floats(key + "/x"))), layer.inputShape());
            Tensor y = layer.dense
                    ? tape.dense("layer", x, weight, bias, false)
                    : tape.conv("layer", x, layer.shape, weight, bias, false);
            add(key + "/y", layer.outputBack(backend.toArray(y.data())));
            for (Map.Entry<String, Rule> rule : rules().entrySet()) {
                if (golden.contains(key + "/" + rule.getKey())) {
                    add(
                            key + "/" + rule.getKey(),
                            layer.back(relevance(tape, y, x, key, layer::outputImage, rule.getValue())),
                            TOLERANCE + cancellation(layer, key, rule.getKey()));
                }
            }
            try (Floats gradient = tape.backward(
                            y, backend.floats(layer.outputImage(golden.floats(key + "/R_out"))), List.of(x))
                    .get(0)) {
                add(key + "/gradient", layer.back(backend.toArray(gradient)));
            }
        }
    }

    /** The epsilon and gamma rules divide by sums that may nearly cancel; the other rules' sums do not. */
    private double cancellation(Layer layer, String key, String rule) throws IOException {
        if (!rule.startsWith("epsilon") && !rule.startsWith("gamma")) {
            return 0;
        }
        double[] x = widened(layer.image(golden.floats(key + "/x")));
        double[] w = widened(layer.weights(golden.floats(key + "/w")));
        double[] bias = golden.doubles(key + "/b");
        boolean withBias = !rule.endsWith("nobias");
        if (rule.startsWith("gamma")) {
            return Conditioning.ofGamma(
                    layer.shape, x, w, bias, withBias, rule.equals("gamma_0.8") ? 0.8 : 0.25, STABILIZER);
        }
        return Conditioning.ofLinear(
                layer.shape, x, w, withBias ? bias : null, rule.equals("epsilon_0.25") ? 0.25 : STABILIZER);
    }

    private static double[] widened(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private float[] relevance(
            Tape tape, Tensor from, Tensor to, String key, java.util.function.UnaryOperator<float[]> layout, Rule rule)
            throws IOException {
        try (LayerwiseRelevance lrp =
                        new LayerwiseRelevance(Composite.uniform(rule).with(LayerKind.AVERAGE_POOL, rule));
                Floats start = backend.floats(layout.apply(golden.floats(key + "/R_out")));
                Floats arrived = lrp.propagate(tape, from, start, 1, to)) {
            return backend.toArray(arrived);
        }
    }

    private void pooling(String key) throws IOException {
        List<Integer> s = golden.shape(key + "/x");
        int window = key.contains("3") ? 3 : 2;
        PoolShape shape = new PoolShape(s.get(0), s.get(2), s.get(3), s.get(1), window, window, 2, 2, 0, 0);
        try (Tape tape = Tape.inference(backend)) {
            float[] image = Layout.channelsLast(golden.floats(key + "/x"), s.get(0), s.get(1), s.get(2), s.get(3));
            Tensor x = tape.inputWithGradient(backend.floats(image), s.get(0), s.get(2), s.get(3), s.get(1));
            Tensor y = key.startsWith("max") ? tape.maxPool("pool", x, shape) : tape.avgPool("pool", x, shape);
            add(
                    key + "/y",
                    Layout.channelsFirst(
                            backend.toArray(y.data()), s.get(0), shape.outHeight(), shape.outWidth(), s.get(1)));
            float[] start = Layout.channelsLast(
                    golden.floats(key + "/R_out"), s.get(0), s.get(1), shape.outHeight(), shape.outWidth());
            if (golden.contains(key + "/norm")) {
                float[] relevance =
                        relevance(tape, y, x, key, r -> start, Rule.norm().withStabilizer(STABILIZER));
                add(
                        key + "/norm",
                        Layout.channelsFirst(relevance, s.get(0), s.get(2), s.get(3), s.get(1)),
                        TOLERANCE + Conditioning.ofAverage(shape, widened(image), STABILIZER));
            }
            checks.add(new TiedWindows(tape, pooled -> Collections.nCopies(pooled.length, start))
                    .closest(
                            "lrp_rules " + key + "/gradient",
                            golden.doubles(key + "/gradient"),
                            () -> poolingGradient(tape, y, start, x),
                            TOLERANCE));
        }
    }

    private float[] poolingGradient(Tape tape, Tensor y, float[] start, Tensor x) {
        try (Floats gradient =
                tape.backward(y, backend.floats(start), List.of(x)).get(0)) {
            return Layout.channelsFirst(backend.toArray(gradient), x.batch(), x.length(1), x.length(2), x.channels());
        }
    }

    private void add(String name, float[] actual) throws IOException {
        add(name, actual, TOLERANCE);
    }

    private void add(String name, float[] actual, double tolerance) throws IOException {
        checks.add(Check.largest("lrp_rules " + name, golden.doubles(name), actual, tolerance));
    }

    /** One layer's geometry, by the name of its case where the shapes do not tell. */
    private record Layer(ConvShape shape, boolean dense) {
        static Layer of(String key, List<Integer> x, List<Integer> w) {
            if (w.size() == 2) {
                return new Layer(ConvShape.dense(x.get(0), w.get(1), w.get(0)), true);
            }
            int[] geometry = switch (key.substring(0, key.indexOf('/'))) { // strideY strideX padY padX dilation
                        case "conv3x3_pad1", "conv3x3_groups2", "conv3x3_wide" -> new int[] {1, 1, 1, 1, 1};
                        case "conv5x4_stride2_pad" -> new int[] {2, 3, 2, 1, 1};
                        case "conv3x3_dilation2" -> new int[] {1, 1, 2, 2, 2};
                        default -> new int[] {1, 1, 0, 0, 1};
                    };
            return new Layer(
                    new ConvShape(
                            x.get(0),
                            x.get(2),
                            x.get(3),
                            x.get(1),
                            w.get(0),
                            w.get(2),
                            w.get(3),
                            geometry[0],
                            geometry[1],
                            geometry[2],
                            geometry[3],
                            geometry[4],
                            geometry[4],
                            x.get(1) / w.get(1)),
                    false);
        }

        int[] weightShape() {
            return dense
                    ? new int[] {shape.inChannels(), shape.outChannels()}
                    : new int[] {shape.kernelHeight(), shape.kernelWidth(), shape.groupChannels(), shape.outChannels()};
        }

        int[] inputShape() {
            return dense
                    ? new int[] {shape.batch(), shape.inChannels()}
                    : new int[] {shape.batch(), shape.inHeight(), shape.inWidth(), shape.inChannels()};
        }

        float[] weights(float[] w) {
            return Layout.weights(
                    w, shape.outChannels(), shape.groupChannels(), shape.kernelHeight(), shape.kernelWidth());
        }

        float[] image(float[] x) {
            return Layout.channelsLast(x, shape.batch(), shape.inChannels(), shape.inHeight(), shape.inWidth());
        }

        float[] back(float[] x) {
            return Layout.channelsFirst(x, shape.batch(), shape.inHeight(), shape.inWidth(), shape.inChannels());
        }

        float[] outputImage(float[] y) {
            return Layout.channelsLast(y, shape.batch(), shape.outChannels(), shape.outHeight(), shape.outWidth());
        }

        float[] outputBack(float[] y) {
            return Layout.channelsFirst(y, shape.batch(), shape.outHeight(), shape.outWidth(), shape.outChannels());
        }
    }
}

package unweave.lrp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unweave.lrp.Closeness.assertClose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import unweave.engine.tape.BatchNormNode;
import unweave.engine.tape.LpPoolNode;
import unweave.engine.tape.Parameter;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.ConvShape;
import unweave.kernels.Floats;
import unweave.kernels.PoolShape;
import unweave.kernels.cpu.CpuBackend;

/** Graphs that are not a chain of convolutions: residual blocks, batch normalisation, average pooling. */
class GraphTest {
    private final Backend backend = CpuBackend.create(2);
    private final RandomLayers layers = new RandomLayers(backend, 31, false);
    private final Tape tape = Tape.inference(backend);

    @AfterEach
    void close() {
        tape.close();
        layers.close();
        backend.close();
    }

    @Test
    void residualBlocksAddUpAndKeepTheLogit() {
        Tensor input = layers.input(tape, 3, 6, 6, 4);
        Tensor block = tape.relu("relu1", layers.conv(tape, "conv1", input, 4));
        Tensor sum = tape.add("add", layers.conv(tape, "conv2", block, 4), block);
        Tensor pooled = tape.avgPool("pool", tape.relu("relu2", sum), new PoolShape(3, 6, 6, 4, 3, 3, 3, 3, 0, 0));
        Tensor logits = layers.dense(tape, "dense1", tape.flatten("flatten", pooled), 2);
        Composite exact = Composite.uniform(Rule.epsilon(0))
                .with(LayerKind.ADD, Rule.norm().withStabilizer(0))
                .with(LayerKind.AVERAGE_POOL, Rule.norm().withStabilizer(0));
        try (LayerwiseRelevance lrp = new LayerwiseRelevance(exact);
                Floats start = TargetRelevance.logit(backend, logits, new int[] {0, 1, 1});
                Floats map = lrp.propagate(tape, logits, start, 1, input)) {
            Floats gradient = tape.backward(
                            logits, TargetRelevance.one(backend, logits, new int[] {0, 1, 1}), List.of(input))
                    .get(0);
            backend.elementwise().multiply(gradient, input.data(), gradient);
            assertClose(
                    backend.toArray(gradient),
                    backend.toArray(map),
                    1e-4,
                    "LRP-0 of a residual network against gradient x input");
            gradient.close();
        }
    }

    @Test
    void anAdditionSharesInProportionToItsSummands() {
        Tensor a = layers.input(tape, 2, 2, 2, 3);
        Tensor b = layers.input(tape, 2, 2, 2, 3);
        Tensor sum = tape.add("add", a, b);
        float[] x = backend.toArray(a.data());
        float[] y = backend.toArray(b.data());
        float[] r = layers.normal(48);
        try (LayerwiseRelevance lrp = new LayerwiseRelevance(
                        Composite.named("add").with(LayerKind.ADD, Rule.norm().withStabilizer(0.5f)));
                Floats relevance = backend.floats(r)) {
            List<Floats> shares = lrp.pass(tape).from(sum, relevance).to(a, b).run();
            double[] first = new double[48];
            double[] second = new double[48];
            for (int i = 0; i < 48; i++) {
                double z = (double) x[i % 24] + y[i % 24];
                double q = r[i] / (z >= 0 ? z + 0.5 : z - 0.5);
                first[i] = x[i % 24] * q;
                second[i] = y[i % 24] * q;
            }
            assertClose(first, backend.toArray(shares.get(0)), 1e-6, "the first summand, two maps");
            assertClose(second, backend.toArray(shares.get(1)), 1e-6, "the second summand, two maps");
            shares.forEach(Floats::close);
        }
    }

    @Test
    void averagePoolingSharesInProportionToItsInputs() {
        Tensor x = tape.relu("relu", layers.input(tape, 2, 4, 6, 3));
        Tensor pooled = tape.avgPool("pool", x, PoolShape.square(2, 4, 6, 3, 2));
        float[] values = backend.toArray(x.data());
        float[] r = layers.normal((int) pooled.size());
        double[] expected = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int output = pooledIndex(i);
            double sum = 0;
            for (int j = 0; j < values.length; j++) {
                sum += pooledIndex(j) == output ? values[j] : 0;
            }
            expected[i] = sum == 0 ? 0 : values[i] / sum * r[output];
        }
        try (LayerwiseRelevance lrp = new LayerwiseRelevance(Composite.named("pooling"));
                Floats relevance = backend.floats(r);
                Floats map = lrp.propagate(tape, pooled, relevance, 1, x)) {
            assertClose(expected, backend.toArray(map), 1e-4, "x / sum x");
        }
    }

    /** The window that value i of a 2 x 4 x 6 x 3 tensor falls into, 2 x 2 windows. */
    private static int pooledIndex(int i) {
        int channel = i % 3;
        int column = i / 3 % 6 / 2;
        int row = i / 18 % 4 / 2;
        return ((i / 72 * 2 + row) * 3 + column) * 3 + channel;
    }

    @Test
    void batchNormalisationIsAnAffineMapOfEachChannel() {
        Tensor x = layers.input(tape, 2, 3, 3, 4);
        Tensor y = layers.batchNorm(tape, "norm", x);
        float[] in = backend.toArray(x.data());
        float[] out = backend.toArray(y.data());
        float[] r = layers.normal(in.length);
        // The slope of each channel, from two values of it.
        double[] weight = new double[4];
        for (int c = 0; c < 4; c++) {
            weight[c] = ((double) out[c + 4] - out[c]) / ((double) in[c + 4] - in[c]);
        }
        double[] expected = new double[in.length];
        for (int i = 0; i < in.length; i++) {
            expected[i] = in[i] * weight[i % 4] * r[i] / (out[i] + Math.copySign(0.1, out[i]));
        }
        Composite composite = Composite.named("norm").with(LayerKind.BATCH_NORM, Rule.epsilon(0.1f));
        try (LayerwiseRelevance lrp = new LayerwiseRelevance(composite);
                Floats relevance = backend.floats(r);
                Floats map = lrp.propagate(tape, y, relevance, 1, x)) {
            assertClose(expected, backend.toArray(map), 1e-4, "x w R / s(z)");
        }
        try (LayerwiseRelevance lrp = new LayerwiseRelevance(composite.with("norm", Rule.pass()));
                Floats relevance = backend.floats(r);
                Floats map = lrp.propagate(tape, y, relevance, 1, x)) {
            assertArrayEquals(r, backend.toArray(map));
        }
    }

    @Test
    void averagePoolingFollowsAnyRuleAsTheEqualConvolutionDoes() {
        Tensor x = layers.input(tape, 2, 5, 6, 3);
        Tensor pooled = tape.avgPool("pool", x, new PoolShape(2, 5, 6, 3, 3, 2, 2, 2, 1, 0));
        ConvShape shape = new ConvShape(2, 5, 6, 3, 3, 3, 2, 2, 2, 1, 0, 1, 1, 3);
        float[] sixths = new float[18];
        Arrays.fill(sixths, 1f / 6);
        try (Parameter w = new Parameter(backend, "w", new int[] {3, 2, 1, 3}, true, sixths)) {
            compareOnAllRules(x, pooled, tape.conv("conv", x, shape, w, null, false));
        }
    }

    /** Windows that average one to six cells; padding counts for some. */
    @Test
    void windowsThatAverageSoManyCellsEachDoSo() {
        Tensor x = layers.input(tape, 2, 5, 6, 3);
        for (boolean countPadding : new boolean[] {false, true}) {
            PoolShape pool = new PoolShape(2, 5, 6, 3, 3, 2, 2, 3, 1, 0, 0, 1, 1, 2, true, countPadding);
            Tensor pooled = tape.avgPool("pool " + countPadding, x, pool);
            float[] in = backend.toArray(x.data());
            float[] r = layers.normal((int) pooled.size());
            for (Rule rule : List.of(Rule.epsilon(0.1f), Rule.gamma(0.5f), Rule.wSquare(), Rule.flat(), Rule.zPlus())) {
                double[] expected = new double[in.length];
                for (int n = 0; n < 2; n++) {
                    addDefined(pool, rule, n, in, r, expected);
                }
                Composite composite = Composite.named("pool").with(LayerKind.AVERAGE_POOL, rule.withStabilizer(0.1f));
                try (LayerwiseRelevance lrp = new LayerwiseRelevance(composite);
                        Floats relevance = backend.floats(r);
                        Floats map = lrp.propagate(tape, pooled, relevance, 1, x)) {
                    assertClose(expected, backend.toArray(map), 1e-5, rule + ", padding counts: " + countPadding);
                }
            }
        }
    }

    /** Sample n by the rules' definition, whose connections exist to cells of the image alone. */
    private static void addDefined(PoolShape pool, Rule rule, int n, float[] x, float[] r, double[] result) {
        int inputs = x.length / 2;
        int outputs = r.length / 2;
        List<RuleDefinition.Connection> connections = new ArrayList<>();
        for (int k = 0; k < outputs; k++) {
            int row = k / 3 / pool.outWidth();
            int column = k / 3 % pool.outWidth();
            for (int tap = 0; tap < 6; tap++) {
                int y = row * 2 - 1 + tap / 2;
                int left = column * 3 + tap % 2 * 2;
                if (y >= 0 && y < 5 && left < 6) {
                    connections.add(new RuleDefinition.Connection(
                            (y * 6 + left) * 3 + k % 3, k, 1.0 / pool.divisor(row, column)));
                }
            }
        }
        RuleDefinition definition = new RuleDefinition(
                connections,
                part(x, n * inputs, inputs),
                new double[outputs],
                false,
                part(r, n * outputs, outputs),
                Stabilizer.added(0.1f));
        double[] share =
                switch (rule.name()) {
                    case "w^2" -> definition.wSquare();
                    case "flat" -> definition.flat();
                    case "z+" -> definition.zPlus();
                    default -> rule.gamma() > 0 ? definition.gamma(0.5) : definition.epsilon();
                };
        System.arraycopy(share, 0, result, n * inputs, inputs);
    }

    @Test
    void aTransposedConvolutionFollowsRulesOnTheSameConnections() {
        ConvShape shape = new ConvShape(2, 7, 9, 4, 6, 3, 2, 2, 2, 1, 0, 2, 1, 2, 3, 2);
        Tensor x = layers.input(tape, 2, shape.outHeight(), shape.outWidth(), 6);
        Parameter w = layers.weights(shape);
        Tensor y = tape.transposedConv("up", x, shape, w, null);
        List<RuleDefinition.Connection> connections =
                RuleDefinition.connections(shape, backend.toArray(w.value())).stream()
                        .map(c -> new RuleDefinition.Connection(c.k(), c.j(), c.w()))
                        .toList();
        float[] in = backend.toArray(x.data());
        float[] r = layers.normal((int) y.size());
        for (boolean flat : new boolean[] {false, true}) {
            double[] expected = new double[in.length];
            for (int n = 0; n < 2; n++) {
                int inputs = in.length / 2;
                int outputs = r.length / 2;
                RuleDefinition definition = new RuleDefinition(
                        connections,
                        part(in, n * inputs, inputs),
                        new double[outputs],
                        false,
                        part(r, n * outputs, outputs),
                        Stabilizer.added(0.1f));
                double[] share = flat ? definition.flat() : definition.epsilon();
                System.arraycopy(share, 0, expected, n * inputs, inputs);
            }
            Rule rule = (flat ? Rule.flat() : Rule.epsilon(0f)).withStabilizer(0.1f);
            try (LayerwiseRelevance lrp = new LayerwiseRelevance(Composite.uniform(rule));
                    Floats relevance = backend.floats(r);
                    Floats map = lrp.propagate(tape, y, relevance, 1, x)) {
                assertClose(expected, backend.toArray(map), 1e-5, rule.toString());
            }
        }
    }

    private static double[] part(float[] values, int from, int length) {
        double[] part = new double[length];
        Arrays.setAll(part, i -> values[from + i]);
        return part;
    }

    @Test
    void poolingByANormSharesInProportionToPowers() {
        Tensor x = layers.input(tape, 2, 4, 6, 3);
        Tensor pooled = LpPoolNode.record(tape, "pool", x, PoolShape.square(2, 4, 6, 3, 2), 3f);
        float[] values = backend.toArray(x.data());
        float[] r = layers.normal(2 * (int) pooled.size());
        double[] expected = new double[2 * values.length];
        for (int i = 0; i < expected.length; i++) {
            int cell = i % values.length;
            double sum = 0;
            for (int j = 0; j < values.length; j++) {
                sum += pooledIndex(j) == pooledIndex(cell) ? Math.pow(Math.abs(values[j]), 3) : 0;
            }
            int window = pooledIndex(cell) + i / values.length * (int) pooled.size();
            expected[i] = Math.pow(Math.abs(values[cell]), 3) / sum * r[window];
        }
        try (LayerwiseRelevance lrp = new LayerwiseRelevance(Composite.named("pooling"));
                Floats relevance = backend.floats(r);
                Floats map = lrp.propagate(tape, pooled, relevance, 2, x)) {
            assertClose(expected, backend.toArray(map), 1e-5, "|x|^3 / sum |x|^3, two maps");
        }
    }

    @Test
    void batchNormalisationFollowsAnyRuleAsTheEqualConvolutionDoes() {
        Tensor x = layers.input(tape, 2, 3, 4, 5);
        Tensor normed = layers.batchNorm(tape, "norm", x);
        BatchNormNode node = (BatchNormNode) normed.producer();
        float[] weight = backend.toArray(node.gamma().value());
        float[] bias = backend.toArray(node.beta().value());
        float[] mean = backend.toArray(node.runningMean().value());
        float[] variance = backend.toArray(node.runningVariance().value());
        for (int c = 0; c < 5; c++) {
            weight[c] /= (float) Math.sqrt(variance[c] + node.eps());
            bias[c] -= mean[c] * weight[c];
        }
        ConvShape shape = new ConvShape(2, 3, 4, 5, 5, 1, 1, 1, 1, 0, 0, 1, 1, 5);
        try (Parameter w = new Parameter(backend, "w", new int[] {1, 1, 1, 5}, true, weight);
                Parameter b = new Parameter(backend, "b", new int[] {5}, true, bias)) {
            compareOnAllRules(x, normed, tape.conv("conv", x, shape, w, b, false));
        }
    }

    private void compareOnAllRules(Tensor x, Tensor layer, Tensor equalConvolution) {
        assertClose(
                backend.toArray(equalConvolution.data()), backend.toArray(layer.data()), 1e-5, "the layers are equal");
        for (Rule rule : List.of(
                Rule.epsilon(0.1f),
                Rule.gamma(0.5f),
                Rule.zPlus(),
                Rule.alphaBeta(2, 1),
                Rule.zBox(-4, 4),
                Rule.wSquare(),
                Rule.flat())) {
            Rule stable = rule.withStabilizer(0.1f);
            Composite composite = Composite.uniform(stable)
                    .with(LayerKind.AVERAGE_POOL, stable)
                    .with(LayerKind.BATCH_NORM, stable);
            try (LayerwiseRelevance lrp = new LayerwiseRelevance(composite);
                    Floats relevance = backend.floats(layers.normal((int) layer.size()));
                    Floats expected = lrp.propagate(tape, equalConvolution, relevance, 1, x);
                    Floats actual = lrp.propagate(tape, layer, relevance, 1, x)) {
                assertClose(backend.toArray(expected), backend.toArray(actual), 1e-5, rule.toString());
            }
        }
    }

    @Test
    void anAdditionCannotPassRelevanceUnchanged() {
        Tensor a = layers.input(tape, 1, 2, 2, 1);
        tape.add("sum", a, a);
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> Composite.named("pass").with("sum", Rule.pass()).assignments(tape))
                .getMessage();
        assertTrue(message.contains("sum"), message);
    }
}

package unweave.lrp;

import static unweave.lrp.Closeness.assertClose;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import unweave.engine.tape.Parameter;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.ConvShape;
import unweave.kernels.Floats;
import unweave.kernels.cpu.CpuBackend;

class RuleEvaluatorTest {
    /** Large enough that float32 rounding of denominators near 0 does not matter. */
    private static final Stabilizer STABILIZER = Stabilizer.added(0.1f);

    private record Pair(Rule rule, Function<RuleDefinition, double[]> definition) {}

    private static final Map<String, Pair> RULES = Map.of(
            "epsilon", new Pair(Rule.epsilon(1e-6f), RuleDefinition::epsilon),
            "gamma 0.4", new Pair(Rule.gamma(0.4f), definition -> definition.gamma((double) 0.4f)),
            "gamma 0", new Pair(Rule.gamma(0f), definition -> definition.gamma(0)),
            "z+", new Pair(Rule.zPlus(), RuleDefinition::zPlus),
            "alpha 2 beta 1", new Pair(Rule.alphaBeta(2, 1), definition -> definition.alphaBeta(2, 1)),
            "alpha 1 beta 0", new Pair(Rule.alphaBeta(1, 0), definition -> definition.alphaBeta(1, 0)),
            "z-box", new Pair(Rule.zBox(-2, 3), definition -> definition.zBox(-2, 3)),
            "w^2", new Pair(Rule.wSquare(), RuleDefinition::wSquare),
            "flat", new Pair(Rule.flat(), RuleDefinition::flat));

    private static final Map<String, ConvShape> LAYERS = Map.of(
            "3 x 3, padded", ConvShape.same(2, 5, 6, 3, 4, 3),
            "3 x 2, strides, padding", new ConvShape(2, 7, 6, 2, 3, 3, 2, 2, 3, 1, 1, 1, 1, 1),
            "dilated", new ConvShape(2, 7, 6, 2, 3, 3, 3, 1, 1, 2, 0, 2, 2, 1),
            "padded below and to the left", new ConvShape(2, 5, 6, 3, 4, 3, 4, 1, 2, 0, 3, 2, 0, 1, 1, 1),
            "groups", new ConvShape(2, 4, 5, 4, 6, 3, 3, 1, 1, 1, 1, 1, 1, 2),
            "dense", ConvShape.dense(3, 11, 5));

    private final Backend backend = CpuBackend.create(2);

    @AfterEach
    void close() {
        backend.close();
    }

    static Stream<Arguments> rulesAndLayers() {
        return RULES.keySet().stream()
                .flatMap(rule -> LAYERS.keySet().stream().map(layer -> Arguments.of(rule, layer)));
    }

    @ParameterizedTest
    @MethodSource("rulesAndLayers")
    void everyRuleOnEveryLayerIsWhatItsFormulaSays(String rule, String layer) {
        for (boolean positiveInput : new boolean[] {false, true}) {
            for (boolean bias : new boolean[] {false, true}) {
                for (boolean fused : new boolean[] {false, true}) {
                    compare(RULES.get(rule), LAYERS.get(layer), STABILIZER, positiveInput, bias, fused);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rulesAndLayers")
    void everyStabilizerIsWhatItsFormulaSays(String rule, String layer) {
        for (Stabilizer stabilizer : List.of(Stabilizer.clipped(0.3f), Stabilizer.rms(0.2f))) {
            compare(RULES.get(rule), LAYERS.get(layer), stabilizer, false, true, false);
        }
    }

    private void compare(
            Pair pair, ConvShape shape, Stabilizer stabilizer, boolean positiveInput, boolean bias, boolean fused) {
        try (RandomLayers layers = new RandomLayers(backend, 7, true);
                Tape tape = Tape.inference(backend);
                TransformedWeights transformed = new TransformedWeights(backend)) {
            Tensor x = layers.input(tape, shape.batch(), shape.inHeight(), shape.inWidth(), shape.inChannels());
            x = positiveInput ? tape.relu("relu", x) : x;
            Parameter w = layers.weights(shape);
            Parameter b = layers.biases(shape.outChannels());
            Tensor y = tape.conv("layer", x, shape, w, b, fused);
            float[] relevance = layers.normal((int) y.size());
            Rule rule = (bias ? pair.rule() : pair.rule().withoutBias()).withStabilizer(stabilizer);
            AffineLayer layer = (AffineLayer) NodeRelevances.of(y.producer(), transformed);
            Known known = new Known(positiveInput, false);
            try (Floats r = backend.floats(relevance);
                    Floats share = new RuleEvaluator(transformed)
                            .evaluate(rule, layer, r, known, Optional.empty())
                            .get(0)) {
                double[] expected = defined(
                        pair,
                        shape,
                        backend.toArray(x.data()),
                        backend.toArray(w.value()),
                        backend.toArray(b.value()),
                        bias,
                        relevance,
                        stabilizer);
                assertClose(
                        expected,
                        backend.toArray(share),
                        1e-5,
                        rule + " with " + (positiveInput ? "positive" : "mixed") + " input");
            }
        }
    }

    /**
     * The definition, sample by sample. A gamma rule without bias still selects its branches by the whole
     * pre-activation.
     */
    private static double[] defined(
            Pair pair,
            ConvShape shape,
            float[] x,
            float[] w,
            float[] b,
            boolean bias,
            float[] relevance,
            Stabilizer stabilizer) {
        List<RuleDefinition.Connection> connections = RuleDefinition.connections(shape, w);
        int inputs = x.length / shape.batch();
        int outputs = relevance.length / shape.batch();
        double[] biases = new double[outputs];
        for (int k = 0; k < outputs; k++) {
            biases[k] = b[k % b.length];
        }
        double[] result = new double[x.length];
        for (int n = 0; n < shape.batch(); n++) {
            RuleDefinition definition = new RuleDefinition(
                    connections,
                    wide(x, n * inputs, inputs),
                    biases,
                    bias,
                    wide(relevance, n * outputs, outputs),
                    stabilizer);
            System.arraycopy(pair.definition().apply(definition), 0, result, n * inputs, inputs);
        }
        return result;
    }

    private static double[] wide(float[] values, int from, int length) {
        double[] wide = new double[length];
        Arrays.setAll(wide, i -> values[from + i]);
        return wide;
    }
}

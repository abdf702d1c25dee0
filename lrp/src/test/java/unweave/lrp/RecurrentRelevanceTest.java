package unweave.lrp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.Floats;
import unweave.kernels.cpu.CpuBackend;

/** Relevance through recurrent layers by LRP-all. */
class RecurrentRelevanceTest {
    private static final int STEPS = 6;
    private static final int FEATURES = 3;
    private static final int UNITS = 5;
    private static final int INPUTS = 2;

    private final Backend backend = CpuBackend.create(2);

    @AfterEach
    void close() {
        backend.close();
    }

    private record Outcome(float[] inputs, float[] relevance, float[] start, List<RelevanceLedger.Entry> entries) {}

    private Model model(String settings, boolean bias) {
        ModelDescription description = ModelDescription.parse("{\"input\": {\"height\": 1, \"width\": " + STEPS
                + ", \"channels\": " + FEATURES + "}, \"classes\": [\"a\", \"b\"], \"layers\": [{\"name\": \"it\", "
                + settings.replace('\'', '"') + ", \"units\": " + UNITS
                + "}, {\"name\": \"flat\", \"kind\": \"flatten\"}, {\"name\": \"logits\", \"kind\": \"dense\","
                + " \"units\": 2}]}");
        Model model = Model.create(description, backend, 5);
        if (!bias) {
            model.parameters().stream()
                    .filter(parameter -> parameter.name().contains("bias"))
                    .forEach(parameter -> backend.fill(parameter.value(), 0f));
        }
        return model;
    }

    /** Carries what each hidden state holds itself, once for each map, from the layer to the input. */
    private Outcome explain(Model model, Composite composite, int maps) {
        return explain(model, composite, maps, Integer.MAX_VALUE);
    }

    /** As above, of the first values of the output alone. */
    private Outcome explain(Model model, Composite composite, int maps, int values) {
        Random random = new Random(7);
        float[] inputs = new float[INPUTS * STEPS * FEATURES];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (float) random.nextGaussian();
        }
        RelevanceLedger ledger = RelevanceLedger.detailed();
        try (Tape tape = Tape.inference(backend);
                LayerwiseRelevance lrp = new LayerwiseRelevance(composite)) {
            Tensor input = model.input(tape, inputs, 0, INPUTS);
            model.forwardEveryLayer(tape, input);
            Tensor from = tape.remembered("it");
            float[] output = backend.toArray(from.data());
            float[] start = new float[maps * output.length];
            for (int i = 0; i < Math.min(values, start.length); i++) {
                start[i] = output[i % output.length] * (float) (1 + i / output.length + random.nextDouble());
            }
            try (Floats relevance = backend.floats(start);
                    Floats map = lrp.pass(tape)
                            .from(from, relevance)
                            .to(input)
                            .recordedBy(ledger)
                            .run()
                            .get(0)) {
                return new Outcome(inputs, backend.toArray(map), start, ledger.entries());
            }
        }
    }

    private static Composite epsilon(float epsilon) {
        return Composite.named("epsilon").with(LayerKind.RECURRENT, Rule.epsilon(epsilon));
    }

    private static double sum(float[] values, int sample, int samples) {
        int size = values.length / samples;
        double sum = 0;
        for (int i = sample * size; i < (sample + 1) * size; i++) {
            sum += values[i];
        }
        return sum;
    }

    /** All kinds, with one direction and with two. */
    private static final String LSTM = "'kind': 'lstm', 'directions': 'both'";

    private static final String GRU = "'kind': 'gru', 'directions': 'both'";
    private static final String RESET_BEFORE = "'kind': 'gru', 'resetAfter': false, 'directions': 'backward'";
    private static final String TANH = "'kind': 'rnn'";

    @ParameterizedTest
    @ValueSource(strings = {LSTM, GRU, RESET_BEFORE, TANH})
    void withoutBiasAndStabiliserTheInputsReceiveAll(String settings) {
        try (Model model = model(settings, false)) {
            Outcome outcome = explain(model, epsilon(0f), 1);
            double magnitude = 0;
            for (float value : outcome.relevance()) {
                magnitude += Math.abs(value);
            }
            for (int n = 0; n < INPUTS; n++) {
                assertEquals(
                        sum(outcome.start(), n, INPUTS), sum(outcome.relevance(), n, INPUTS), 1e-5 * (1 + magnitude));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {LSTM, GRU, RESET_BEFORE, TANH})
    void theBooksClose(String settings) {
        try (Model model = model(settings, true)) {
            Outcome outcome = explain(model, epsilon(0.1f), 1);
            RelevanceLedger.Entry entry = outcome.entries().get(0);
            assertTrue(entry.imbalance() < 1e-5, settings + " leaves " + entry.imbalance());
            for (int n = 0; n < INPUTS; n++) {
                assertTrue(Math.abs(entry.absorbed().orElseThrow().bias()[n]) > 1e-3, settings);
                assertTrue(Math.abs(entry.absorbed().orElseThrow().stabilizer()[n]) > 1e-3, settings);
                assertEquals(0, entry.absorbed().orElseThrow().dropped()[n]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {LSTM, GRU, RESET_BEFORE, TANH})
    void severalMapsPassAsOneBatch(String settings) {
        try (Model model = model(settings, true)) {
            Outcome both = explain(model, epsilon(0.01f), 2);
            Outcome one = explain(model, epsilon(0.01f), 1);
            assertArrayEquals(one.relevance(), Arrays.copyOf(both.relevance(), one.relevance().length));
        }
    }

    /** At the first step h = o tanh(i tanh(a)), a = x w + b: all goes to x, in proportion to x_j w_jk / a_k. */
    @Test
    void ofTheFirstStepOnlyTheSignalsWeightsCount() {
        try (Model model = model("'kind': 'lstm'", true)) {
            float[] weight = backend.toArray(model.parameter("it.weight_ih").value());
            float[] biasIh = backend.toArray(model.parameter("it.bias_ih").value());
            float[] biasHh = backend.toArray(model.parameter("it.bias_hh").value());
            Outcome outcome = explain(model, epsilon(0f), 1, UNITS);
            double[] expected = new double[FEATURES];
            for (int k = 0; k < UNITS; k++) {
                int row = 2 * UNITS + k;
                double a = biasIh[row] + biasHh[row];
                for (int j = 0; j < FEATURES; j++) {
                    a += outcome.inputs()[j] * weight[row * FEATURES + j];
                }
                for (int j = 0; j < FEATURES; j++) {
                    expected[j] += outcome.start()[k] * outcome.inputs()[j] * weight[row * FEATURES + j] / a;
                }
            }
            for (int i = 0; i < STEPS * FEATURES; i++) {
                assertEquals(i < FEATURES ? expected[i] : 0, outcome.relevance()[i], 1e-5, "input " + i);
            }
        }
    }

    @Test
    void noLayerBehindItIsTheFirst() {
        try (Model model = model(LSTM, true)) {
            List<Assignment> assignments = Composite.named("mine")
                    .withFirst(Rule.wSquare())
                    .withDepth(2, 2, Rule.gamma(0.5f))
                    .with(LayerKind.DENSE, Rule.zPlus())
                    .assignments(model);
            assertEquals(
                    List.of("epsilon(0.001)", "gamma(0.5)"),
                    assignments.stream()
                            .map(assignment -> assignment.rule().toString())
                            .toList());
        }
    }

    @Test
    void theUsualRuleIsEpsilonAndOthersAreRefused() {
        try (Model model = model(LSTM, true)) {
            Composite usual = Composite.named("usual").with(LayerKind.DENSE, Rule.gamma(0.2f));
            assertEquals(
                    "epsilon(0.001)", usual.assignments(model).get(0).rule().toString());
            BadInputException refusal =
                    assertThrows(BadInputException.class, () -> usual.with(LayerKind.RECURRENT, Rule.zPlus())
                            .assignments(model));
            assertTrue(refusal.getMessage().contains("give it epsilon"), refusal.getMessage());
        }
    }
}

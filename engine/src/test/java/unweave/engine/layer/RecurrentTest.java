package unweave.engine.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.tape.Parameter;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.cpu.CpuBackend;

/** Recurrent layers: their outputs against the formulas of PyTorch's documentation, their gradients against slopes. */
class RecurrentTest {
    private static final int STEPS = 5;
    private static final int FEATURES = 3;
    private static final int UNITS = 4;
    private static final int BATCH = 2;

    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = CpuBackend.create(2);
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    private static ModelDescription network(String settings) {
        return ModelDescription.parse("{\"input\": {\"height\": 1, \"width\": " + STEPS + ", \"channels\": " + FEATURES
                + "}, \"classes\": [\"a\", \"b\"], \"layers\": [{\"name\": \"it\", " + settings
                + "}, {\"name\": \"flat\", \"kind\": \"flatten\"}, {\"name\": \"logits\", \"kind\": \"dense\","
                + " \"units\": 2}]}");
    }

    private static float[] noise(int size, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'kind': 'lstm'",
                "'kind': 'lstm', 'directions': 'backward'",
                "'kind': 'lstm', 'directions': 'both'",
                "'kind': 'gru', 'directions': 'both'",
                "'kind': 'gru', 'resetAfter': false, 'directions': 'both'",
                "'kind': 'rnn', 'directions': 'both'",
                "'kind': 'rnn', 'nonlinearity': 'relu'"
            })
    void hiddenStatesFollowTheFormulas(String settings) {
        ModelDescription description = network(settings.replace('\'', '"') + ", \"units\": " + UNITS);
        boolean both = settings.contains("both");
        float[] x = noise(BATCH * STEPS * FEATURES, 1);
        int channels = both ? 2 * UNITS : UNITS;
        assertEquals(LayerShape.image(1, STEPS, channels), description.outputShape("it"));
        try (Model model = Model.create(description, backend, 3);
                Tape tape = Tape.inference(backend)) {
            model.forwardEveryLayer(tape, model.input(tape, x, 0, BATCH));
            float[] y = backend.toArray(tape.remembered("it").data());
            for (int n = 0; n < BATCH; n++) {
                double[][] forward = states(settings, model.weights(), "", x, n, settings.contains("backward"));
                double[][] reverse = both ? states(settings, model.weights(), "_reverse", x, n, true) : forward;
                for (int t = 0; t < STEPS; t++) {
                    for (int c = 0; c < channels; c++) {
                        double expected = c < UNITS ? forward[t][c] : reverse[t][c - UNITS];
                        assertEquals(expected, y[(n * STEPS + t) * channels + c], 1e-6, settings);
                    }
                }
            }
        }
    }

    /** The hidden states of one series. */
    private static double[][] states(
            String settings, Map<String, float[]> weights, String suffix, float[] x, int n, boolean backwards) {
        double[][] states = new double[STEPS][];
        double[] h = new double[UNITS];
        double[] c = new double[UNITS];
        for (int s = 0; s < STEPS; s++) {
            int t = backwards ? STEPS - 1 - s : s;
            double[] input = IntStream.range(0, FEATURES)
                    .mapToDouble(i -> x[(n * STEPS + t) * FEATURES + i])
                    .toArray();
            double[] p = affine(weights.get("it.weight_ih" + suffix), weights.get("it.bias_ih" + suffix), input);
            double[] q = affine(weights.get("it.weight_hh" + suffix), weights.get("it.bias_hh" + suffix), h);
            if (settings.contains("lstm")) {
                for (int k = 0; k < UNITS; k++) {
                    c[k] = logistic(p[UNITS + k] + q[UNITS + k]) * c[k]
                            + logistic(p[k] + q[k]) * Math.tanh(p[2 * UNITS + k] + q[2 * UNITS + k]);
                    h[k] = logistic(p[3 * UNITS + k] + q[3 * UNITS + k]) * Math.tanh(c[k]);
                }
            } else if (settings.contains("gru")) {
                double[] reset = new double[UNITS];
                for (int k = 0; k < UNITS; k++) {
                    reset[k] = logistic(p[k] + q[k]) * h[k];
                }
                double[] ofReset =
                        affine(weights.get("it.weight_hh" + suffix), weights.get("it.bias_hh" + suffix), reset);
                for (int k = 0; k < UNITS; k++) {
                    double r = logistic(p[k] + q[k]);
                    double hidden = settings.contains("false") ? ofReset[2 * UNITS + k] : r * q[2 * UNITS + k];
                    double z = logistic(p[UNITS + k] + q[UNITS + k]);
                    h[k] = (1 - z) * Math.tanh(p[2 * UNITS + k] + hidden) + z * h[k];
                }
            } else {
                for (int k = 0; k < UNITS; k++) {
                    h[k] = settings.contains("relu") ? Math.max(0, p[k] + q[k]) : Math.tanh(p[k] + q[k]);
                }
            }
            states[t] = h.clone();
        }
        return states;
    }

    private static double[] affine(float[] weight, float[] bias, double[] x) {
        double[] y = new double[bias.length];
        for (int k = 0; k < y.length; k++) {
            y[k] = bias[k];
            for (int j = 0; j < x.length; j++) {
                y[k] += weight[k * x.length + j] * x[j];
            }
        }
        return y;
    }

    private static double logistic(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'kind': 'lstm', 'directions': 'both'",
                "'kind': 'gru', 'directions': 'both'",
                "'kind': 'gru', 'resetAfter': false, 'directions': 'backward'",
                "'kind': 'gru', 'resetAfter': false",
                "'kind': 'rnn', 'directions': 'both'"
            })
    void gradientsAreTheSlopesOfTheLoss(String settings) {
        ModelDescription description = network(settings.replace('\'', '"') + ", \"units\": " + UNITS);
        float[] x = noise(BATCH * STEPS * FEATURES, 1);
        try (Model model = Model.create(description, backend, 3)) {
            float[] ofInput;
            try (Tape tape = Tape.training(backend, 1);
                    Ints labels = backend.ints(new int[] {0, 1})) {
                Tensor input = tape.inputWithGradient(backend.floats(x), BATCH, 1, STEPS, FEATURES);
                Tensor loss = tape.crossEntropy("loss", model.forward(tape, input), labels);
                Floats start = backend.floats(new float[] {0.5f, 0.5f});
                try (Floats arrived = tape.backward(loss, start, List.of(input)).get(0)) {
                    ofInput = backend.toArray(arrived);
                }
            }
            for (int i = 0; i < x.length; i += 2) {
                float[] above = x.clone();
                float[] below = x.clone();
                above[i] += 0.01f;
                below[i] -= 0.01f;
                double slope = (loss(model, above) - loss(model, below)) / ((double) above[i] - below[i]);
                assertEquals(slope, ofInput[i], 2e-4, "input " + i);
            }
            for (Parameter parameter : model.parameters()) {
                assertSlopes(model, parameter, x);
            }
        }
    }

    private static void assertSlopes(Model model, Parameter parameter, float[] x) {
        float[] gradient = backend.toArray(parameter.gradient());
        float[] value = backend.toArray(parameter.value());
        for (int i = 0; i < value.length; i += Math.max(1, value.length / 9)) {
            float[] moved = value.clone();
            moved[i] = value[i] + 0.01f;
            double step = moved[i];
            backend.upload(moved, 0, parameter.value(), 0, moved.length);
            double above = loss(model, x);
            moved[i] = value[i] - 0.01f;
            step -= moved[i];
            backend.upload(moved, 0, parameter.value(), 0, moved.length);
            assertEquals((above - loss(model, x)) / step, gradient[i], 2e-4, parameter.name() + " " + i);
        }
        backend.upload(value, 0, parameter.value(), 0, value.length);
    }

    /** The mean loss, in float64 from the logits. */
    private static double loss(Model model, float[] x) {
        float[] logits = model.predict(x, BATCH);
        double sum = 0;
        for (int n = 0; n < BATCH; n++) {
            sum += Math.log1p(Math.exp((double) logits[2 * n + 1 - n] - logits[2 * n + n]));
        }
        return sum / BATCH;
    }

    @Test
    void parametersAreNamedAndLaidOutAsPyTorchs() {
        ModelDescription description = network("\"kind\": \"gru\", \"units\": 4, \"directions\": \"both\"");
        assertEquals(
                List.of(
                        "it.weight_ih [12, 3]",
                        "it.weight_hh [12, 4]",
                        "it.bias_ih [12]",
                        "it.bias_hh [12]",
                        "it.weight_ih_reverse [12, 3]",
                        "it.weight_hh_reverse [12, 4]",
                        "it.bias_ih_reverse [12]",
                        "it.bias_hh_reverse [12]"),
                description.parameters().stream()
                        .limit(8)
                        .map(parameter -> parameter.name() + " " + parameter.shape())
                        .toList());
    }

    @Test
    void theDescriptionSurvivesTheFile() {
        for (String settings : List.of(
                "\"kind\": \"lstm\", \"units\": 4, \"directions\": \"backward\"",
                "\"kind\": \"gru\", \"units\": 4, \"resetAfter\": false",
                "\"kind\": \"rnn\", \"units\": 4, \"nonlinearity\": \"relu\"")) {
            ModelDescription description = network(settings);
            assertEquals(
                    description.layers(),
                    ModelDescription.parse(description.toText()).layers());
        }
    }

    @Test
    void stepsSeeThoseThatCameBefore() {
        assertEquals(
                new ReceptiveField.Box(0, 0, 1, 3),
                network("\"kind\": \"lstm\", \"units\": 4").receptiveField("it").at(0, 2));
        assertEquals(
                new ReceptiveField.Box(0, 2, 1, 5),
                network("\"kind\": \"lstm\", \"units\": 4, \"directions\": \"backward\"")
                        .receptiveField("it")
                        .at(0, 2));
        assertEquals(
                new ReceptiveField.Box(0, 0, 1, 5),
                network("\"kind\": \"lstm\", \"units\": 4, \"directions\": \"both\"")
                        .receptiveField("it")
                        .at(0, 2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'kind': 'lstm' | \"units\" must be",
                "'kind': 'lstm', 'units': 4, 'directions': 'sideways' | \"directions\" must be forward, backward, both",
                "'kind': 'rnn', 'units': 4, 'nonlinearity': 'gelu' | \"nonlinearity\" must be tanh or relu",
                "'kind': 'upsample', 'scale': 2}, {'name': 'rnn', 'kind': 'gru', 'units': 4 | reads a series 1 x steps"
            })
    void whatCannotBeIsRefusedInOneLine(String settings, String complaint) {
        BadInputException refusal = assertThrows(BadInputException.class, () -> network(settings.replace('\'', '"')));
        assertTrue(
                refusal.getMessage().contains(complaint)
                        && refusal.getMessage().lines().count() == 1,
                refusal.getMessage());
    }
}

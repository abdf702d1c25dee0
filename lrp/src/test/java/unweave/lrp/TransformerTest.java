package unweave.lrp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unweave.lrp.Closeness.assertClose;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Activation;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.cpu.CpuBackend;

/** A block of a transformer with two heads: its output, its gradient, and where its relevance goes. */
class TransformerTest {
    private static final int TIME = 6;
    private static final int FEATURES = 8;
    private static final int HEADS = 2;
    private static final int DEPTH = FEATURES / HEADS;
    private static final int SIZE = TIME * FEATURES;
    private static final int HIDDEN = 12;
    private static final int BATCH = 3;

    private final Backend backend = CpuBackend.create(2);

    @AfterEach
    void close() {
        backend.close();
    }

    /** @param full with layer normalisation, softmax and GELU; without, attention is linear and the MLP has a ReLU */
    private static ModelDescription block(boolean full, boolean bias) {
        String linear = "\"kind\": \"conv\", \"kernel\": 1, \"bias\": " + bias;
        String heads = "\"kind\": \"rearrange\", \"split\": [6, 2, 4], \"order\": [1, 0, 2], \"to\": [2, 6, 4]";
        String first = full ? "norm1" : "input";
        String activation = full ? "\"kind\": \"activation\", \"function\": \"gelu\"" : "\"kind\": \"relu\"";
        return ModelDescription.parse(
                """
        {"input": {"height": 1, "width": 6, "channels": 8}, "classes": ["a", "b", "c"], "layers": [
          %1$s
          {"name": "query", %2$s, "filters": 8, "inputs": "%4$s"}, {"name": "queries", %3$s},
          {"name": "key", %2$s, "filters": 8, "inputs": "%4$s"}, {"name": "keys", %3$s},
          {"name": "value", %2$s, "filters": 8, "inputs": "%4$s"}, {"name": "values", %3$s},
          {"name": "scores", "kind": "matmul", "transposeSecond": true, "inputs": ["queries", "keys"]},
          %5$s
          {"name": "mixed", "kind": "matmul", "inputs": ["%6$s", "values"]},
          {"name": "joined", "kind": "rearrange", "split": [2, 6, 4], "order": [1, 0, 2], "to": [1, 6, 8]},
          {"name": "projection", %2$s, "filters": 8},
          {"name": "residual1", "kind": "add", "inputs": ["input", "projection"]},
          %7$s
          {"name": "mlp1", %2$s, "filters": 12}, {"name": "bend", %8$s}, {"name": "mlp2", %2$s, "filters": 8},
          {"name": "residual2", "kind": "add", "inputs": ["residual1", "mlp2"]},
          {"name": "mean", "kind": "globalavgpool"}, {"name": "flatten", "kind": "flatten"},
          {"name": "logits", "kind": "dense", "units": 3, "bias": %9$s}]}"""
                        .formatted(
                                full ? "{\"name\": \"norm1\", \"kind\": \"layernorm\"}," : "",
                                linear,
                                heads,
                                first,
                                full ? "{\"name\": \"weights\", \"kind\": \"softmax\"}," : "",
                                full ? "weights" : "scores",
                                full ? "{\"name\": \"norm2\", \"kind\": \"layernorm\"}," : "",
                                activation,
                                bias));
    }

    private Model model(ModelDescription description) {
        return CanonizerTest.random(description, backend, 5);
    }

    private static float[] noise(int size, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Test
    void theOutputIsThatOfTheDefinition() {
        float[] x = noise(BATCH * SIZE, 1);
        try (Model model = model(block(true, true))) {
            float[] logits = model.predict(x, BATCH);
            for (int n = 0; n < BATCH; n++) {
                double[] expected = new Definition(model.weights()).logits(x, n * SIZE);
                for (int c = 0; c < 3; c++) {
                    assertEquals(expected[c], logits[3 * n + c], 2e-6 * largest(expected), "logit " + c);
                }
            }
        }
    }

    private static double largest(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    /** The block in float64, matrix by matrix. */
    private record Definition(Map<String, float[]> weights) {
        double[] logits(float[] input, int from) {
            double[][] x = new double[TIME][FEATURES];
            for (int i = 0; i < SIZE; i++) {
                x[i / FEATURES][i % FEATURES] = input[from + i];
            }
            double[][] attended = add(x, linear("projection", attention(layerNorm("norm1", x)), FEATURES));
            double[][] hidden = linear("mlp1", layerNorm("norm2", attended), HIDDEN);
            for (double[] row : hidden) {
                for (int i = 0; i < HIDDEN; i++) {
                    row[i] = Activation.GELU.value(Activation.GELU.usualConstants(), row[i]);
                }
            }
            double[][] y = add(attended, linear("mlp2", hidden, FEATURES));
            double[][] mean = new double[1][FEATURES];
            for (double[] row : y) {
                for (int i = 0; i < FEATURES; i++) {
                    mean[0][i] += row[i] / TIME;
                }
            }
            return linear("logits", mean, 3)[0];
        }

        private double[][] attention(double[][] x) {
            double[][] query = linear("query", x, FEATURES);
            double[][] key = linear("key", x, FEATURES);
            double[][] value = linear("value", x, FEATURES);
            double[][] result = new double[TIME][FEATURES];
            for (int i = 0; i < TIME; i++) {
                for (int head = 0; head < HEADS; head++) {
                    double[] power = new double[TIME];
                    double sum = 0;
                    for (int j = 0; j < TIME; j++) {
                        double score = 0;
                        for (int d = head * DEPTH; d < (head + 1) * DEPTH; d++) {
                            score += query[i][d] * key[j][d];
                        }
                        power[j] = Math.exp(score);
                        sum += power[j];
                    }
                    for (int d = head * DEPTH; d < (head + 1) * DEPTH; d++) {
                        for (int j = 0; j < TIME; j++) {
                            result[i][d] += power[j] / sum * value[j][d];
                        }
                    }
                }
            }
            return result;
        }

        private double[][] linear(String layer, double[][] x, int outputs) {
            float[] w = weights.get(layer + ".weight");
            float[] b = weights.get(layer + ".bias");
            double[][] y = new double[x.length][outputs];
            for (int t = 0; t < x.length; t++) {
                for (int o = 0; o < outputs; o++) {
                    y[t][o] = b[o];
                    for (int i = 0; i < x[t].length; i++) {
                        y[t][o] += x[t][i] * w[i * outputs + o];
                    }
                }
            }
            return y;
        }

        private double[][] layerNorm(String layer, double[][] x) {
            float[] gamma = weights.get(layer + ".weight");
            float[] beta = weights.get(layer + ".bias");
            double[][] y = new double[x.length][FEATURES];
            for (int t = 0; t < x.length; t++) {
                double mean = 0;
                double variance = 0;
                for (double value : x[t]) {
                    mean += value / FEATURES;
                }
                for (double value : x[t]) {
                    variance += (value - mean) * (value - mean) / FEATURES;
                }
                for (int i = 0; i < FEATURES; i++) {
                    y[t][i] = gamma[i] * (x[t][i] - mean) / Math.sqrt(variance + 1e-5) + beta[i];
                }
            }
            return y;
        }

        private static double[][] add(double[][] a, double[][] b) {
            double[][] sum = new double[a.length][a[0].length];
            for (int t = 0; t < a.length; t++) {
                for (int i = 0; i < sum[t].length; i++) {
                    sum[t][i] = a[t][i] + b[t][i];
                }
            }
            return sum;
        }
    }

    @Test
    void theGradientIsTheSlopeOfTheDefinition() {
        float[] x = noise(SIZE, 2);
        double step = 1e-3;
        try (Model model = model(block(true, true));
                Tape tape = Tape.inference(backend)) {
            Tensor input = tape.inputWithGradient(backend.floats(x), 1, 1, TIME, FEATURES);
            Tensor logits = model.forward(tape, input);
            try (Floats arrived = tape.backward(logits, backend.floats(new float[] {0, 1, 0}), List.of(input))
                    .get(0)) {
                float[] gradient = backend.toArray(arrived);
                Definition definition = new Definition(model.weights());
                double largest = 0;
                for (float value : gradient) {
                    largest = Math.max(largest, Math.abs(value));
                }
                for (int i = 0; i < SIZE; i++) {
                    float[] up = x.clone();
                    float[] down = x.clone();
                    up[i] += (float) step;
                    down[i] -= (float) step;
                    double slope =
                            (definition.logits(up, 0)[1] - definition.logits(down, 0)[1]) / ((double) up[i] - down[i]);
                    assertEquals(slope, gradient[i], 2e-4 * largest, "input " + i);
                }
            }
        }
    }

    /** What arrived at the input and the books of a pass from the logits of class 1. */
    private record Explained(float[] logits, float[] relevance, RelevanceLedger ledger) {
        double sum(int sample) {
            double sum = 0;
            for (int i = sample * SIZE; i < (sample + 1) * SIZE; i++) {
                sum += relevance[i];
            }
            return sum;
        }

        double magnitude(int sample) {
            return ledger.entries().stream()
                    .mapToDouble(entry -> entry.absorbed().orElseThrow().magnitude()[sample])
                    .max()
                    .orElseThrow();
        }
    }

    private Explained explain(ModelDescription description, Composite composite) {
        RelevanceLedger ledger = RelevanceLedger.detailed();
        try (Model model = model(description);
                Tape tape = Tape.inference(backend);
                LayerwiseRelevance lrp = new LayerwiseRelevance(composite)) {
            Tensor input = tape.input(backend.floats(noise(BATCH * SIZE, 3)), BATCH, 1, TIME, FEATURES);
            Tensor logits = model.forward(tape, input);
            try (Floats start = TargetRelevance.logit(backend, logits, new int[] {1, 1, 1});
                    Floats map = lrp.pass(tape)
                            .from(logits, start)
                            .to(input)
                            .recordedBy(ledger)
                            .run()
                            .get(0)) {
                return new Explained(backend.toArray(logits.data()), backend.toArray(map), ledger);
            }
        }
    }

    /** Products in equal parts and linear layers in proportion lose nothing. */
    @Test
    void withoutBiasSoftmaxAndNormalisationTheInputReceivesTheLogit() {
        Explained explained = explain(block(false, false), Composites.lrpZero());
        for (int n = 0; n < BATCH; n++) {
            assertEquals(explained.logits()[3 * n + 1], explained.sum(n), 1e-5 * explained.magnitude(n));
        }
    }

    /** The bias of the softmax' decomposition takes what the input lacks, and the ledger says so. */
    @Test
    void withoutBiasOnlyTheSoftmaxAbsorbs() {
        Explained explained = explain(block(true, false), Composites.lrpZero());
        for (int n = 0; n < BATCH; n++) {
            double absorbed = 0;
            for (RelevanceLedger.Entry entry : explained.ledger().entries()) {
                RelevanceLedger.Absorbed rest = entry.absorbed().orElseThrow();
                if (entry.layer().equals("weights")) {
                    absorbed = rest.bias()[n];
                    assertTrue(Math.abs(absorbed) > 1e-2 * rest.magnitude()[n], "the softmax absorbs " + absorbed);
                } else {
                    double lost = (double) entry.arrived()[n] - entry.passedOn()[n];
                    assertEquals(0, lost, 2e-5 * rest.magnitude()[n], entry.layer());
                }
                assertTrue(entry.imbalance() <= 1e-5, entry.layer() + " leaves " + entry.imbalance());
            }
            assertEquals(explained.logits()[3 * n + 1], explained.sum(n) + absorbed, 2e-5 * explained.magnitude(n));
        }
    }

    /** Maps of the same inputs pass as one batch and get what each gets alone. */
    @Test
    void severalMapsPassTogether() {
        try (Model model = model(block(true, true));
                Tape tape = Tape.inference(backend);
                LayerwiseRelevance lrp = new LayerwiseRelevance(Composites.epsilonPlus())) {
            Tensor input = tape.input(backend.floats(noise(BATCH * SIZE, 3)), BATCH, 1, TIME, FEATURES);
            Tensor logits = model.forward(tape, input);
            try (Floats first = TargetRelevance.logit(backend, logits, new int[] {0, 1, 2});
                    Floats second = TargetRelevance.logit(backend, logits, new int[] {2, 0, 1});
                    Floats both = TargetRelevance.logit(backend, logits, new int[] {0, 1, 2}, new int[] {2, 0, 1});
                    Floats together = lrp.propagate(tape, logits, both, 2, input);
                    Floats alone1 = lrp.propagate(tape, logits, first, 1, input);
                    Floats alone2 = lrp.propagate(tape, logits, second, 1, input);
                    Floats expected = backend.floats(together.size())) {
                backend.copy(alone1, 0, expected, 0, alone1.size());
                backend.copy(alone2, 0, expected, alone1.size(), alone2.size());
                assertClose(backend.toArray(expected), backend.toArray(together), 1e-6, "two maps");
            }
        }
    }
}

package unweave.engine.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.tape.Tape;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.cpu.CpuBackend;

/** Layer normalisation over any axes, group and instance normalisation, against their definitions in float64. */
class NormalizationTest {
    private static final int HEIGHT = 3;
    private static final int WIDTH = 5;
    private static final int CHANNELS = 4;
    private static final int SIZE = HEIGHT * WIDTH * CHANNELS;
    private static final int BATCH = 3;

    private final Backend backend = CpuBackend.create(2);
    private final SplittableRandom random = new SplittableRandom(7);

    @AfterEach
    void close() {
        backend.close();
    }

    private static ModelDescription network(String layer) {
        return ModelDescription.parse(
                """
        {"input": {"height": 3, "width": 5, "channels": 4}, "classes": ["a", "b"], "layers": [
          {"name": "norm", %s}, {"name": "flatten", "kind": "flatten"},
          {"name": "dense", "kind": "dense", "units": 2}]}"""
                        .formatted(layer));
    }

    private float[] noise(int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextDouble(-2, 3);
        }
        return values;
    }

    private static int row(int i) {
        return i / (WIDTH * CHANNELS);
    }

    private static int column(int i) {
        return i / CHANNELS % WIDTH;
    }

    private static int channel(int i) {
        return i % CHANNELS;
    }

    /** @param set which values of an image are normalised together */
    private void check(String layer, IntUnaryOperator set, IntUnaryOperator parameter) {
        float[] x = noise(BATCH * SIZE);
        try (Model model = Model.of(network(layer), backend, p -> noise(p.size()));
                Tape tape = Tape.inference(backend)) {
            model.forwardEveryLayer(tape, tape.input(backend.floats(x), BATCH, HEIGHT, WIDTH, CHANNELS));
            float[] y = backend.toArray(tape.remembered("norm").data());
            boolean affine = !layer.contains("\"affine\": false");
            float[] gamma =
                    affine ? backend.toArray(model.parameter("norm.weight").value()) : null;
            float[] beta = affine ? backend.toArray(model.parameter("norm.bias").value()) : null;
            for (int n = 0; n < BATCH; n++) {
                double[] normalized = normalized(x, n * SIZE, set);
                for (int i = 0; i < SIZE; i++) {
                    int p = parameter.applyAsInt(i);
                    double expected = affine ? gamma[p] * normalized[i] + beta[p] : normalized[i];
                    assertEquals(expected, y[n * SIZE + i], 2e-5, "value " + i);
                }
            }
        }
    }

    private static double[] normalized(float[] x, int from, IntUnaryOperator set) {
        double[] result = new double[SIZE];
        for (int i = 0; i < SIZE; i++) {
            double count = 0;
            double sum = 0;
            double squares = 0;
            for (int j = 0; j < SIZE; j++) {
                if (set.applyAsInt(i) == set.applyAsInt(j)) {
                    count++;
                    sum += x[from + j];
                    squares += (double) x[from + j] * x[from + j];
                }
            }
            double mean = sum / count;
            result[i] = (x[from + i] - mean) / Math.sqrt(squares / count - mean * mean + 1e-5);
        }
        return result;
    }

    @Test
    void layerNormalisationOverAnyAxes() {
        check("\"kind\": \"layernorm\"", i -> i / CHANNELS, NormalizationTest::channel);
        check("\"kind\": \"layernorm\", \"axes\": [\"height\"]", i -> i % (WIDTH * CHANNELS), NormalizationTest::row);
        check(
                "\"kind\": \"layernorm\", \"axes\": \"width\"",
                i -> row(i) * CHANNELS + channel(i),
                NormalizationTest::column);
        check(
                "\"kind\": \"layernorm\", \"axes\": [\"channels\", \"height\"]",
                NormalizationTest::column,
                i -> row(i) * CHANNELS + channel(i));
        check(
                "\"kind\": \"layernorm\", \"axes\": [\"width\", \"channels\"]",
                NormalizationTest::row,
                i -> i % (WIDTH * CHANNELS));
        check("\"kind\": \"layernorm\", \"axes\": [\"height\", \"width\", \"channels\"]", i -> 0, i -> i);
        check(
                "\"kind\": \"layernorm\", \"axes\": [\"height\", \"width\"], \"affine\": false",
                NormalizationTest::channel,
                i -> 0);
    }

    @ParameterizedTest
    @CsvSource({"1, true", "2, true", "4, true", "2, false"})
    void groupNormalisation(int groups, boolean affine) {
        check(
                "\"kind\": \"groupnorm\", \"groups\": %d, \"affine\": %s".formatted(groups, affine),
                i -> channel(i) / (CHANNELS / groups),
                NormalizationTest::channel);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void instanceNormalisation(boolean affine) {
        check(
                "\"kind\": \"instancenorm\", \"affine\": %s".formatted(affine),
                NormalizationTest::channel,
                NormalizationTest::channel);
    }

    @Test
    void json() {
        for (String layer : List.of(
                "\"kind\": \"layernorm\", \"axes\": [\"width\", \"height\"], \"affine\": false",
                "\"kind\": \"groupnorm\", \"groups\": 2, \"epsilon\": 0.1",
                "\"kind\": \"instancenorm\", \"affine\": false")) {
            ModelDescription description = network(layer);
            assertEquals(description, ModelDescription.parse(description.toText()));
        }
        assertEquals(
                List.of(3, 4),
                network("\"kind\": \"layernorm\", \"axes\": [\"channels\", \"height\"]")
                        .parameters()
                        .get(0)
                        .shape());
        assertEquals(
                new ReceptiveField.Box(0, 0, 3, 5),
                network("\"kind\": \"instancenorm\"").receptiveField("norm").at(1, 1));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertRefused("\"kind\": \"groupnorm\", \"groups\": 3", "3 groups of equal size do not fit 4 channels");
        assertRefused(
                "\"kind\": \"layernorm\", \"axes\": [\"time\"]",
                "\"axes\" must be height, width, channels, not \"time\"");
        assertRefused(
                "\"kind\": \"flatten\"}, {\"name\": \"other\", \"kind\": \"instancenorm\"",
                "instancenorm reads an image, not a vector of 60 (flattened 3x5x4); put it before flatten");
    }

    private static void assertRefused(String layer, String message) {
        String complaint =
                assertThrows(BadInputException.class, () -> network(layer)).getMessage();
        assertEquals(message, complaint.replaceFirst("layer \\w+: ", ""));
    }
}

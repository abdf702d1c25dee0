package unweave.engine.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.cpu.CpuBackend;

/** Batch normalisation along other axes, in bands, and without gamma and beta. */
class BatchNormTest {
    private static final int HEIGHT = 6;
    private static final int WIDTH = 5;
    private static final int CHANNELS = 3;
    private static final int SIZE = HEIGHT * WIDTH * CHANNELS;
    private static final int BATCH = 4;

    private final Backend backend = CpuBackend.create(2);
    private final SplittableRandom random = new SplittableRandom(7);

    @AfterEach
    void close() {
        backend.close();
    }

    private static ModelDescription network(String settings) {
        return ModelDescription.parse(
                """
        {"input": {"height": 6, "width": 5, "channels": 3}, "classes": ["a", "b"], "layers": [
          {"name": "norm", "kind": "batchnorm"%s}, {"name": "flatten", "kind": "flatten"},
          {"name": "dense", "kind": "dense", "units": 2}]}"""
                        .formatted(settings));
    }

    private Model model(String settings) {
        return Model.of(network(settings), backend, parameter -> noise(parameter.size(), 0.3, 2));
    }

    private float[] noise(int size, double low, double high) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextDouble(low, high);
        }
        return values;
    }

    /** Which parameter value i of an image meets. */
    private static IntUnaryOperator parameterOf(String axis, int bands) {
        return i -> switch (axis) {
            case "height" -> i / (WIDTH * CHANNELS);
            case "width" -> i / CHANNELS % WIDTH;
            default -> i % CHANNELS * bands + i / (WIDTH * CHANNELS) / (HEIGHT / bands);
        };
    }

    @ParameterizedTest
    @CsvSource({"channels, 1", "channels, 2", "channels, 3", "height, 1", "width, 1"})
    void everyValueMeetsTheParametersOfItsPlace(String axis, int bands) {
        IntUnaryOperator place = parameterOf(axis, bands);
        float[] x = noise(BATCH * SIZE, -2, 2);
        try (Model model = model(", \"axis\": \"%s\", \"bands\": %d".formatted(axis, bands));
                Tape tape = Tape.inference(backend)) {
            float[] gamma = backend.toArray(model.parameter("norm.weight").value());
            float[] beta = backend.toArray(model.parameter("norm.bias").value());
            float[] mean = backend.toArray(model.parameter("norm.running_mean").value());
            float[] variance =
                    backend.toArray(model.parameter("norm.running_var").value());
            model.forwardEveryLayer(tape, tape.input(backend.floats(x), BATCH, HEIGHT, WIDTH, CHANNELS));
            float[] y = backend.toArray(tape.remembered("norm").data());
            for (int i = 0; i < x.length; i++) {
                int p = place.applyAsInt(i % SIZE);
                assertEquals(
                        gamma[p] * (x[i] - mean[p]) / Math.sqrt(variance[p] + 1e-5) + beta[p],
                        y[i],
                        1e-5,
                        "value " + i);
            }
        }
    }

    /** In training, the statistics are those of all values that share a parameter. */
    @ParameterizedTest
    @CsvSource({"channels, 2", "height, 1", "width, 1"})
    void trainingUsesTheStatisticsOfTheBatch(String axis, int bands) {
        IntUnaryOperator place = parameterOf(axis, bands);
        float[] x = noise(BATCH * SIZE, -2, 5);
        try (Model model = model(", \"affine\": false, \"axis\": \"%s\", \"bands\": %d".formatted(axis, bands));
                Tape tape = Tape.training(backend, 1)) {
            model.forwardEveryLayer(tape, tape.input(backend.floats(x), BATCH, HEIGHT, WIDTH, CHANNELS));
            float[] y = backend.toArray(tape.remembered("norm").data());
            int size = (int) model.parameter("norm.running_mean").value().size();
            double[] sums = new double[size];
            double[] squares = new double[size];
            for (int i = 0; i < y.length; i++) {
                sums[place.applyAsInt(i % SIZE)] += y[i];
                squares[place.applyAsInt(i % SIZE)] += y[i] * y[i];
            }
            for (int p = 0; p < size; p++) {
                assertEquals(0, sums[p] * size / y.length, 1e-5, "mean of " + p);
                assertEquals(1, squares[p] * size / y.length, 1e-4, "variance of " + p);
            }
        }
    }

    @Test
    void withoutGammaAndBetaTheyAreOneAndZero() {
        float[] x = noise(BATCH * SIZE, -2, 2);
        try (Model affine = model("");
                Model plain = model(", \"affine\": false")) {
            assertEquals(
                    List.of("norm.running_mean", "norm.running_var"),
                    plain.description().parameters().stream()
                            .filter(parameter -> parameter.layer().equals("norm"))
                            .map(ParameterDescription::name)
                            .toList());
            backend.fill(affine.parameter("norm.weight").value(), 1f);
            backend.fill(affine.parameter("norm.bias").value(), 0f);
            for (String statistic : List.of("norm.running_mean", "norm.running_var")) {
                backend.copy(
                        affine.parameter(statistic).value(),
                        0,
                        plain.parameter(statistic).value(),
                        0,
                        CHANNELS);
            }
            assertArrayEquals(norm(affine, x), norm(plain, x));
        }
    }

    private float[] norm(Model model, float[] x) {
        try (Tape tape = Tape.inference(backend)) {
            Tensor input = tape.input(backend.floats(x), BATCH, HEIGHT, WIDTH, CHANNELS);
            model.forwardEveryLayer(tape, input);
            return backend.toArray(tape.remembered("norm").data());
        }
    }

    @Test
    void json() {
        ModelDescription description = network(", \"axis\": \"height\", \"affine\": false");
        assertEquals(description, ModelDescription.parse(description.toText()));
        ModelDescription bands = network(", \"bands\": 3");
        assertEquals(bands, ModelDescription.parse(bands.toText()));
        assertEquals(List.of(9), bands.parameters().get(0).shape());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertRefused(", \"bands\": 4", "layer norm: 4 bands of equal height do not fit a height of 6");
        assertRefused(
                ", \"bands\": 2, \"axis\": \"width\"",
                "layer norm: \"bands\" must be 1 or more, and 1 where the axis is not channels; it is 2 for width");
        assertRefused(", \"axis\": \"time\"", "layer norm: \"axis\" must be height, width, channels, not \"time\"");
    }

    private static void assertRefused(String settings, String message) {
        assertEquals(
                message,
                assertThrows(BadInputException.class, () -> network(settings)).getMessage());
    }
}

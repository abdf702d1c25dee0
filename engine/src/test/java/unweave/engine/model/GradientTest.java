package unweave.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unweave.engine.tape.Parameter;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.cpu.CpuBackend;

/** Gradients of a network that has every kind of layer, against central differences of its loss. */
class GradientTest {
    private static final int BATCH = 6;
    private static final long SEED = 5;
    private static final double STEP = 5e-4;

    private static final ModelDescription DESCRIPTION = ModelDescription.parse(
            """
      {"input": {"height": 11, "width": 10, "channels": 3}, "classes": ["a", "b", "c"], "layers": [
        {"name": "conv1", "kind": "conv", "filters": 8, "kernel": [3, 5], "padding": "same"},
        {"name": "relu1", "kind": "relu"},
        {"name": "pool1", "kind": "maxpool", "window": 3, "stride": 2, "padding": 1},
        {"name": "conv2", "kind": "conv", "filters": 8, "kernel": 3, "padding": 2, "dilation": 2, "groups": 2,
          "bias": false},
        {"name": "norm2", "kind": "batchnorm"},
        {"name": "relu2", "kind": "relu"},
        {"name": "sum", "kind": "add", "inputs": ["pool1", "relu2"]},
        {"name": "conv3", "kind": "conv", "filters": 6, "kernel": [3, 2], "stride": [1, 2], "padding": 1},
        {"name": "relu3", "kind": "relu"},
        {"name": "conv4", "kind": "conv", "filters": 6, "kernel": 1, "groups": 6},
        {"name": "shortcut", "kind": "add", "inputs": ["relu3", "conv4"]},
        {"name": "pool2", "kind": "avgpool", "window": 2, "stride": 1},
        {"name": "pool3", "kind": "globalavgpool", "inputs": ["shortcut"]},
        {"name": "up", "kind": "convtranspose", "filters": 4, "kernel": [3, 2], "stride": 2, "padding": 1,
          "extra": [1, 0], "inputs": ["pool2"]},
        {"name": "smooth", "kind": "activation", "function": "gelu"},
        {"name": "norm5", "kind": "layernorm"},
        {"name": "down", "kind": "conv", "filters": 5, "kernel": [3, 2], "stride": 2, "padding": 1},
        {"name": "leaky", "kind": "activation", "function": "leaky-relu", "constant": 0.2},
        {"name": "joined", "kind": "concat", "inputs": ["pool2", "leaky"]},
        {"name": "flatten2", "kind": "flatten", "inputs": ["joined"]},
        {"name": "dense2", "kind": "dense", "units": 6},
        {"name": "normf", "kind": "batchnorm"},
        {"name": "pool4", "kind": "globalmaxpool", "inputs": ["shortcut"]},
        {"name": "pools", "kind": "concat", "inputs": ["pool3", "pool4"]},
        {"name": "flatten3", "kind": "flatten", "inputs": ["pools"]},
        {"name": "scaled", "kind": "dense", "units": 6, "bias": false},
        {"name": "both", "kind": "add", "inputs": ["normf", "scaled"]},
        {"name": "dropout", "kind": "dropout", "probability": 0.3},
        {"name": "dense3", "kind": "dense", "units": 12},
        {"name": "relu4", "kind": "relu"},
        {"name": "dense4", "kind": "dense", "units": 3}]}""");

    /** Two heads of attention over the positions of an image's rows, with normalisations along other axes. */
    private static final ModelDescription ATTENTION = ModelDescription.parse(
            """
      {"input": {"height": 4, "width": 5, "channels": 6}, "classes": ["a", "b", "c"], "layers": [
        {"name": "query", "kind": "conv", "filters": 4, "kernel": 1},
        {"name": "key", "kind": "conv", "filters": 4, "kernel": 1, "bias": false, "inputs": ["input"]},
        {"name": "value", "kind": "conv", "filters": 3, "kernel": 1, "bias": false, "inputs": ["input"]},
        {"name": "scores", "kind": "matmul", "transposeSecond": true, "inputs": ["query", "key"]},
        {"name": "weights", "kind": "softmax"},
        {"name": "mixed", "kind": "matmul", "inputs": ["weights", "value"]},
        {"name": "norm", "kind": "batchnorm", "affine": false},
        {"name": "rows", "kind": "batchnorm", "axis": "height"},
        {"name": "bands", "kind": "batchnorm", "bands": 2},
        {"name": "gram", "kind": "matmul", "transposeSecond": true, "inputs": ["bands", "bands"]},
        {"name": "over-width", "kind": "layernorm", "axes": ["width"]},
        {"name": "smooth", "kind": "activation", "function": "gelu"},
        {"name": "over-all", "kind": "layernorm", "axes": ["height", "channels", "width"]},
        {"name": "expanded", "kind": "conv", "filters": 6, "kernel": 3, "padding": "same"},
        {"name": "groups", "kind": "groupnorm", "groups": 3},
        {"name": "instance", "kind": "instancenorm"},
        {"name": "one", "kind": "avgpool", "window": [4, 1], "inputs": ["expanded"]},
        {"name": "product", "kind": "matmul", "transposeSecond": true, "inputs": ["one", "instance"]},
        {"name": "flatten", "kind": "flatten"},
        {"name": "dense", "kind": "dense", "units": 3}]}""");

    /** Layers of different shapes combined value by value. */
    private static final ModelDescription COMBINED = ModelDescription.parse(
            """
      {"input": {"height": 5, "width": 4, "channels": 3}, "classes": ["a", "b", "c"], "layers": [
        {"name": "conv", "kind": "conv", "filters": 4, "kernel": 3, "padding": "same"},
        {"name": "mean", "kind": "globalavgpool"},
        {"name": "gate", "kind": "activation", "function": "hard-sigmoid", "constant": 0.2, "offset": 0.5},
        {"name": "above", "kind": "activation", "function": "exp"},
        {"name": "gated", "kind": "multiply", "inputs": ["conv", "gate"]},
        {"name": "rows", "kind": "scale", "shape": [5, 1, 4]},
        {"name": "plane", "kind": "conv", "filters": 1, "kernel": 1},
        {"name": "less", "kind": "subtract", "inputs": ["plane", "mean"]},
        {"name": "columns", "kind": "shift", "shape": [1, 4, 1]},
        {"name": "three", "kind": "add", "inputs": ["rows", "columns", "mean"]},
        {"name": "slopes", "kind": "prelu", "shape": [1, 4, 4]},
        {"name": "upper", "kind": "maximum", "inputs": ["slopes", "plane"]},
        {"name": "lower", "kind": "minimum", "inputs": ["mean", "upper"]},
        {"name": "quotient", "kind": "divide", "inputs": ["lower", "above"]},
        {"name": "flatten", "kind": "flatten"},
        {"name": "dense1", "kind": "dense", "units": 6},
        {"name": "factors", "kind": "scale", "shape": [6]},
        {"name": "offset", "kind": "shift", "shape": [1]},
        {"name": "square", "kind": "multiply", "inputs": ["offset", "offset"]},
        {"name": "dense2", "kind": "dense", "units": 3}]}""");

    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = CpuBackend.create(2);
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    static List<ModelDescription> networks() {
        return List.of(DESCRIPTION, ATTENTION, COMBINED);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void parameterGradientsAreTheSlopeOfTheLoss(ModelDescription description) {
        float[] x = noise(BATCH * description.input().features(), 1);
        try (Model model = Model.create(description, backend, 3)) {
            try (Tape tape = Tape.training(backend, SEED);
                    Ints labels = labels()) {
                tape.backward(loss(model, tape, input(model, tape, x), labels));
            }
            for (Parameter parameter : model.parameters()) {
                if (parameter.trainable()) {
                    assertSlopes(model, parameter, x);
                }
            }
        }
    }

    /**
     * Along the gradient the slope is its length; along random signs it shows components that the gradient may lack.
     */
    private static void assertSlopes(Model model, Parameter parameter, float[] x) {
        float[] gradient = backend.toArray(parameter.gradient());
        double length = Math.sqrt(IntStream.range(0, gradient.length)
                .mapToDouble(i -> (double) gradient[i] * gradient[i])
                .sum());
        double[] along = IntStream.range(0, gradient.length)
                .mapToDouble(i -> gradient[i] / Math.max(length, 1e-30))
                .toArray();
        SplittableRandom random = new SplittableRandom(9);
        double[] signs = random.doubles(gradient.length)
                .map(u -> (u < 0.5 ? -1 : 1) / Math.sqrt(gradient.length))
                .toArray();
        for (double[] direction : new double[][] {along, signs}) {
            double expected = IntStream.range(0, gradient.length)
                    .mapToDouble(i -> gradient[i] * direction[i])
                    .sum();
            double slope =
                    (lossAt(model, parameter, direction, STEP, x) - lossAt(model, parameter, direction, -STEP, x))
                            / (2 * STEP);
            assertEquals(expected, slope, 0.02 * length + 1e-4, parameter.name());
        }
    }

    private static double lossAt(Model model, Parameter parameter, double[] direction, double step, float[] x) {
        float[] before = backend.toArray(parameter.value());
        float[] moved = before.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) (step * direction[i]);
        }
        backend.upload(moved, 0, parameter.value(), 0, moved.length);
        try (Tape tape = Tape.training(backend, SEED);
                Ints labels = labels()) {
            return mean(loss(model, tape, input(model, tape, x), labels));
        } finally {
            backend.upload(before, 0, parameter.value(), 0, before.length);
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void inputGradientsOutsideTrainingAreTheSlopeOfALogit(ModelDescription description) {
        float[] x = noise(description.input().features(), 2);
        try (Model model = Model.create(description, backend, 3);
                Tape tape = Tape.inference(backend)) {
            Tensor input = tape.inputWithGradient(
                    backend.floats(x), description.input().ofBatch(1));
            Tensor logits = model.forward(tape, input);
            try (Floats arrived = tape.backward(logits, backend.floats(new float[] {0, 1, 0}), List.of(input))
                    .get(0)) {
                float[] gradient = backend.toArray(arrived);
                double[] direction =
                        new SplittableRandom(4).doubles(x.length, -0.1, 0.1).toArray();
                double expected = IntStream.range(0, x.length)
                        .mapToDouble(i -> gradient[i] * direction[i])
                        .sum();
                double slope = (logit(model, x, direction, STEP) - logit(model, x, direction, -STEP)) / (2 * STEP);
                assertEquals(expected, slope, 0.02 * Math.abs(expected) + 1e-4);
            }
        }
    }

    private static double logit(Model model, float[] x, double[] direction, double step) {
        float[] moved = x.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) (step * direction[i]);
        }
        return model.predict(moved, 1)[1];
    }

    private static Tensor input(Model model, Tape tape, float[] x) {
        return tape.input(backend.floats(x), model.description().input().ofBatch(BATCH));
    }

    private static Tensor loss(Model model, Tape tape, Tensor x, Ints labels) {
        return tape.crossEntropy("loss", model.forward(tape, x), labels);
    }

    private static Ints labels() {
        return backend.ints(IntStream.range(0, BATCH).map(i -> i % 3).toArray());
    }

    private static double mean(Tensor losses) {
        double sum = 0;
        for (float loss : backend.toArray(losses.data())) {
            sum += loss;
        }
        return sum / losses.batch();
    }

    private static float[] noise(int size, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }
}

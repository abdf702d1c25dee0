package unweave.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import unweave.engine.layer.ParameterDescription;
import unweave.engine.tape.ConvPoolNode;
import unweave.engine.tape.LinearNode;
import unweave.engine.tape.Parameter;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

class ModelTest {
    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = CpuBackend.create(2);
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    @Test
    void weightsStartUniformWithinTheInverseRootOfTheFanIn() {
        try (Model model = Model.create(ModelDescription.gtzan(), backend, 7)) {
            assertUniform(model.parameter("conv3.weight"), 1 / Math.sqrt(9 * 64 / 2.0));
            assertUniform(model.parameter("dense1.weight"), 1 / Math.sqrt(2048));
            for (float bias : backend.toArray(model.parameter("dense2.bias").value())) {
                assertTrue(Math.abs(bias) <= 1 / Math.sqrt(128));
            }
        }
    }

    private static void assertUniform(Parameter parameter, double bound) {
        float[] values = backend.toArray(parameter.value());
        double mean = 0;
        double square = 0;
        double largest = 0;
        for (float value : values) {
            mean += value / values.length;
            square += (double) value * value / values.length;
            largest = Math.max(largest, Math.abs(value));
        }
        double deviation = bound / Math.sqrt(3);
        assertTrue(largest <= bound && largest > 0.99 * bound, parameter.name() + " reaches " + largest);
        assertEquals(0, mean, 4 * deviation / Math.sqrt(values.length), parameter.name());
        assertEquals(1, Math.sqrt(square) / deviation, 0.03, parameter.name());
    }

    @Test
    void sameSeedSameWeightsAndEveryParameterItsOwn() {
        try (Model a = Model.create(ModelDescription.toy(), backend, 1);
                Model b = Model.create(ModelDescription.toy(), backend, 1);
                Model c = Model.create(ModelDescription.toy(), backend, 2)) {
            a.weights().forEach((name, values) -> {
                assertArrayEquals(values, b.weights().get(name));
                assertFalse(Arrays.equals(values, c.weights().get(name)));
            });
            assertFalse(
                    Arrays.equals(a.weights().get("conv4.weight"), a.weights().get("conv5.weight")));
        }
    }

    @Test
    void batchNormalisationStartsAsTheIdentity() {
        ModelDescription description = ModelDescription.parse(
                """
        {"input": {"height": 2, "width": 2}, "classes": ["a"], "layers": [
          {"name": "norm", "kind": "batchnorm"}, {"name": "flatten", "kind": "flatten"}, {"name": "dense",
            "kind": "dense", "units": 1}]}""");
        try (Model model = Model.create(description, backend, 1)) {
            assertArrayEquals(new float[] {1}, model.weights().get("norm.weight"));
            assertArrayEquals(new float[] {0}, model.weights().get("norm.bias"));
            assertArrayEquals(new float[] {0}, model.weights().get("norm.running_mean"));
            assertArrayEquals(new float[] {1}, model.weights().get("norm.running_var"));
            assertFalse(model.parameter("norm.running_var").trainable());
        }
    }

    @Test
    void layersAreComputedTogetherUnlessAllAreWantedAndActivationsAreTheSame() {
        float[] x = noise(2 * 64 * 64, 1);
        try (Model model = Model.create(ModelDescription.toy(), backend, 1);
                Tape training = Tape.training(backend, 1);
                Tape inference = Tape.inference(backend)) {
            Tensor fused = model.forward(training, training.input(backend.floats(x), 2, 64, 64, 1));
            Tensor separate = model.forwardEveryLayer(inference, inference.input(backend.floats(x), 2, 64, 64, 1));
            assertArrayEquals(backend.toArray(fused.data()), backend.toArray(separate.data()));
            assertEquals("pool1", ((ConvPoolNode) training.nodes().get(0)).layer());
            assertFalse(((LinearNode) inference.nodes().get(0)).relu());
            assertEquals(
                    List.of("conv1", "relu1", "pool1"),
                    inference.nodes().subList(0, 3).stream().map(n -> n.layer()).toList());
            for (String layer : List.of("pool1", "pool5", "flatten", "dense1", "dense3")) {
                assertArrayEquals(
                        backend.toArray(model.activation(training, layer).data()),
                        backend.toArray(model.activation(inference, layer).data()),
                        layer);
            }
            assertTrue(assertThrows(IllegalStateException.class, () -> model.activation(training, "conv1"))
                    .getMessage()
                    .contains("pooling"));
            assertSame(model.activation(inference, "relu3"), model.activation(inference, "conv3"));
            assertTrue(min(model.activation(inference, "conv3")) >= 0);
            assertTrue(min(inference.nodes().get(6).output()) < 0, "the pre-activations of conv3 stay readable");
        }
    }

    /** An inverted residual, such as MobileNetV2 has. */
    private static final String INVERTED_RESIDUAL =
            """
            {"input": {"height": 9, "width": 7, "channels": 3}, "classes": ["a", "b"], "layers": [
              {"name": "stem", "kind": "conv", "filters": 20, "kernel": 3, "stride": 2, "padding": 1},
              {"name": "stem6", "kind": "activation", "function": "clip"},
              {"name": "wide", "kind": "conv", "filters": 40, "kernel": 1},
              {"name": "wide6", "kind": "activation", "function": "clip"},
              {"name": "deep", "kind": "depthwise", "kernel": 3, "padding": 1},
              {"name": "deep6", "kind": "activation", "function": "clip"},
              {"name": "narrow", "kind": "conv", "filters": 20, "kernel": 1},
              {"name": "sum", "kind": "add", "inputs": ["stem6", "narrow"]},
              {"name": "mean", "kind": "globalavgpool"},
              {"name": "flatten", "kind": "flatten"},
              {"name": "logits", "kind": "dense", "units": 2}]}""";

    @Test
    void predictionsKeepOnlyWhatIsAskedForAndAreTheSame() {
        float[] x = noise(2 * 9 * 7 * 3, 1);
        try (Model model = Model.create(ModelDescription.parse(INVERTED_RESIDUAL), backend, 1);
                Tape inference = Tape.inference(backend);
                Tape prediction = Tape.prediction(backend)) {
            Tensor separate = model.forwardEveryLayer(inference, inference.input(backend.floats(x), 2, 9, 7, 3));
            Tensor input = prediction.input(backend.floats(x), 2, 9, 7, 3);
            Tensor logits = model.forward(prediction, input, "wide6", "flatten");
            assertArrayEquals(backend.toArray(separate.data()), backend.toArray(logits.data()));
            assertArrayEquals(x, backend.toArray(input.data()));
            for (String kept : List.of("wide6", "flatten", "logits")) {
                assertArrayEquals(
                        backend.toArray(model.activation(inference, kept).data()),
                        backend.toArray(model.activation(prediction, kept).data()),
                        kept);
            }
            for (String gone : List.of("wide", "stem6", "deep6", "sum")) {
                assertThrows(IllegalStateException.class, () -> model.activation(prediction, gone), gone);
            }
        }
    }

    @Test
    void onTapesWithAWayBackConvolutionAndNonlinearityStayApart() {
        float[] x = noise(9 * 7 * 3, 1);
        try (Model model = Model.create(ModelDescription.parse(INVERTED_RESIDUAL), backend, 1);
                Tape tape = Tape.inference(backend)) {
            model.forward(tape, tape.input(backend.floats(x), 1, 9, 7, 3));
            assertEquals(
                    List.of("stem", "stem6", "wide", "wide6", "deep", "deep6", "narrow"),
                    tape.nodes().subList(0, 7).stream().map(n -> n.layer()).toList());
            assertTrue(backend.toArray(tape.nodes().get(2).output().data()).length > 0, "nothing is freed");
        }
    }

    private static float min(Tensor tensor) {
        float min = Float.POSITIVE_INFINITY;
        for (float value : backend.toArray(tensor.data())) {
            min = Math.min(min, value);
        }
        return min;
    }

    @Test
    void dropoutOutsideTrainingIsTheLayerBeforeIt() {
        try (Model model = Model.create(ModelDescription.gtzan(), backend, 1);
                Tape tape = Tape.inference(backend)) {
            model.forward(tape, tape.input(backend.floats(noise(128 * 128, 1)), 1, 128, 128, 1));
            assertSame(model.activation(tape, "relu6"), model.activation(tape, "dropout1"));
        }
    }

    @Test
    void activationRefusesUnknownLayersAndForeignTapes() {
        try (Model model = Model.create(ModelDescription.toy(), backend, 1);
                Tape tape = Tape.inference(backend)) {
            String message = assertThrows(IllegalArgumentException.class, () -> model.activation(tape, "conv6"))
                    .getMessage();
            assertTrue(
                    message.startsWith(
                            "unknown layer \"conv6\" (did you mean conv1?); the layers are conv1, relu1, pool1, "),
                    message);
            assertThrows(IllegalStateException.class, () -> model.activation(tape, "conv1"));
        }
    }

    @Test
    void inputsOfTheWrongSizeAreRefused() {
        try (Model model = Model.create(ModelDescription.toy(), backend, 1);
                Tape tape = Tape.inference(backend)) {
            Tensor x = tape.input(backend.floats(new float[32 * 64]), 1, 32, 64, 1);
            assertEquals(
                    "the model reads N x 64x64x1, not Tensor[1, 32, 64, 1]",
                    assertThrows(IllegalArgumentException.class, () -> model.forward(tape, x))
                            .getMessage());
            assertThrows(IllegalArgumentException.class, () -> model.predict(new float[4095], 1));
        }
    }

    @Test
    void predictionsDoNotDependOnTheBatchTheyAreIn() {
        int n = 70;
        float[] x = noise(n * 64 * 64, 2);
        try (Model model = Model.create(ModelDescription.toy(), backend, 1)) {
            float[] all = model.predict(x, n);
            assertEquals(2 * n, all.length);
            for (int i : new int[] {0, 63, 64, 69}) {
                float[] one = model.predict(Arrays.copyOfRange(x, i * 4096, (i + 1) * 4096), 1);
                assertArrayEquals(Arrays.copyOfRange(all, 2 * i, 2 * i + 2), one, 1e-6f);
            }
            assertEquals(0, model.predict(new float[0], 0).length);
        }
    }

    @Test
    void residualBranchesAreAdded() {
        ModelDescription description = ModelDescription.parse(
                """
        {"input": {"height": 1, "width": 1, "channels": 2}, "classes": ["a", "b"], "layers": [
          {"name": "conv", "kind": "conv", "filters": 2, "kernel": 1}, {"name": "relu", "kind": "relu"},
          {"name": "sum", "kind": "add", "inputs": ["conv", "relu"]}, {"name": "flatten", "kind": "flatten"}]}""");
        float[] identity = {1, 0, 0, 1};
        try (Model model = Model.of(
                        description,
                        backend,
                        p -> p.role() == ParameterDescription.Role.BIAS ? new float[2] : identity);
                Tape tape = Tape.training(backend, 1)) {
            float[] x = {3, -2};
            assertArrayEquals(new float[] {6, -2}, model.predict(x, 1));
            model.forward(tape, tape.input(backend.floats(x), 1, 1, 1, 2));
            assertArrayEquals(
                    x,
                    backend.toArray(model.activation(tape, "conv").data()),
                    0,
                    "two layers read conv: it counts as it is");
        }
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

package unweave.engine.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.engine.train.Optimizer;
import unweave.engine.train.OptimizerState;
import unweave.engine.train.TrainingStep;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.cpu.CpuBackend;

/** The kinds of layers that put values in other places, and those that join and reduce along any axis. */
class IndexedTest {
    private static final int H = 4;
    private static final int W = 3;
    private static final int C = 6;
    private static final int BATCH = 2;

    /** The value that a layer gives at a place, from those of its input. */
    private interface Definition {
        double at(Image x, int y, int column, int channel);
    }

    private interface Image {
        double at(int y, int column, int channel);
    }

    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = CpuBackend.create(2);
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    static ModelDescription network(int height, int width, int channels, String layers) {
        return ModelDescription.parse("{\"input\": {\"height\": " + height + ", \"width\": " + width
                + ", \"channels\": " + channels + "}, \"classes\": [\"a\", \"b\"], \"layers\": [" + layers
                + ", {\"name\": \"flat\", \"kind\": \"flatten\"}, {\"name\": \"logits\", \"kind\": \"dense\","
                + " \"units\": 2}]}");
    }

    private static float[] noise(int size) {
        float[] values = new float[size];
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** What the layer "it" gives for a batch. */
    private static float[] output(ModelDescription description, float[] x, int batch) {
        try (Model model = Model.create(description, backend, 1);
                Tape tape = Tape.inference(backend)) {
            model.forwardEveryLayer(tape, model.input(tape, x, 0, batch));
            return backend.toArray(tape.remembered("it").data());
        }
    }

    private static void assertGives(String settings, LayerShape shape, Definition definition) {
        ModelDescription description = network(H, W, C, "{\"name\": \"it\", " + settings + "}");
        assertEquals(shape, description.outputShape("it"));
        float[] x = noise(BATCH * H * W * C);
        float[] expected = new float[BATCH * shape.features()];
        int next = 0;
        for (int n = 0; n < BATCH; n++) {
            int first = n * H * W * C;
            Image image = (y, column, channel) -> x[first + (y * W + column) * C + channel];
            for (int y = 0; y < shape.height(); y++) {
                for (int column = 0; column < shape.width(); column++) {
                    for (int channel = 0; channel < shape.channels(); channel++) {
                        expected[next++] = (float) definition.at(image, y, column, channel);
                    }
                }
            }
        }
        assertArrayEquals(expected, output(description, x, BATCH), 1e-5f, settings);
    }

    @Test
    void rearrangeTransposesAsNumpyDoes() {
        assertGives(
                "\"kind\": \"rearrange\", \"split\": [4, 3, 6], \"order\": [1, 0, 2], \"to\": [3, 4, 6]",
                LayerShape.image(3, 4, 6),
                (x, y, column, channel) -> x.at(column, y, channel));
        assertGives(
                "\"kind\": \"rearrange\", \"split\": [4, 3, 6], \"order\": [2, 0, 1], \"to\": [6, 4, 3]",
                LayerShape.image(6, 4, 3),
                (x, y, column, channel) -> x.at(column, channel, y));
    }

    /** Three groups of two channels: the channel of group g and number i goes to place 3 i + g. */
    @Test
    void rearrangeShufflesChannels() {
        assertGives(
                "\"kind\": \"rearrange\", \"split\": [4, 3, 3, 2], \"order\": [0, 1, 3, 2], \"to\": [4, 3, 6]",
                LayerShape.image(4, 3, 6),
                (x, y, column, channel) -> x.at(y, column, channel % 3 * 2 + channel / 3));
    }

    @Test
    void rearrangeToAVectorKeepsTheOrderInMemory() {
        assertGives(
                "\"kind\": \"rearrange\", \"split\": [72], \"order\": [0], \"to\": [72]",
                LayerShape.vector(72),
                (x, y, column, channel) -> x.at(channel / 18, channel / 6 % 3, channel % 6));
    }

    @Test
    void anOrderThatIsKeptCopiesNothing() {
        ModelDescription description = network(
                H,
                W,
                C,
                "{\"name\": \"it\", \"kind\": \"rearrange\", \"split\": [1, 12, 6], \"order\": [1, 0, 2],"
                        + " \"to\": [12, 2, 3]}");
        try (Model model = Model.create(description, backend, 1);
                Tape tape = Tape.inference(backend)) {
            Tensor input = model.input(tape, noise(H * W * C), 0, 1);
            model.forwardEveryLayer(tape, input);
            assertTrue(tape.remembered("it").data() == input.data());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "constant, 9 9 1 2 3 4 9 9 9",
        "reflect, 3 2 1 2 3 4 3 2 1",
        "replicate, 1 1 1 2 3 4 4 4 4",
        "circular, 3 4 1 2 3 4 1 2 3"
    })
    void padPutsValuesAround(String mode, String expected) {
        ModelDescription description = network(
                1,
                4,
                1,
                "{\"name\": \"it\", \"kind\": \"pad\", \"mode\": \"" + mode + "\", \"value\": 9, \"width\": [2, 3]}");
        String values = Arrays.toString(output(description, new float[] {1, 2, 3, 4}, 1));
        assertEquals(expected, values.replaceAll("[\\[\\],]|\\.0", ""));
    }

    @Test
    void padReachesAllAxes() {
        assertGives(
                "\"kind\": \"pad\", \"value\": -2, \"height\": [1, 2], \"width\": [0, 1], \"channels\": [2, 0]",
                LayerShape.image(7, 4, 8),
                (x, y, column, channel) ->
                        y < 1 || y > 4 || column > 2 || channel < 2 ? -2 : x.at(y - 1, column, channel - 2));
    }

    @Test
    void sliceStepsAlongAnAxis() {
        assertGives(
                "\"kind\": \"slice\", \"axis\": \"channels\", \"start\": 1, \"stop\": 6, \"step\": 2",
                LayerShape.image(4, 3, 3),
                (x, y, column, channel) -> x.at(y, column, 1 + 2 * channel));
        assertGives(
                "\"kind\": \"slice\", \"axis\": \"height\", \"start\": 3, \"stop\": -1, \"step\": -1",
                LayerShape.image(4, 3, 6),
                (x, y, column, channel) -> x.at(3 - y, column, channel));
        assertGives(
                "\"kind\": \"slice\", \"stop\": 2",
                LayerShape.image(4, 2, 6),
                (x, y, column, channel) -> x.at(y, column, channel));
    }

    @Test
    void takePicksPlacesByTheirNumbers() {
        int[] places = {5, 0, 0, 3};
        assertGives(
                "\"kind\": \"take\", \"indices\": [5, 0, 0, 3]",
                LayerShape.image(4, 3, 4),
                (x, y, column, channel) -> x.at(y, column, places[channel]));
    }

    @Test
    void upsampleRepeatsPixels() {
        assertGives(
                "\"kind\": \"upsample\", \"scale\": [2, 3]",
                LayerShape.image(8, 9, 6),
                (x, y, column, channel) -> x.at(y / 2, column / 3, channel));
    }

    @Test
    void concatJoinsAlongAnyAxis() {
        assertGives(
                "\"kind\": \"concat\", \"axis\": \"height\", \"inputs\": [\"input\", \"input\"]",
                LayerShape.image(8, 3, 6),
                (x, y, column, channel) -> x.at(y % 4, column, channel));
        assertGives(
                "\"kind\": \"concat\", \"axis\": \"width\", \"inputs\": [\"input\", \"input\"]",
                LayerShape.image(4, 6, 6),
                (x, y, column, channel) -> x.at(y, column % 3, channel));
    }

    @Test
    void constantsAreTheSameForEveryInput() {
        ModelDescription description = network(
                H,
                W,
                C,
                "{\"name\": \"used\", \"kind\": \"relu\"}, {\"name\": \"it\", \"kind\": \"constant\", \"shape\": [4, 3, 1]},"
                        + " {\"name\": \"joined\", \"kind\": \"concat\", \"inputs\": [\"used\", \"it\"]}");
        try (Model model = Model.of(description, backend, parameter -> noise(parameter.size()));
                Tape tape = Tape.inference(backend)) {
            model.forwardEveryLayer(tape, model.input(tape, noise(2 * H * W * C), 0, 2));
            float[] value = noise(12);
            float[] both = Arrays.copyOf(value, 24);
            System.arraycopy(value, 0, both, 12, 12);
            assertArrayEquals(both, backend.toArray(tape.remembered("it").data()));
            assertEquals("it.value", description.parameters().get(0).name());
            assertTrue(!description.parameters().get(0).trainable());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "height",
                "width",
                "channels",
                "height,width",
                "width,channels",
                "height,channels",
                "height,width,channels"
            })
    void reduceIsTheOperationAlongTheAxes(String axes) {
        List<String> names = List.of(axes.split(",", -1));
        LayerShape shape = LayerShape.image(
                names.contains("height") ? 1 : H, names.contains("width") ? 1 : W, names.contains("channels") ? 1 : C);
        for (String operation : List.of("mean", "sum", "max", "min")) {
            assertGives(
                    "\"kind\": \"reduce\", \"operation\": \"" + operation + "\", \"axes\": [\""
                            + axes.replace(",", "\", \"") + "\"]",
                    shape,
                    (x, y, column, channel) -> reduced(operation, shape, x, y, column, channel));
        }
    }

    private static double reduced(String operation, LayerShape shape, Image x, int row, int column, int channel) {
        double sum = 0;
        double largest = Double.NEGATIVE_INFINITY;
        double smallest = Double.POSITIVE_INFINITY;
        for (int y = shape.height() == 1 ? 0 : row; y < (shape.height() == 1 ? H : row + 1); y++) {
            for (int i = shape.width() == 1 ? 0 : column; i < (shape.width() == 1 ? W : column + 1); i++) {
                for (int c = shape.channels() == 1 ? 0 : channel; c < (shape.channels() == 1 ? C : channel + 1); c++) {
                    sum += x.at(y, i, c);
                    largest = Math.max(largest, x.at(y, i, c));
                    smallest = Math.min(smallest, x.at(y, i, c));
                }
            }
        }
        return switch (operation) {
            case "mean" -> sum * shape.features() / (H * W * C);
            case "sum" -> sum;
            case "max" -> largest;
            default -> smallest;
        };
    }

    private static final String CHAIN =
            """
            {"name": "pad", "kind": "pad", "mode": "reflect", "height": [2, 1], "channels": [1, 2]},
            {"name": "turn", "kind": "rearrange", "split": [7, 3, 3, 3], "order": [1, 2, 0, 3], "to": [9, 7, 3]},
            {"name": "up", "kind": "upsample", "scale": [1, 2]},
            {"name": "part", "kind": "slice", "axis": "height", "start": 8, "stop": 1, "step": -3},
            {"name": "picked", "kind": "take", "axis": "width", "indices": [0, 3, 3, 1, 13]},
            {"name": "filled", "kind": "pad", "value": 0.5, "width": [0, 2]},
            {"name": "conv", "kind": "conv", "filters": 4, "kernel": [1, 3]},
            {"name": "longer", "kind": "concat", "axis": "height", "inputs": ["conv", "conv"]},
            {"name": "mean", "kind": "reduce", "operation": "mean", "axes": ["height", "channels"]},
            {"name": "wider", "kind": "concat", "axis": "width", "inputs": ["mean", "mean"]},
            {"name": "least", "kind": "reduce", "operation": "min", "axes": ["channels"]},
            {"name": "it", "kind": "reduce", "operation": "sum", "axes": ["height"]}""";

    /** Logits are piecewise linear, so that differences are exact. */
    @Test
    void gradientsAreTheSlopesOfALogit() {
        ModelDescription description = network(H, W, C, CHAIN);
        float[] x = noise(H * W * C);
        try (Model model = Model.create(description, backend, 3);
                Tape tape = Tape.inference(backend)) {
            Tensor input = tape.inputWithGradient(backend.floats(x), 1, H, W, C);
            Tensor logits = model.forward(tape, input);
            try (Floats arrived = tape.backward(logits, backend.floats(new float[] {1, 0}), List.of(input))
                    .get(0)) {
                float[] gradient = backend.toArray(arrived);
                for (int i = 0; i < x.length; i++) {
                    assertEquals(slope(model, x, i), gradient[i], 1e-4, "input " + i);
                }
            }
        }
    }

    private static double slope(Model model, float[] x, int i) {
        float[] moved = x.clone();
        moved[i] = x[i] + 0.125f;
        double above = model.predict(moved, 1)[0];
        moved[i] = x[i] - 0.125f;
        return (above - model.predict(moved, 1)[0]) / 0.25;
    }

    /** A recording of the second step must find the index arrays on the device. */
    @Test
    void aRecordedTrainingStepComputesWhatTheFirstDid() {
        ModelDescription description = network(H, W, C, CHAIN);
        try (Model model = Model.create(description, backend, 3);
                OptimizerState optimizer = new OptimizerState(new Optimizer.Sgd(1e-30f, 0f, 0f), model);
                TrainingStep step = new TrainingStep(model, optimizer, 2)) {
            float[] first = losses(step);
            assertArrayEquals(first, losses(step));
            assertArrayEquals(first, losses(step));
        }
    }

    private static float[] losses(TrainingStep step) {
        step.run(noise(2 * H * W * C), new int[] {0, 1}, 1);
        return backend.toArray(step.losses());
    }

    @Test
    void theDescriptionSurvivesTheFile() {
        ModelDescription description = network(H, W, C, CHAIN);
        assertEquals(description, ModelDescription.parse(description.toText()));
        assertEquals(
                description.layers(),
                ModelDescription.parse(description.toText()).layers());
    }

    @Test
    void positionsSeeWhatTheirValuesWere() {
        ModelDescription description = network(
                H,
                W,
                C,
                """
                {"name": "pad", "kind": "pad", "mode": "reflect", "height": [2, 0]},
                {"name": "filled", "kind": "pad", "width": [1, 0]},
                {"name": "longer", "kind": "concat", "axis": "width", "inputs": ["pad", "filled"]},
                {"name": "back", "kind": "slice", "axis": "height", "start": 5, "stop": -1, "step": -1},
                {"name": "sum", "kind": "reduce", "operation": "sum", "axes": ["width"]}""");
        assertEquals(
                new ReceptiveField.Box(2, 1, 3, 2),
                description.receptiveField("pad").at(0, 1));
        assertEquals(
                new ReceptiveField.Box(0, 0, 0, 0),
                description.receptiveField("filled").at(0, 0));
        assertEquals(
                new ReceptiveField.Box(1, 2, 2, 3),
                description.receptiveField("longer").at(1, 6));
        assertEquals(
                new ReceptiveField.Box(2, 0, 3, 1),
                description.receptiveField("back").at(5, 0));
        assertEquals(
                new ReceptiveField.Box(2, 0, 3, 3),
                description.receptiveField("sum").at(5, 0));
    }
}

package unweave.engine.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import unweave.engine.tape.ExtremumNode;
import unweave.engine.tape.MultiplyNode;
import unweave.engine.tape.MultiplyNode.Signal;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Activation;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.cpu.CpuBackend;

/** Layers that combine others value by value. */
class CombiningTest {
    private static final int[][] SHAPES = {
        {2, 3, 4, 5}, {2, 1, 1, 5}, {2, 3, 1, 1}, {2, 1, 4, 5}, {2, 3, 4, 1}, {2, 1, 1, 1}
    };

    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = CpuBackend.create(2);
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    private static Layer layer(String kind, String... settings) {
        String text = "{'name': 'l', 'kind': '" + kind + "', " + String.join(", ", settings) + "}";
        return LayerKinds.read(JsonParser.parseString(text.replace('\'', '"')), 1);
    }

    private static void check(String kind, DoubleBinaryOperator definition) {
        Layer layer = layer(kind, "'inputs': ['a', 'b']");
        for (int[] shapeA : SHAPES) {
            for (int[] shapeB : SHAPES) {
                check(layer, definition, shapeA, shapeB);
            }
        }
        check(layer, definition, new int[] {3, 1, 1, 4}, new int[] {3, 1, 1, 4});
        assertEquals(layer, LayerKinds.read(LayerKinds.write(layer), 1));
    }

    /** Values, and gradients against differences of them along a random direction. */
    private static void check(Layer layer, DoubleBinaryOperator definition, int[] shapeA, int[] shapeB) {
        double[] a = values(shapeA, 1);
        double[] b = values(shapeB, 2);
        double[] y = combined(definition, shapeA, a, shapeB, b);
        String where = layer.kind() + " of " + Arrays.toString(shapeA) + " and " + Arrays.toString(shapeB);
        try (Tape tape = Tape.inference(backend)) {
            Tensor first = tape.inputWithGradient(backend.floats(floats(a)), shapeA);
            Tensor second = tape.inputWithGradient(backend.floats(floats(b)), shapeB);
            Tensor output = layer.apply(tape, List.of(first, second), null);
            assertEquals(
                    LayerShape.of(output),
                    layer.outputShape(List.of(LayerShape.of(first), LayerShape.of(second))),
                    where);
            assertArrayEquals(floats(y), backend.toArray(output.data()), 1e-5f, where);
            double[] dy = values(output.shape(), 3);
            List<Floats> gradients = tape.backward(output, backend.floats(floats(dy)), List.of(first, second));
            double h = 1e-6;
            double[] stepA = values(shapeA, 4);
            double[] stepB = values(shapeB, 5);
            double[] above = combined(definition, shapeA, moved(a, stepA, h), shapeB, moved(b, stepB, h));
            double[] below = combined(definition, shapeA, moved(a, stepA, -h), shapeB, moved(b, stepB, -h));
            double slope = (dot(dy, above) - dot(dy, below)) / (2 * h);
            double expected = dot(stepA, doubles(gradients.get(0))) + dot(stepB, doubles(gradients.get(1)));
            assertEquals(slope, expected, 1e-4 * (1 + Math.abs(slope)), where);
            gradients.forEach(Floats::close);
        }
    }

    private static double[] combined(DoubleBinaryOperator f, int[] sa, double[] a, int[] sb, double[] b) {
        int[] s = new int[4];
        Arrays.setAll(s, d -> Math.max(sa[d], sb[d]));
        double[] y = new double[s[0] * s[1] * s[2] * s[3]];
        for (int i = 0; i < y.length; i++) {
            int[] place = {i / (s[1] * s[2] * s[3]), i / (s[2] * s[3]) % s[1], i / s[3] % s[2], i % s[3]};
            y[i] = f.applyAsDouble(a[index(sa, place)], b[index(sb, place)]);
        }
        return y;
    }

    private static int index(int[] shape, int[] place) {
        int index = 0;
        for (int d = 0; d < 4; d++) {
            index = index * shape[d] + (shape[d] == 1 ? 0 : place[d]);
        }
        return index;
    }

    /** Away from zero, so that quotients and differences of them are exact enough. */
    private static double[] values(int[] shape, long seed) {
        Random random = new Random(seed);
        double[] values = new double[Arrays.stream(shape).reduce(1, (p, q) -> p * q)];
        Arrays.setAll(values, i -> (float) ((random.nextBoolean() ? 1 : -1) * (0.5 + random.nextDouble())));
        return values;
    }

    private static double[] moved(double[] x, double[] step, double h) {
        double[] moved = new double[x.length];
        Arrays.setAll(moved, i -> x[i] + h * step[i]);
        return moved;
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    private static float[] floats(double[] x) {
        float[] values = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            values[i] = (float) x[i];
        }
        return values;
    }

    private static double[] doubles(Floats x) {
        float[] values = backend.toArray(x);
        double[] wide = new double[values.length];
        Arrays.setAll(wide, i -> values[i]);
        return wide;
    }

    @Test
    void sums() {
        check("add", Double::sum);
    }

    @Test
    void differences() {
        check("subtract", (a, b) -> a - b);
    }

    @Test
    void products() {
        check("multiply", (a, b) -> a * b);
    }

    @Test
    void quotients() {
        check("divide", (a, b) -> a / b);
    }

    @Test
    void extrema() {
        check("maximum", Math::max);
        check("minimum", Math::min);
    }

    /** Of equal values the first wins. */
    @Test
    void tiesGoToTheFirst() {
        try (Tape tape = Tape.inference(backend)) {
            Tensor a = tape.inputWithGradient(backend.floats(new float[] {1, 2, 3}), 1, 3);
            Tensor b = tape.inputWithGradient(backend.floats(new float[] {1, 1, 4}), 1, 3);
            for (Tensor y : List.of(ExtremumNode.maximum(tape, "max", a, b), ExtremumNode.minimum(tape, "min", a, b))) {
                boolean maximum = ((ExtremumNode) y.producer()).isMaximum();
                List<Floats> shares = tape.backward(y, backend.floats(new float[] {5, 6, 7}), List.of(a, b));
                assertArrayEquals(
                        maximum ? new float[] {5, 6, 0} : new float[] {5, 0, 7}, backend.toArray(shares.get(0)));
                assertArrayEquals(
                        maximum ? new float[] {0, 0, 7} : new float[] {0, 6, 0}, backend.toArray(shares.get(1)));
                shares.forEach(Floats::close);
            }
        }
    }

    @Test
    void threeSummandsRepeatWhereTheyMust() {
        try (Tape tape = Tape.inference(backend)) {
            Tensor a = tape.input(backend.floats(new float[] {1, 2}), 1, 2, 1, 1);
            Tensor b = tape.input(backend.floats(new float[] {10, 20, 30}), 1, 1, 3, 1);
            Tensor c = tape.input(backend.floats(new float[] {100}), 1, 1, 1, 1);
            Tensor sum = new Add("s", List.of("a", "b", "c")).apply(tape, List.of(a, b, c), null);
            assertArrayEquals(new int[] {1, 2, 3, 1}, sum.shape());
            assertArrayEquals(new float[] {111, 121, 131, 112, 122, 132}, backend.toArray(sum.data()));
        }
    }

    @Test
    void theSquareOfATensorHasTwiceItsGradient() {
        try (Tape tape = Tape.inference(backend)) {
            Tensor x = tape.inputWithGradient(backend.floats(new float[] {3, -2}), 1, 2);
            Tensor square = MultiplyNode.record(tape, "square", x, x, Signal.AUTO);
            assertTrue(square.isNonNegative());
            try (Floats gradient = tape.backward(square, backend.floats(new float[] {1, 10}), List.of(x))
                    .get(0)) {
                assertArrayEquals(new float[] {6, -40}, backend.toArray(gradient));
            }
        }
    }

    @Test
    void theSignalIsTheOperandThatIsNoGate() {
        try (Tape tape = Tape.inference(backend)) {
            Tensor x = tape.input(backend.floats(new float[2]), 1, 2);
            Tensor sigmoid = tape.flatten("f", activation(tape, x, Activation.SIGMOID));
            Tensor tanh = activation(tape, x, Activation.TANH);
            assertEquals(Signal.FIRST, signal(tape, x, sigmoid));
            assertEquals(Signal.SECOND, signal(tape, sigmoid, x));
            assertEquals(Signal.FIRST, signal(tape, x, tanh));
            assertEquals(Signal.FIRST, signal(tape, tanh, sigmoid));
            assertEquals(Signal.SECOND, signal(tape, sigmoid, tanh));
            assertEquals(Signal.BOTH, signal(tape, x, x));
            assertEquals(Signal.BOTH, signal(tape, sigmoid, activation(tape, x, Activation.HARD_SIGMOID)));
            assertFalse(activation(tape, x, Activation.CLIP).isGate());
        }
    }

    private static Tensor activation(Tape tape, Tensor x, Activation function) {
        return tape.activation("f", x, function, function.usualConstants());
    }

    private static Signal signal(Tape tape, Tensor a, Tensor b) {
        return ((MultiplyNode) MultiplyNode.record(tape, "p", a, b, Signal.AUTO).producer()).signal();
    }

    @Test
    void settingsAreReadWrittenAndChecked() {
        for (Layer layer : List.of(
                layer("multiply", "'inputs': ['a', 'b']", "'relevance': 'second'"),
                layer("add", "'inputs': ['a', 'b', 'c']"),
                layer("scale", "'shape': [3, 1, 8]"),
                layer("shift", "'shape': [20]"),
                layer("prelu", "'shape': [1, 1, 8]"),
                layer("activation", "'function': 'clip'", "'low': -1", "'high': 1.5"),
                layer("activation", "'function': 'selu'"),
                layer("activation", "'function': 'mish'"))) {
            JsonObject json = LayerKinds.write(layer);
            assertEquals(layer, LayerKinds.read(json, 1));
        }
        assertEquals(Signal.AUTO, ((Multiply) layer("multiply", "'inputs': ['a', 'b']")).relevance());
        assertComplaint(
                "layer l: \"relevance\" must be auto, first, second or both, not \"gate\"",
                "multiply",
                "'inputs': ['a', 'b']",
                "'relevance': 'gate'");
        assertComplaint(
                "layer l: subtract needs \"inputs\", the names of two layers, not [a, b, c]",
                "subtract",
                "'inputs': ['a', 'b', 'c']");
        assertComplaint(
                "layer l: low must not be above high, not 2.0 and 1.0",
                "activation",
                "'function': 'clip'",
                "'low': 2",
                "'high': 1");
        assertComplaint(
                "layer l: constant must be above 0, not 0.0", "activation", "'function': 'celu'", "'constant': 0");
        assertComplaint(
                "layer l: \"shape\" must be [height, width, channels] or [features], whole numbers of at least 1, not "
                        + "[2,2]",
                "scale",
                "'shape': [2, 2]");
        Layer scale = layer("scale", "'shape': [3, 1, 8]");
        assertEquals(
                "layer l: its shape [3, 1, 8] does not fit what it reads, 4x5x8: it must have as many axes, each of "
                        + "the same length or 1",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> scale.outputShape(List.of(LayerShape.image(4, 5, 8))))
                        .getMessage());
    }

    /** Before its constants could be chosen, files said "constant": 1 of every function. */
    @Test
    void theHardSigmoidOfOldFilesKeepsItsMeaning() {
        assertEquals(
                Activation.HARD_SIGMOID.usualConstants(),
                ((Activate) layer("activation", "'function': 'hard-sigmoid'", "'constant': 1.0")).constants());
        assertEquals(
                new Activation.Constants(0.2f, 0.5f),
                ((Activate) layer("activation", "'function': 'hard-sigmoid'", "'constant': 0.2", "'offset': 0.5"))
                        .constants());
        assertEquals(
                Activation.GELU.usualConstants(),
                ((Activate) layer("activation", "'function': 'gelu'", "'constant': 1.0")).constants());
    }

    private static void assertComplaint(String message, String kind, String... settings) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> layer(kind, settings))
                        .getMessage());
    }
}

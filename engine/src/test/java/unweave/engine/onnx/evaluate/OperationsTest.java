package unweave.engine.onnx.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.engine.file.ModelFileException;
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.OnnxNode;
import unweave.engine.onnx.OnnxWriter;
import unweave.engine.onnx.ProtobufWriter;

/** What ONNX' own test data leave out: old opsets, and refusals. */
class OperationsTest {
    @TempDir
    Path folder;

    private OnnxNode node(int opset, String op, int inputs, ProtobufWriter... attributes) throws IOException {
        OnnxWriter model = new OnnxWriter(opset);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            names.add("x" + i);
            model.input("x" + i);
        }
        return model.node(op, names, "y", attributes)
                .open(folder.resolve("node.onnx"))
                .nodes()
                .get(0);
    }

    private NdArray compute(int opset, String op, List<NdArray> inputs, ProtobufWriter... attributes)
            throws IOException {
        return Operations.apply(node(opset, op, inputs.size(), attributes), inputs)
                .get(0);
    }

    private String refused(int opset, String op, List<NdArray> inputs, ProtobufWriter... attributes)
            throws IOException {
        OnnxNode node = node(opset, op, inputs.size(), attributes);
        String message = assertThrows(ModelFileException.class, () -> Operations.apply(node, inputs))
                .getMessage();
        assertTrue(message.startsWith("node.onnx: node \"" + op + "_of_y\" (" + op + ", opset " + opset), message);
        assertFalse(message.contains("\n"), message);
        return message;
    }

    private static NdArray counted(int... dims) {
        return NdArray.of(
                IntStream.range(0, NdArray.size(dims)).asDoubleStream().toArray(), dims);
    }

    private static NdArray whole(long... values) {
        return NdArray.ofIntegers(values, values.length);
    }

    private static void assertSame(double[] expected, int[] dims, NdArray actual) {
        assertArrayEquals(dims, actual.dims());
        assertArrayEquals(expected, actual.numbers(), 1e-12);
    }

    @Test
    void settingsOfOldOpsetsAreAttributes() throws IOException {
        assertSame(
                new double[] {1, 1, 2},
                new int[] {3},
                compute(
                        7,
                        "Clip",
                        List.of(counted(3)),
                        OnnxWriter.attribute("min", 1f),
                        OnnxWriter.attribute("max", 5f)));
        assertSame(
                new double[] {4},
                new int[] {1, 1},
                compute(
                        9,
                        "Slice",
                        List.of(counted(2, 3)),
                        OnnxWriter.attribute("starts", new long[] {1, -2}),
                        OnnxWriter.attribute("ends", new long[] {Long.MAX_VALUE, -1})));
        assertSame(
                new double[] {7, 0, 1},
                new int[] {1, 3},
                compute(
                        7,
                        "Pad",
                        List.of(counted(1, 2)),
                        OnnxWriter.attribute("pads", new long[] {0, 1, 0, 0}),
                        OnnxWriter.attribute("value", 7f)));
        assertSame(
                new double[] {0, 1},
                new int[] {2, 1},
                compute(11, "Unsqueeze", List.of(counted(2)), OnnxWriter.attribute("axes", new long[] {-1})));
        assertSame(
                new double[] {0, 1},
                new int[] {2},
                compute(11, "Squeeze", List.of(counted(2, 1)), OnnxWriter.attribute("axes", new long[] {1})));
        assertSame(
                new double[] {3},
                new int[] {1},
                compute(11, "ReduceSum", List.of(counted(3)), OnnxWriter.attribute("axes", new long[] {0})));
    }

    @Test
    void oldSoftmaxTakesEverythingBehindItsAxis() throws IOException {
        NdArray zeros = NdArray.of(new double[8], 2, 2, 2);
        assertSame(
                new double[] {0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25},
                new int[] {2, 2, 2},
                compute(11, "Softmax", List.of(zeros)));
        assertEquals(0.5, compute(13, "Softmax", List.of(zeros)).number(0));
    }

    @Test
    void padsByEveryMode() throws IOException {
        NdArray pads = whole(3, 2);
        ProtobufWriter[] wrap = {OnnxWriter.attribute("mode", "wrap")};
        ProtobufWriter[] reflect = {OnnxWriter.attribute("mode", "reflect")};
        ProtobufWriter[] edge = {OnnxWriter.attribute("mode", "edge")};
        assertSame(
                new double[] {1, 2, 3, 0, 1, 2, 3, 0, 1},
                new int[] {9},
                compute(19, "Pad", List.of(counted(4), pads), wrap));
        assertSame(
                new double[] {3, 2, 1, 0, 1, 2, 3, 2, 1},
                new int[] {9},
                compute(19, "Pad", List.of(counted(4), pads), reflect));
        assertSame(
                new double[] {0, 0, 0, 0, 1, 2, 3, 3, 3},
                new int[] {9},
                compute(19, "Pad", List.of(counted(4), pads), edge));
        assertSame(new double[] {1, 2}, new int[] {2}, compute(19, "Pad", List.of(counted(4), whole(-1, -1))));
        assertSame(
                new double[] {0, 1, 9, 2, 3, 9},
                new int[] {2, 3},
                compute(18, "Pad", List.of(counted(2, 2), whole(0, 1), NdArray.of(new double[] {9}), whole(-1))));
    }

    @Test
    void wholeNumbersStayExact() throws IOException {
        long large = (1L << 53) + 1;
        assertEquals(
                large + 2, compute(13, "Add", List.of(whole(large), whole(2))).integer(0));
        assertEquals(-3, compute(13, "Div", List.of(whole(-7), whole(2))).integer(0));
        assertEquals(
                large,
                compute(13, "Gather", List.of(whole(1, large), whole(-1))).integer(0));
    }

    @Test
    void erfIsExact() {
        double[] values = {1e-9, 0.1, 0.5, 1, 2, 2.999999, 3, 4, 5.5};
        double[] expected = {
            1.1283791670955127e-9,
            0.1124629160182849,
            0.5204998778130465,
            0.8427007929497149,
            0.9953222650189527,
            0.999977909363748,
            0.9999779095030014,
            0.9999999845827421,
            0.9999999999999927
        };
        for (int i = 0; i < values.length; i++) {
            assertEquals(expected[i], Erf.of(values[i]), 1e-15);
            assertEquals(-expected[i], Erf.of(-values[i]), 1e-15);
        }
        assertTrue(Double.isNaN(Erf.of(Double.NaN)));
    }

    @Test
    void refusesWhatDoesNotFit() throws IOException {
        NdArray x = counted(2, 3);
        assertTrue(refused(13, "Nonsense", List.of(x)).endsWith("its operator is not known"));
        assertTrue(refused(13, "Add", List.of(x, counted(2))).contains("dims [2, 3] and [2] do not fit"));
        assertTrue(refused(13, "Reshape", List.of(x, whole(4, -1))).contains("does not fill the shape [4, -1]"));
        assertTrue(refused(13, "Reshape", List.of(x, whole(-1, -1))).contains("two lengths of -1"));
        assertTrue(refused(13, "Gather", List.of(x, whole(2))).contains("index 2 is not in an axis of length 2"));
        assertTrue(refused(13, "Transpose", List.of(x), OnnxWriter.attribute("perm", new long[] {0, 0}))
                .contains("order [0, 0]"));
        assertTrue(refused(13, "Softmax", List.of(x), OnnxWriter.attribute("axis", 5))
                .contains("axis 5"));
        assertTrue(refused(13, "Relu", List.of()).contains("input 1 is missing"));
        assertTrue(
                refused(13, "Cast", List.of(x), OnnxWriter.attribute("to", 8)).contains("STRING"));
    }

    @Test
    void refusesBombs() throws IOException {
        long most = Integer.MAX_VALUE;
        assertTrue(refused(13, "ConstantOfShape", List.of(whole(most, most))).contains("too large"));
        assertTrue(refused(13, "Expand", List.of(counted(1), whole(most, most))).contains("too large"));
        assertTrue(refused(13, "Tile", List.of(counted(1), whole(most))).contains("too large"));
        assertTrue(refused(13, "Pad", List.of(counted(1), whole(most - 1, 0))).contains("too large"));
        assertTrue(refused(13, "Range", List.of(scalar(0), scalar(1e18), scalar(1)))
                .contains("too large"));
    }

    private static NdArray scalar(double value) {
        return NdArray.of(new double[] {value});
    }

    @Test
    void splitsUnevenlyFromOpset18On() throws IOException {
        OnnxNode node = new OnnxWriter(18)
                .input("x")
                .node("Split", "", List.of("x"), List.of("a", "b", "c"), OnnxWriter.attribute("num_outputs", 3))
                .open(folder.resolve("node.onnx"))
                .nodes()
                .get(0);
        List<NdArray> parts = Operations.apply(node, List.of(counted(7)));
        assertEquals(
                "[3, 3, 1]",
                Arrays.toString(parts.stream().mapToInt(NdArray::size).toArray()));
    }
}

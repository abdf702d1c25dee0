package unweave.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.engine.file.ModelFileException;

class OnnxFileTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("net.onnx");
    }

    private static OnnxWriter convolution() {
        return new OnnxWriter(13)
                .input("x", -1, 1, 4, 4)
                .output("y", -1, 2, 3, 3)
                .initializer("w", new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 1, 2, 2)
                .node("Relu", List.of("c"), "y")
                .node(
                        "Conv",
                        List.of("x", "w", ""),
                        "c",
                        OnnxWriter.attribute("strides", new long[] {1, 1}),
                        OnnxWriter.attribute("auto_pad", "VALID"),
                        OnnxWriter.attribute("group", 1));
    }

    private String refused(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        String message = assertThrows(ModelFileException.class, () -> OnnxFile.open(file))
                .getMessage();
        assertTrue(message.startsWith("net.onnx: "), message);
        assertFalse(message.contains("\n"), message);
        return message;
    }

    private String refused(OnnxWriter model) throws IOException {
        return refused(model.toBytes());
    }

    private OnnxTensor read(ProtobufWriter tensor) throws IOException {
        return OnnxFile.readTensor(Files.write(file, tensor.toBytes()));
    }

    @Test
    void readsGraphInOrder() throws IOException {
        OnnxGraph graph = convolution().open(file);
        assertEquals(13, graph.opset());
        assertEquals("x FLOAT [N, 1, 4, 4]", graph.inputs().get(0).toString());
        assertEquals(-1, graph.value("y").dims().get(0).size());
        assertEquals(
                List.of("Conv", "Relu"),
                graph.nodes().stream().map(OnnxNode::op).toList());
        OnnxNode conv = graph.producer("c");
        assertEquals("node \"Conv_of_c\" (Conv, opset 13)", conv.toString());
        assertArrayEquals(new int[] {1, 1}, conv.integers("strides"));
        assertEquals("VALID", conv.text("auto_pad", "NOTSET"));
        assertEquals(1, conv.integer("group", 7));
        assertEquals(7, conv.integer("other", 7));
        assertTrue(conv.reads(1));
        assertFalse(conv.reads(2));
        assertEquals("Relu", graph.consumers("c").get(0).op());
        assertNull(graph.producer("x"));
        assertArrayEquals(
                new float[] {1, 2, 3, 4, 5, 6, 7, 8},
                graph.initializers().get("w").floats());
        String wrong = assertThrows(ModelFileException.class, () -> conv.number("group", 0))
                .getMessage();
        assertEquals(
                "net.onnx: node \"Conv_of_c\" (Conv, opset 13): attribute \"group\" is of kind INT, expected FLOAT",
                wrong);
    }

    @Test
    void listsNoInputThatHasValue() throws IOException {
        OnnxGraph graph = convolution().input("w", 2, 1, 2, 2).open(file);
        assertEquals(List.of("x"), graph.inputs().stream().map(OnnxValue::name).toList());
    }

    @Test
    void readsTypedFields() throws IOException {
        ProtobufWriter two = new ProtobufWriter().packedVarints(1, 2);
        assertArrayEquals(
                new double[] {1.5, -2},
                read(new ProtobufWriter().varint(1, 2).varint(2, 1).packedFloats(4, 1.5f, -2))
                        .values()
                        .numbers());
        assertArrayEquals(
                new double[] {1.5, -2},
                read(new ProtobufWriter()
                                .varint(1, 2)
                                .varint(2, 1)
                                .fourByteFloat(4, 1.5f)
                                .fourByteFloat(4, -2))
                        .values()
                        .numbers());
        assertArrayEquals(
                new long[] {-1, 255},
                read(new ProtobufWriter()
                                .varint(1, 2)
                                .varint(2, ElementType.INT32.ordinal())
                                .packedVarints(5, -1, 255))
                        .values()
                        .integers());
        assertArrayEquals(
                new long[] {Long.MIN_VALUE, 5},
                read(new ProtobufWriter()
                                .varint(1, 2)
                                .varint(2, ElementType.INT64.ordinal())
                                .varint(7, Long.MIN_VALUE)
                                .varint(7, 5))
                        .values()
                        .integers());
        assertArrayEquals(
                new double[] {1, 65504},
                read(two.varint(2, ElementType.FLOAT16.ordinal()).packedVarints(5, 0x3c00, 0x7bff))
                        .values()
                        .numbers());
    }

    @Test
    void readsHalfPrecision() throws IOException {
        short[] halves = {(short) 0x3555, (short) 0xc000, 0x0001, 0x7c00, (short) 0x8000};
        byte[] raw = new byte[2 * halves.length];
        for (int i = 0; i < halves.length; i++) {
            raw[2 * i] = (byte) halves[i];
            raw[2 * i + 1] = (byte) (halves[i] >> 8);
        }
        float[] floats = read(OnnxWriter.tensor("h", ElementType.FLOAT16, raw, halves.length))
                .floats();
        assertArrayEquals(new float[] {0.33325195f, -2, 5.9604645e-8f, Float.POSITIVE_INFINITY, -0f}, floats);
        float[] brain = read(OnnxWriter.tensor("b", ElementType.BFLOAT16, new byte[] {(byte) 0x80, 0x3f}, 1))
                .floats();
        assertArrayEquals(new float[] {1}, brain);
    }

    @Test
    void readsScalarsAndEmptyTensors() throws IOException {
        assertEquals(
                3,
                read(OnnxWriter.tensor("s", ElementType.INT64, ProtobufWriter.bytes(3L)))
                        .values()
                        .integer(0));
        assertEquals(
                0,
                read(OnnxWriter.tensor("roi", ElementType.FLOAT, new byte[0], 0))
                        .values()
                        .size());
    }

    @Test
    void readsSecondFile() throws IOException {
        Files.write(folder.resolve("net.data"), ProtobufWriter.bytes(9f, 1, 2, 3));
        OnnxTensor tensor = read(external("net.data", 4, 12, 3));
        assertArrayEquals(new float[] {1, 2, 3}, tensor.floats());
        assertArrayEquals(new double[] {1, 2, 3}, tensor.values().numbers());
    }

    private static ProtobufWriter external(String location, long offset, long length, long... dims) {
        return new ProtobufWriter()
                .packedVarints(1, dims)
                .varint(2, 1)
                .text(8, "w")
                .message(13, new ProtobufWriter().text(1, "location").text(2, location))
                .message(13, new ProtobufWriter().text(1, "offset").text(2, Long.toString(offset)))
                .message(13, new ProtobufWriter().text(1, "length").text(2, Long.toString(length)))
                .varint(14, 1);
    }

    private String refusedExternal(String location, long offset, long length, long... dims) throws IOException {
        return refused(convolutionWithout().initializer(external(location, offset, length, dims)));
    }

    private static OnnxWriter convolutionWithout() {
        return new OnnxWriter(13).input("x", 1).output("y", 1).node("Add", List.of("x", "w"), "y");
    }

    @Test
    void refusesWrongSecondFiles() throws IOException {
        assertTrue(refusedExternal("net.data", 0, 12, 3).contains("net.data, which is missing"));
        Files.write(folder.resolve("net.data"), new byte[12]);
        assertTrue(refusedExternal("net.data", 4, 12, 3).contains("which holds 12"));
        assertTrue(refusedExternal("net.data", -4, 12, 3).contains("bytes -4"));
        assertTrue(refusedExternal("net.data", 0, 16, 3).contains("12 bytes, but 16"));
        assertTrue(refusedExternal("net.data", 0, 12, 1L << 40, 1L << 40).contains("more than any array holds"));
        assertTrue(refusedExternal("../net.data", 0, 12, 3).contains("not a file in the folder"));
        assertTrue(
                refusedExternal(folder.resolve("net.data").toString(), 0, 12, 3).contains("not a file in the folder"));
        assertTrue(refusedExternal("", 0, 12, 3).contains("not a file in the folder"));
        assertTrue(refusedExternal("a\0b", 0, 12, 3).contains("impossible name \"a\\u0000b\""));
        Path elsewhere = Files.write(Files.createTempFile("elsewhere", ".data"), new byte[12]);
        Files.createSymbolicLink(folder.resolve("link.data"), elsewhere);
        assertTrue(refusedExternal("link.data", 0, 12, 3).contains("leads out of the folder"));
        Files.delete(elsewhere);
    }

    @Test
    void refusesWrongGraphs() throws IOException {
        assertTrue(refused(new OnnxWriter(6)).contains("uses opset 6, known are 7 to 22"));
        assertTrue(refused(new OnnxWriter(23)).contains("uses opset 23"));
        assertTrue(refused(new OnnxWriter(13).input("x", 1).node("Relu", List.of("z"), "y"))
                .contains("node \"Relu_of_y\" (Relu, opset 13) reads \"z\", which no node computes"));
        assertTrue(refused(new OnnxWriter(13).output("y", 1)).contains("output \"y\" that no node computes"));
        assertTrue(refused(new OnnxWriter(13)
                        .input("x", 1)
                        .node("Relu", List.of("x"), "y")
                        .node("Abs", List.of("x"), "y"))
                .contains("computes \"y\", as does node \"Relu_of_y\""));
        assertTrue(refused(new OnnxWriter(13).input("x", 1).node("Relu", List.of("x"), "x"))
                .contains("input or constant"));
        assertTrue(refused(new OnnxWriter(13)
                        .input("x", 1)
                        .node("Abs", List.of("b"), "c")
                        .node("Relu", List.of("x"), "a")
                        .node("Add", List.of("a", "c"), "b"))
                .contains("runs in a circle"));
        assertTrue(refused(convolution().initializer("w", new float[1], 1)).contains("two initializers \"w\""));
        OnnxWriter sparse = convolution();
        sparse.graph()
                .message(
                        15,
                        new ProtobufWriter().message(1, OnnxWriter.tensor("few", ElementType.FLOAT, new byte[0], 0)));
        assertTrue(refused(sparse).contains("sparse initializer \"few\""));
    }

    @Test
    void refusesAttributesOfTwoKinds() throws IOException {
        ProtobufWriter text = new ProtobufWriter()
                .text(1, "auto_pad")
                .varint(20, OnnxAttribute.Kind.STRING.ordinal())
                .message(6, new ProtobufWriter());
        assertTrue(refused(new OnnxWriter(13).input("x", 1).node("Conv", List.of("x"), "y", text))
                .contains("attribute \"auto_pad\" of kind STRING with a value of kind GRAPH"));
        ProtobufWriter tensor = new ProtobufWriter().text(1, "value").varint(20, OnnxAttribute.Kind.TENSOR.ordinal());
        assertTrue(refused(new OnnxWriter(13).node("Constant", List.of(), "y", tensor))
                .contains("of kind TENSOR"));
        OnnxNode node = new OnnxWriter(13)
                .node(
                        "Constant",
                        List.of(),
                        "y",
                        new ProtobufWriter().text(1, "value_int").varint(20, 2))
                .open(file)
                .nodes()
                .get(0);
        assertEquals(0, node.integer("value_int", 5));
    }

    @Test
    void refusesWrongTensors() throws IOException {
        assertTrue(refused(convolution().initializer("v", new float[3], 4))
                .contains("tensor \"v\" declares dims [4] of FLOAT, which are 16 bytes, but holds 12"));
        assertTrue(refused(convolution().initializer("v", new float[3], 1 << 30, 1 << 30))
                .contains("more than any array holds"));
        assertTrue(refused(convolution().initializer("v", new float[3], -3)).contains("declares dims [-3]"));
        assertTrue(refused(convolution()
                        .initializer(new ProtobufWriter().varint(2, 17).text(8, "v")))
                .contains("element type 17"));
    }

    @Test
    void refusesWrongBytes() throws IOException {
        assertTrue(refused(new byte[0]).contains("holds no graph"));
        assertTrue(refused(new byte[] {0x3b}).contains("wire type 3"));
        assertTrue(refused(new byte[] {0x3a, 5, 0}).contains("5 bytes are announced, 1 left"));
        byte[] endless = new byte[12];
        Arrays.fill(endless, (byte) 0xff);
        assertTrue(refused(endless).contains("more than 64 bits"));
        assertTrue(refused("{\"a\": 1}".getBytes(StandardCharsets.UTF_8)).contains("no ONNX model"));
        ProtobufWriter deep = new ProtobufWriter();
        for (int i = 0; i < 100; i++) {
            deep = new ProtobufWriter().message(1, deep);
        }
        byte[] nested = deep.toBytes();
        ProtobufMessage message = new ProtobufMessage(ByteBuffer.wrap(nested));
        String depth = assertThrows(Malformed.class, () -> dive(message)).getMessage();
        assertTrue(depth.contains("deeper than 64"), depth);
        assertTrue(assertThrows(ModelFileException.class, () -> OnnxFile.open(folder.resolve("none.onnx")))
                .getMessage()
                .startsWith("none.onnx: no such file"));
    }

    private static void dive(ProtobufMessage message) {
        while (message.next()) {
            dive(message.message());
        }
    }
}

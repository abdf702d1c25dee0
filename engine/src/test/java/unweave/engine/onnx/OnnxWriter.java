package unweave.engine.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Builds small ONNX models for tests. */
public final class OnnxWriter {
    private final ProtobufWriter graph = new ProtobufWriter().text(2, "graph");
    private final int opset;

    public OnnxWriter(int opset) {
        this.opset = opset;
    }

    /** An input of floats; a dim of -1 is a symbolic one, named {@code N}. */
    public OnnxWriter input(String name, long... dims) {
        return value(11, name, ElementType.FLOAT, dims);
    }

    public OnnxWriter output(String name, long... dims) {
        return value(12, name, ElementType.FLOAT, dims);
    }

    /** An input (field 11), output (12) or declared tensor (13). */
    public OnnxWriter value(int field, String name, ElementType type, long... dims) {
        ProtobufWriter shape = new ProtobufWriter();
        for (long dim : dims) {
            shape.message(1, dim < 0 ? new ProtobufWriter().text(2, "N") : new ProtobufWriter().varint(1, dim));
        }
        ProtobufWriter tensor = new ProtobufWriter().varint(1, type.ordinal()).message(2, shape);
        ProtobufWriter value = new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(1, tensor));
        graph.message(field, value);
        return this;
    }

    /** A node that computes one tensor; attributes are made by {@link #attribute}. */
    public OnnxWriter node(String op, List<String> inputs, String output, ProtobufWriter... attributes) {
        return node(op, "", inputs, List.of(output), attributes);
    }

    public OnnxWriter node(
            String op, String domain, List<String> inputs, List<String> outputs, ProtobufWriter... attributes) {
        ProtobufWriter node = new ProtobufWriter();
        inputs.forEach(input -> node.text(1, input));
        outputs.forEach(output -> node.text(2, output));
        node.text(3, op + "_of_" + outputs.get(0)).text(4, op);
        for (ProtobufWriter attribute : attributes) {
            node.message(5, attribute);
        }
        graph.message(1, domain.isEmpty() ? node : node.text(7, domain));
        return this;
    }

    public OnnxWriter initializer(String name, float[] values, long... dims) {
        graph.message(5, tensor(name, ElementType.FLOAT, ProtobufWriter.bytes(values), dims));
        return this;
    }

    public OnnxWriter initializer(String name, long[] values, long... dims) {
        graph.message(5, tensor(name, ElementType.INT64, ProtobufWriter.bytes(values), dims));
        return this;
    }

    /** A tensor made by hand. */
    public OnnxWriter initializer(ProtobufWriter tensor) {
        graph.message(5, tensor);
        return this;
    }

    public static ProtobufWriter tensor(String name, ElementType type, byte[] raw, long... dims) {
        return new ProtobufWriter()
                .packedVarints(1, dims)
                .varint(2, type.ordinal())
                .text(8, name)
                .bytes(9, raw);
    }

    public static ProtobufWriter attribute(String name, long value) {
        return attribute(name, OnnxAttribute.Kind.INT).varint(3, value);
    }

    public static ProtobufWriter attribute(String name, float value) {
        return attribute(name, OnnxAttribute.Kind.FLOAT).fourByteFloat(2, value);
    }

    public static ProtobufWriter attribute(String name, String value) {
        return attribute(name, OnnxAttribute.Kind.STRING).text(4, value);
    }

    public static ProtobufWriter attribute(String name, long[] values) {
        return attribute(name, OnnxAttribute.Kind.INTS).packedVarints(8, values);
    }

    /** A tensor as {@link #tensor} makes it. */
    public static ProtobufWriter attribute(String name, ProtobufWriter tensor) {
        return attribute(name, OnnxAttribute.Kind.TENSOR).message(5, tensor);
    }

    private static ProtobufWriter attribute(String name, OnnxAttribute.Kind kind) {
        return new ProtobufWriter().text(1, name).varint(20, kind.ordinal());
    }

    public ProtobufWriter graph() {
        return graph;
    }

    public byte[] toBytes() {
        return new ProtobufWriter()
                .varint(1, 8)
                .text(2, "unweave")
                .message(7, graph)
                .message(8, new ProtobufWriter().text(1, "").varint(2, opset))
                .toBytes();
    }

    public Path write(Path file) throws IOException {
        return Files.write(file, toBytes());
    }

    public OnnxGraph open(Path file) throws IOException {
        return OnnxFile.open(write(file));
    }
}

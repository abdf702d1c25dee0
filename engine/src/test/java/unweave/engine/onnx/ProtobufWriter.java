package unweave.engine.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes the fields of one protobuf message, one after the other. */
public final class ProtobufWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    public ProtobufWriter varint(int field, long value) {
        tag(field, ProtobufMessage.VARINT);
        rawVarint(value);
        return this;
    }

    public ProtobufWriter fourByteFloat(int field, float value) {
        tag(field, ProtobufMessage.FOUR_BYTES);
        bytes.writeBytes(bytes(value));
        return this;
    }

    public ProtobufWriter text(int field, String text) {
        return bytes(field, text.getBytes(StandardCharsets.UTF_8));
    }

    public ProtobufWriter message(int field, ProtobufWriter message) {
        return bytes(field, message.toBytes());
    }

    public ProtobufWriter bytes(int field, byte[] value) {
        tag(field, ProtobufMessage.LENGTH);
        rawVarint(value.length);
        bytes.writeBytes(value);
        return this;
    }

    public ProtobufWriter packedVarints(int field, long... values) {
        ProtobufWriter packed = new ProtobufWriter();
        for (long value : values) {
            packed.rawVarint(value);
        }
        return message(field, packed);
    }

    public ProtobufWriter packedFloats(int field, float... values) {
        return bytes(field, bytes(values));
    }

    public void tag(int field, int wireType) {
        rawVarint(((long) field << 3) | wireType);
    }

    public void rawVarint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }

    public byte[] toBytes() {
        return bytes.toByteArray();
    }

    /** The values as raw data of a tensor. */
    public static byte[] bytes(float... values) {
        byte[] bytes = new byte[values.length * Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
        return bytes;
    }

    /** The values as raw data of a tensor. */
    public static byte[] bytes(long... values) {
        byte[] bytes = new byte[values.length * Long.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
        return bytes;
    }
}

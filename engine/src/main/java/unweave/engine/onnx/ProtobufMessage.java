package unweave.engine.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * The fields of one protobuf message, in the order of the file (<a
 * href="https://protobuf.dev/programming-guides/encoding/">the encoding</a>). A field is a tag, which holds its number
 * and its wire type, and a value: a varint, 4 or 8 bytes, or a length and so many bytes.
 *
 * <p>ONNX needs a dozen messages of the language; a reader of them is shorter than the classes that a compiler
 * generates, and needs no library at run time.
 */
final class ProtobufMessage {
    static final int VARINT = 0;
    static final int EIGHT_BYTES = 1;
    static final int LENGTH = 2;
    static final int FOUR_BYTES = 5;

    /** Graphs lie in attributes of nodes of graphs; no real file comes near. */
    private static final int DEEPEST = 64;

    private final ByteBuffer bytes;
    /** Where the message begins in the file, for messages to people. */
    private final long start;

    private final int depth;
    private int field;
    private int wireType;
    /** Whether the value of the current field has yet to be read. */
    private boolean pending;

    ProtobufMessage(ByteBuffer bytes) {
        this(bytes, 0, 0);
    }

    private ProtobufMessage(ByteBuffer bytes, long start, int depth) {
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        this.start = start;
        this.depth = depth;
    }

    /**
     * Goes to the next field; one that was not read is passed over.
     *
     * @return whether there is one
     */
    boolean next() {
        if (pending) {
            skip();
        }
        if (!bytes.hasRemaining()) {
            return false;
        }
        long tag = readVarint();
        long number = tag >>> 3;
        wireType = (int) (tag & 7);
        if (number < 1 || number > 0x1fffffff) {
            throw malformed("has a field of number " + number);
        }
        if (wireType != VARINT && wireType != EIGHT_BYTES && wireType != LENGTH && wireType != FOUR_BYTES) {
            throw malformed("has a field of wire type " + wireType + ", which ONNX does not use");
        }
        field = (int) number;
        pending = true;
        return true;
    }

    int field() {
        return field;
    }

    private void skip() {
        switch (wireType) {
            case VARINT -> varint();
            case EIGHT_BYTES -> take(EIGHT_BYTES, Long.BYTES);
            case FOUR_BYTES -> take(FOUR_BYTES, Integer.BYTES);
            default -> bytes();
        }
    }

    long varint() {
        expect(VARINT);
        return readVarint();
    }

    float fourByteFloat() {
        return take(FOUR_BYTES, Float.BYTES).getFloat();
    }

    /** The bytes of the field, little-endian; they are not copied. */
    ByteBuffer bytes() {
        expect(LENGTH);
        return slice(readVarint());
    }

    String text() {
        ByteBuffer value = bytes();
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(value);
            return text.toString();
        } catch (CharacterCodingException e) {
            throw malformed("has a text that is not UTF-8");
        }
    }

    ProtobufMessage message() {
        if (depth == DEEPEST) {
            throw malformed("nests messages deeper than " + DEEPEST);
        }
        ByteBuffer value = bytes();
        return new ProtobufMessage(value, start + bytes.position() - value.remaining(), depth + 1);
    }

    /** Reads a repeated field of varints, whether its values are packed into one field or not. */
    void varints(LongConsumer values) {
        if (wireType == VARINT) {
            values.accept(varint());
            return;
        }
        ProtobufMessage packed = message();
        while (packed.bytes.hasRemaining()) {
            values.accept(packed.readVarint());
        }
    }

    /** The bytes of a repeated field of values of 4 or 8 bytes, whether packed or one of them. */
    ByteBuffer fixed(int width) {
        if (wireType == LENGTH) {
            ByteBuffer packed = bytes();
            if (packed.remaining() % width != 0) {
                throw malformed("has " + packed.remaining() + " bytes of values of " + width + " bytes");
            }
            return packed;
        }
        return take(width == Integer.BYTES ? FOUR_BYTES : EIGHT_BYTES, width);
    }

    private ByteBuffer take(int type, int length) {
        expect(type);
        return slice(length);
    }

    private void expect(int type) {
        if (!pending || wireType != type) {
            throw malformed("has field " + field + " with wire type " + wireType + ", expected " + type);
        }
        pending = false;
    }

    private ByteBuffer slice(long length) {
        if (length < 0 || length > bytes.remaining()) {
            throw malformed("ends in the middle of a field: " + Long.toUnsignedString(length) + " bytes are announced, "
                    + bytes.remaining() + " left");
        }
        ByteBuffer slice = bytes.slice(bytes.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(bytes.position() + (int) length);
        return slice;
    }

    /** At most ten bytes of seven bits each, the lowest first. */
    private long readVarint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (!bytes.hasRemaining()) {
                throw malformed("ends in the middle of a number");
            }
            byte next = bytes.get();
            if (shift == 63 && next > 1) {
                break;
            }
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw malformed("has a number of more than 64 bits");
    }

    private Malformed malformed(String what) {
        return new Malformed(
                "is no ONNX model, or is damaged: it " + what + " (byte " + (start + bytes.position()) + ")");
    }
}

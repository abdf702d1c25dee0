package unweave.engine.onnx;

import java.nio.ByteBuffer;
import unweave.engine.file.DataType;

/** The types of the numbers of a tensor, in the order of {@code TensorProto.DataType}. */
public enum ElementType {
    /** Not said. */
    UNDEFINED(0),
    /** 32 bits. */
    FLOAT(4),
    /** 0 to 255. */
    UINT8(1),
    /** -128 to 127. */
    INT8(1),
    /** 0 to 65,535. */
    UINT16(2),
    /** -32,768 to 32,767. */
    INT16(2),
    /** 32 bits with a sign. */
    INT32(4),
    /** 64 bits with a sign. */
    INT64(8),
    /** Text. */
    STRING(0),
    /** One byte, 0 or 1. */
    BOOL(1),
    /** IEEE 754 half precision. */
    FLOAT16(2),
    /** 64 bits. */
    DOUBLE(8),
    /** 32 bits without a sign. */
    UINT32(4),
    /** 64 bits without a sign. */
    UINT64(8),
    /** Two floats. */
    COMPLEX64(8),
    /** Two doubles. */
    COMPLEX128(16),
    /** The upper half of a float. */
    BFLOAT16(2);

    private static final ElementType[] ALL = values();

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** The bytes of a value, 0 where they differ. */
    public int bytes() {
        return bytes;
    }

    /** Whether values are real numbers in floating point. */
    public boolean isFloat() {
        return this == FLOAT || this == FLOAT16 || this == DOUBLE || this == BFLOAT16;
    }

    /** Whether values are whole numbers; {@link #BOOL} holds the numbers 0 and 1. */
    public boolean isInteger() {
        return bytes > 0 && !isFloat() && this != COMPLEX64 && this != COMPLEX128;
    }

    /** Whether a number of {@code TensorProto.DataType} is a type that is known here. */
    public static boolean known(long number) {
        return number >= 0 && number < ALL.length;
    }

    /**
     * The type with a number of {@code TensorProto.DataType}.
     *
     * @throws RuntimeException if no type that is known here has the number
     */
    public static ElementType of(long number) {
        if (!known(number)) {
            throw new Malformed("has a tensor of element type " + number + ", which is not known here (float8 and"
                    + " int4 are 17 and above); export it with 32-bit floats");
        }
        return ALL[(int) number];
    }

    /** The next value of little-endian bytes, of a floating-point type. */
    double readDouble(ByteBuffer from) {
        return switch (this) {
            case FLOAT -> from.getFloat();
            case DOUBLE -> from.getDouble();
            case FLOAT16 -> DataType.F16.readDouble(from);
            case BFLOAT16 -> DataType.BF16.readDouble(from);
            default -> readLong(from);
        };
    }

    /** The next value of little-endian bytes, of an integer type. */
    long readLong(ByteBuffer from) {
        return switch (this) {
            case INT8 -> from.get();
            case BOOL -> from.get() == 0 ? 0 : 1;
            case UINT8 -> from.get() & 0xff;
            case INT16 -> from.getShort();
            case UINT16 -> from.getShort() & 0xffff;
            case INT32 -> from.getInt();
            case UINT32 -> from.getInt() & 0xffffffffL;
            case INT64, UINT64 -> from.getLong();
            default -> throw new IllegalStateException(this + " holds no whole numbers");
        };
    }
}

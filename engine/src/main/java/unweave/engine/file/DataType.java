package unweave.engine.file;

import java.nio.ByteBuffer;
import unweave.kernels.BadInputException;

/** The number formats of a safetensors file. */
public enum DataType {
    F16(2),
    BF16(2),
    F32(4),
    F64(8),
    I8(1),
    I16(2),
    I32(4),
    I64(8),
    U8(1),
    U16(2),
    U32(4),
    U64(8),
    BOOL(1);

    private final int bytes;

    DataType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one value. */
    public int bytes() {
        return bytes;
    }

    /** Whether the values have fractions. */
    public boolean floating() {
        return this == F16 || this == BF16 || this == F32 || this == F64;
    }

    /** The next value of {@code data}; exact for all types but large I64 and U64. */
    public double readDouble(ByteBuffer data) {
        return switch (this) {
            case F16 -> half(data.getShort());
            case BF16 -> Float.intBitsToFloat(data.getShort() << 16);
            case F32 -> data.getFloat();
            case F64 -> data.getDouble();
            case U64 -> unsigned(data.getLong());
            default -> readLong(data);
        };
    }

    /** The next value of {@code data}, of a type without fractions. */
    long readLong(ByteBuffer data) {
        return switch (this) {
            case I8 -> data.get();
            case I16 -> data.getShort();
            case I32 -> data.getInt();
            case I64 -> data.getLong();
            case U8 -> data.get() & 0xff;
            case U16 -> data.getShort() & 0xffff;
            case U32 -> data.getInt() & 0xffffffffL;
            case U64 -> signed(data.getLong());
            case BOOL -> data.get() == 0 ? 0 : 1;
            default -> throw new IllegalStateException(this + " has fractions");
        };
    }

    private static double unsigned(long bits) {
        return bits >= 0 ? bits : 2 * (double) ((bits >>> 1) | (bits & 1));
    }

    private static long signed(long bits) {
        if (bits < 0) {
            throw new BadInputException("holds " + Long.toUnsignedString(bits) + ", more than 63 bits");
        }
        return bits;
    }

    /** IEEE 754 half precision: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits. */
    static float half(short bits) {
        int exponent = (bits >> 10) & 0x1f;
        int fraction = bits & 0x3ff;
        float magnitude;
        if (exponent == 0) {
            magnitude = fraction * 0x1p-24f;
        } else if (exponent == 0x1f) {
            magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else {
            magnitude = Math.scalb(1f + fraction * 0x1p-10f, exponent - 15);
        }
        return bits < 0 ? -magnitude : magnitude;
    }
}

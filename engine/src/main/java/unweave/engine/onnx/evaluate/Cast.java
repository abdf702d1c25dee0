package unweave.engine.onnx.evaluate;

import java.util.Arrays;
import unweave.engine.onnx.ElementType;
import unweave.engine.onnx.NdArray;

/** Changes the type of values. Real numbers of 32 bits stay as exact as float64 is; those of 16 are rounded. */
final class Cast {
    private Cast() {}

    static NdArray to(NdArray from, ElementType type) {
        if (type.isFloat()) {
            double[] values = from.numbers();
            if (type == ElementType.FLOAT16) {
                values = Arrays.stream(values)
                        .map(v -> rounded(v, 11, -14, 65504))
                        .toArray();
            } else if (type == ElementType.BFLOAT16) {
                values = Arrays.stream(values)
                        .map(v -> rounded(v, 8, -126, 0x1.fep127))
                        .toArray();
            }
            return NdArray.of(type, from.dims(), values);
        }
        if (type == ElementType.BOOL) {
            long[] truth = new long[from.size()];
            Arrays.setAll(truth, i -> from.number(i) != 0 ? 1 : 0);
            return NdArray.of(type, from.dims(), truth);
        }
        return NdArray.of(
                type,
                from.dims(),
                Arrays.stream(from.integers()).map(v -> wrap(type, v)).toArray());
    }

    /** The nearest number with so many significant bits, ties to even. */
    private static double rounded(double value, int bits, int smallestExponent, double largest) {
        if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
            return value;
        }
        int exponent = Math.max(Math.getExponent(value), smallestExponent) - (bits - 1);
        double nearest = Math.scalb(Math.rint(Math.scalb(value, -exponent)), exponent);
        return Math.abs(nearest) > largest ? Math.copySign(Double.POSITIVE_INFINITY, value) : nearest;
    }

    /** What is left of a whole number in a narrower type, as in C. */
    static long wrap(ElementType type, long value) {
        return switch (type) {
            case INT8 -> (byte) value;
            case BOOL -> value == 0 ? 0 : 1;
            case UINT8 -> value & 0xff;
            case INT16 -> (short) value;
            case UINT16 -> value & 0xffff;
            case INT32 -> (int) value;
            case UINT32 -> value & 0xffffffffL;
            default -> value;
        };
    }
}

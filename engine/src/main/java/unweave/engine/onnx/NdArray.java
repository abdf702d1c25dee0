package unweave.engine.onnx;

import java.util.Arrays;
import unweave.kernels.BadInputException;

/**
 * An array of any number of dimensions, row-major: real numbers as float64, whole numbers and truth values as 64-bit
 * integers. Not to be modified, neither the dims nor the values.
 */
public final class NdArray {
    private final ElementType type;
    private final int[] dims;
    /** The values, if the type is one of real numbers, else null. */
    private final double[] numbers;
    /** The values, if the type is one of whole numbers, else null. */
    private final long[] integers;

    private NdArray(ElementType type, int[] dims, double[] numbers, long[] integers) {
        this.type = type;
        this.dims = dims;
        this.numbers = numbers;
        this.integers = integers;
        int length = numbers == null ? integers.length : numbers.length;
        if (size(dims) != length) {
            throw new IllegalArgumentException(length + " values for dims " + Arrays.toString(dims));
        }
    }

    /** Real numbers of type {@link ElementType#FLOAT}; the values are kept, not copied. */
    public static NdArray of(double[] values, int... dims) {
        return of(ElementType.FLOAT, dims, values);
    }

    /** Whole numbers of type {@link ElementType#INT64}; the values are kept, not copied. */
    public static NdArray ofIntegers(long[] values, int... dims) {
        return of(ElementType.INT64, dims, values);
    }

    /** Real numbers of a floating-point type; the values are kept, not copied. */
    public static NdArray of(ElementType type, int[] dims, double[] values) {
        if (!type.isFloat()) {
            throw new IllegalArgumentException(type + " holds whole numbers");
        }
        return new NdArray(type, dims, values, null);
    }

    /** Whole numbers of an integer type, or truth values; the values are kept, not copied. */
    public static NdArray of(ElementType type, int[] dims, long[] values) {
        if (!type.isInteger()) {
            throw new IllegalArgumentException(type + " holds real numbers");
        }
        return new NdArray(type, dims, null, values);
    }

    /**
     * The number of values of an array of these dims.
     *
     * @throws BadInputException if it takes more than a quarter of the memory that Java may use, so that a file of a
     *     few bytes cannot ask for all of it
     */
    public static int size(int... dims) {
        long most = Math.min(Integer.MAX_VALUE - 8L, Runtime.getRuntime().maxMemory() / (4 * Double.BYTES));
        long size = 1;
        for (int dim : dims) {
            if (dim == 0) {
                return 0;
            }
        }
        for (int dim : dims) {
            size *= dim;
            if (dim < 0 || size > most) {
                throw new BadInputException("an array of " + Arrays.toString(dims) + " values is too large for the "
                        + (Runtime.getRuntime().maxMemory() >> 20) + " MB that Java may use");
            }
        }
        return (int) size;
    }

    /** The type of the values. */
    public ElementType type() {
        return type;
    }

    /** The dims; none for a single number. Not to be modified. */
    public int[] dims() {
        return dims;
    }

    /** The number of dims. */
    public int rank() {
        return dims.length;
    }

    /** The number of values. */
    public int size() {
        return numbers == null ? integers.length : numbers.length;
    }

    /** Value {@code i} in row-major order, as a real number. */
    public double number(int i) {
        if (numbers != null) {
            return numbers[i];
        }
        long value = integers[i];
        return type == ElementType.UINT64 && value < 0 ? (value >>> 1) * 2.0 + (value & 1) : value;
    }

    /** Value {@code i} in row-major order, as a whole number; real numbers are cut towards zero. */
    public long integer(int i) {
        return numbers != null ? (long) numbers[i] : integers[i];
    }

    /** All values as real numbers. Not to be modified. */
    public double[] numbers() {
        if (numbers != null) {
            return numbers;
        }
        double[] values = new double[integers.length];
        Arrays.setAll(values, this::number);
        return values;
    }

    /** All values as whole numbers. Not to be modified. */
    public long[] integers() {
        if (integers != null) {
            return integers;
        }
        long[] values = new long[numbers.length];
        Arrays.setAll(values, this::integer);
        return values;
    }

    /** All values, rounded to float32. */
    public float[] floats() {
        float[] values = new float[size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) number(i);
        }
        return values;
    }

    /** The same values under other dims, of as many values. */
    public NdArray reshape(int... newDims) {
        return new NdArray(type, newDims, numbers, integers);
    }

    @Override
    public String toString() {
        String values = numbers != null
                ? Arrays.toString(Arrays.copyOf(numbers, Math.min(8, size())))
                : Arrays.toString(Arrays.copyOf(integers, Math.min(8, size())));
        return type + Arrays.toString(dims) + values;
    }
}

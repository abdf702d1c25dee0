package unweave.engine.onnx.evaluate;

import java.util.Arrays;
import java.util.stream.IntStream;
import unweave.engine.onnx.NdArray;

/** Moves values without computing: y[i, j, ...] = x[a[i], b[j], ...], and permutations of axes. */
final class Moves {
    private Moves() {}

    /** The distance of neighbours along each axis of a row-major array. */
    static int[] strides(int[] dims) {
        int[] strides = new int[dims.length];
        int stride = 1;
        for (int i = dims.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= dims[i];
        }
        return strides;
    }

    static int[] identity(int length) {
        return IntStream.range(0, length).toArray();
    }

    /** A table for each axis that takes everything in order. */
    static int[][] everything(int[] dims) {
        return Arrays.stream(dims).mapToObj(Moves::identity).toArray(int[][]::new);
    }

    /**
     * Takes values by their places on each axis.
     *
     * @param tables for each axis the place to take from, -1 for the fill value
     * @param fill what stands at places of -1, of any type
     */
    static NdArray take(NdArray from, int[][] tables, NdArray fill) {
        int[] dims = Arrays.stream(tables).mapToInt(table -> table.length).toArray();
        int[] strides = strides(from.dims());
        int[] sources = sources(dims, tables, strides);
        if (from.type().isFloat()) {
            double[] values = from.numbers();
            double otherwise = fill == null ? 0 : fill.number(0);
            double[] taken = new double[sources.length];
            for (int i = 0; i < taken.length; i++) {
                taken[i] = sources[i] < 0 ? otherwise : values[sources[i]];
            }
            return NdArray.of(from.type(), dims, taken);
        }
        long[] values = from.integers();
        long otherwise = fill == null ? 0 : fill.integer(0);
        long[] taken = new long[sources.length];
        for (int i = 0; i < taken.length; i++) {
            taken[i] = sources[i] < 0 ? otherwise : values[sources[i]];
        }
        return NdArray.of(from.type(), dims, taken);
    }

    /** The flat place of each result, -1 where any of its axes says so. */
    private static int[] sources(int[] dims, int[][] tables, int[] strides) {
        int[] sources = new int[NdArray.size(dims)];
        if (sources.length == 0) {
            return sources;
        }
        int filled = 1;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            for (int i = dims[axis] - 1; i >= 0; i--) {
                int place = tables[axis][i];
                for (int j = 0; j < filled; j++) {
                    int inner = sources[j];
                    // Row 0 is written last: the others are made from it.
                    sources[i * filled + j] = place < 0 || inner < 0 ? -1 : place * strides[axis] + inner;
                }
            }
            filled *= dims[axis];
        }
        return sources;
    }

    static NdArray transpose(NdArray from, int... order) {
        int[] dims = new int[order.length];
        int[] strides = new int[order.length];
        int[] fromStrides = strides(from.dims());
        int[][] tables = new int[order.length][];
        for (int i = 0; i < order.length; i++) {
            dims[i] = from.dims()[order[i]];
            strides[i] = fromStrides[order[i]];
            tables[i] = identity(dims[i]);
        }
        return gather(from, dims, sources(dims, tables, strides));
    }

    /** Values by their flat places. */
    static NdArray gather(NdArray from, int[] dims, int[] sources) {
        if (from.type().isFloat()) {
            double[] values = from.numbers();
            return NdArray.of(
                    from.type(),
                    dims,
                    Arrays.stream(sources).mapToDouble(i -> values[i]).toArray());
        }
        long[] values = from.integers();
        return NdArray.of(
                from.type(),
                dims,
                Arrays.stream(sources).mapToLong(i -> values[i]).toArray());
    }

    /** Repeats along axes of length 1, and puts axes in front, as NumPy does. */
    static NdArray broadcast(NdArray from, int[] dims) {
        if (Arrays.equals(from.dims(), dims)) {
            return from;
        }
        int[] padded = new int[dims.length];
        Arrays.fill(padded, 1);
        System.arraycopy(from.dims(), 0, padded, dims.length - from.rank(), from.rank());
        int[][] tables = new int[dims.length][];
        for (int i = 0; i < dims.length; i++) {
            tables[i] = padded[i] == dims[i] ? identity(dims[i]) : new int[dims[i]];
        }
        return take(from.reshape(padded), tables, null);
    }

    /** The dims that arrays of these dims are repeated to; null if they do not fit together. */
    static int[] broadcastDims(int[] a, int[] b) {
        int[] dims = new int[Math.max(a.length, b.length)];
        for (int i = 1; i <= dims.length; i++) {
            int x = i <= a.length ? a[a.length - i] : 1;
            int y = i <= b.length ? b[b.length - i] : 1;
            if (x != y && x != 1 && y != 1) {
                return null;
            }
            dims[dims.length - i] = x == 1 ? y : x;
        }
        return dims;
    }
}

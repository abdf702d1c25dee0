package unweave.engine.onnx.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import unweave.engine.onnx.ElementType;
import unweave.engine.onnx.NdArray;

/** Pools: one number for each place of a window, or for the whole image. */
final class PoolingOperations {
    private PoolingOperations() {}

    static void register(OperationTable table) {
        table.many("MaxPool", PoolingOperations::max);
        table.one("AveragePool", PoolingOperations::average);
        table.one("LpPool", PoolingOperations::lp);
        table.one(
                "GlobalAveragePool",
                call -> whole(call, v -> {
                    double sum = 0;
                    for (double value : v) {
                        sum += value;
                    }
                    return sum / v.length;
                }));
        table.one(
                "GlobalMaxPool", call -> whole(call, v -> Arrays.stream(v).max().orElse(Double.NEGATIVE_INFINITY)));
        table.one("GlobalLpPool", call -> {
            double p = call.node().integer("p", 2);
            return whole(
                    call,
                    v -> Math.pow(
                            Arrays.stream(v).map(x -> Math.pow(Math.abs(x), p)).sum(), 1 / p));
        });
    }

    private static NdArray whole(Call call, ToDoubleFunction<double[]> of) {
        NdArray x = call.input(0);
        call.require(x.rank() >= 3, "it reads an array of " + x.rank() + " dims, which has no spatial axes");
        int[] dims = new int[x.rank()];
        Arrays.fill(dims, 1);
        dims[0] = x.dims()[0];
        dims[1] = x.dims()[1];
        int size = x.size() / (dims[0] * dims[1]);
        double[] values = x.numbers();
        double[] results = new double[dims[0] * dims[1]];
        Arrays.setAll(results, i -> of.applyAsDouble(Arrays.copyOfRange(values, i * size, (i + 1) * size)));
        return NdArray.of(x.type(), dims, results);
    }

    /** What a pool makes of a window that stands at an output and reads a channel. */
    private interface Pool {
        void pool(int output, int row, int column, int channelStart);
    }

    private static void forEach(Window window, int planes, Pool pool) {
        for (int plane = 0; plane < planes; plane++) {
            for (int row = 0; row < window.output()[0]; row++) {
                for (int column = 0; column < window.output()[1]; column++) {
                    int output = plane * window.outputSize() + row * window.output()[1] + column;
                    pool.pool(output, row, column, plane * window.inputSize());
                }
            }
        }
    }

    /** The place in the channel that a tap reads, -1 outside. */
    private static int place(Window window, int row, int column, int tap) {
        int y = window.place(0, row, tap / window.kernel()[1]);
        int x = window.place(1, column, tap % window.kernel()[1]);
        return y < 0 || y >= window.input()[0] || x < 0 || x >= window.input()[1] ? -1 : y * window.input()[1] + x;
    }

    private static List<NdArray> max(Call call) {
        NdArray x = call.input(0);
        Window window = Window.of(call, x.dims(), new int[0]);
        boolean columnsFirst = call.node().integer("storage_order", 0) != 0;
        int planes = x.dims()[0] * x.dims()[1];
        int[] dims = window.outputDims(x.dims()[0], x.dims()[1]);
        double[] values = x.numbers();
        double[] largest = new double[NdArray.size(dims)];
        long[] places = new long[largest.length];
        forEach(window, planes, (output, row, column, start) -> {
            largest[output] = Double.NEGATIVE_INFINITY;
            for (int tap = 0; tap < window.kernelSize(); tap++) {
                int place = place(window, row, column, tap);
                if (place >= 0 && values[start + place] > largest[output]) {
                    largest[output] = values[start + place];
                    int y = place / window.input()[1];
                    places[output] =
                            start + (long) (columnsFirst ? place % window.input()[1] * window.input()[0] + y : place);
                }
            }
        });
        NdArray result = NdArray.of(ElementType.DOUBLE, dims, largest);
        return List.of(Cast.to(result, x.type()), NdArray.of(ElementType.INT64, dims, places));
    }

    /** With {@code count_include_pad} the padding counts as zeros, but not what lies behind it in the last window. */
    private static NdArray average(Call call) {
        NdArray x = call.input(0);
        Window window = Window.of(call, x.dims(), new int[0]);
        boolean countPadding = call.node().integer("count_include_pad", 0) != 0;
        int[] dims = window.outputDims(x.dims()[0], x.dims()[1]);
        double[] values = x.numbers();
        double[] means = new double[NdArray.size(dims)];
        forEach(window, x.dims()[0] * x.dims()[1], (output, row, column, start) -> {
            double sum = 0;
            int count = 0;
            for (int tap = 0; tap < window.kernelSize(); tap++) {
                int place = place(window, row, column, tap);
                sum += place < 0 ? 0 : values[start + place];
                int y = window.place(0, row, tap / window.kernel()[1]);
                int z = window.place(1, column, tap % window.kernel()[1]);
                boolean padded =
                        y < window.input()[0] + window.behind()[0] && z < window.input()[1] + window.behind()[1];
                count += place >= 0 || (countPadding && padded) ? 1 : 0;
            }
            means[output] = sum / count;
        });
        return NdArray.of(x.type(), dims, means);
    }

    private static NdArray lp(Call call) {
        NdArray x = call.input(0);
        Window window = Window.of(call, x.dims(), new int[0]);
        double p = call.node().integer("p", 2);
        int[] dims = window.outputDims(x.dims()[0], x.dims()[1]);
        double[] values = x.numbers();
        double[] norms = new double[NdArray.size(dims)];
        forEach(window, x.dims()[0] * x.dims()[1], (output, row, column, start) -> {
            double sum = 0;
            for (int tap = 0; tap < window.kernelSize(); tap++) {
                int place = place(window, row, column, tap);
                sum += place < 0 ? 0 : Math.pow(Math.abs(values[start + place]), p);
            }
            norms[output] = Math.pow(sum, 1 / p);
        });
        return NdArray.of(x.type(), dims, norms);
    }
}

package unweave.engine.onnx.evaluate;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import unweave.engine.onnx.ElementType;
import unweave.engine.onnx.NdArray;

/** Operators that sum, or otherwise combine, along axes. */
final class ReductionOperations {
    private ReductionOperations() {}

    static void register(OperationTable table) {
        reduce(table, "ReduceSum", 13, v -> Arrays.stream(v).sum());
        reduce(table, "ReduceMean", 18, v -> sum(v) / v.length);
        reduce(table, "ReduceMax", 18, v -> Arrays.stream(v).max().orElse(Double.NEGATIVE_INFINITY));
        reduce(table, "ReduceMin", 18, v -> Arrays.stream(v).min().orElse(Double.POSITIVE_INFINITY));
        reduce(table, "ReduceProd", 18, v -> Arrays.stream(v).reduce(1, (a, b) -> a * b));
        reduce(table, "ReduceL1", 18, v -> Arrays.stream(v).map(Math::abs).sum());
        reduce(table, "ReduceL2", 18, v -> Math.sqrt(sumSquares(v)));
        reduce(table, "ReduceSumSquare", 18, ReductionOperations::sumSquares);
        reduce(table, "ReduceLogSum", 18, v -> Math.log(sum(v)));
        reduce(table, "ReduceLogSumExp", 18, ReductionOperations::logSumExp);
        table.one("ArgMax", call -> extreme(call, 1));
        table.one("ArgMin", call -> extreme(call, -1));
        table.one("Softmax", call -> softmax(call, false));
        table.one("LogSoftmax", call -> softmax(call, true));
        table.one("Hardmax", ReductionOperations::hardmax);
        table.one("CumSum", ReductionOperations::cumulativeSum);
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    private static double sumSquares(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return sum;
    }

    private static double logSumExp(double[] values) {
        double largest = Arrays.stream(values).max().orElse(0);
        double shift = Double.isInfinite(largest) ? 0 : largest;
        return shift
                + Math.log(Arrays.stream(values).map(v -> Math.exp(v - shift)).sum());
    }

    private static void reduce(OperationTable table, String op, int axesAreInputSince, ToDoubleFunction<double[]> of) {
        table.one(op, call -> {
            NdArray x = call.input(0);
            int[] given = call.settings("axes", 1, axesAreInputSince);
            boolean all = given == null || given.length == 0;
            if (all && call.node().integer("noop_with_empty_axes", 0) != 0) {
                return x;
            }
            int[] axes = all ? Moves.identity(x.rank()) : call.axes(given, x.rank());
            return reduce(x, axes, call.node().integer("keepdims", 1) != 0, of);
        });
    }

    /** The reduced axes last, so that what is combined lies side by side. */
    private static NdArray reduce(NdArray x, int[] axes, boolean keep, ToDoubleFunction<double[]> of) {
        boolean[] reduced = new boolean[x.rank()];
        for (int axis : axes) {
            reduced[axis] = true;
        }
        int[] kept = IntStream.range(0, x.rank()).filter(i -> !reduced[i]).toArray();
        int[] gone = IntStream.range(0, x.rank()).filter(i -> reduced[i]).toArray();
        double[] values = Moves.transpose(
                        x,
                        IntStream.concat(Arrays.stream(kept), Arrays.stream(gone))
                                .toArray())
                .numbers();
        int count = Arrays.stream(gone).map(i -> x.dims()[i]).reduce(1, (a, b) -> a * b);
        int[] dims = keep
                ? IntStream.range(0, x.rank())
                        .map(i -> reduced[i] ? 1 : x.dims()[i])
                        .toArray()
                : Arrays.stream(kept).map(i -> x.dims()[i]).toArray();
        double[] results = new double[NdArray.size(dims)];
        Arrays.setAll(results, i -> of.applyAsDouble(Arrays.copyOfRange(values, i * count, (i + 1) * count)));
        if (x.type().isFloat()) {
            return NdArray.of(x.type(), dims, results);
        }
        return NdArray.of(
                x.type(), dims, Arrays.stream(results).mapToLong(v -> (long) v).toArray());
    }

    private static NdArray extreme(Call call, int sign) {
        NdArray x = call.input(0);
        int axis = call.axis(call.node().integer("axis", 0), x.rank());
        boolean last = call.node().integer("select_last_index", 0) != 0;
        NdArray places = reduce(
                NdArray.of(ElementType.DOUBLE, x.dims(), x.numbers()),
                new int[] {axis},
                call.node().integer("keepdims", 1) != 0,
                values -> {
                    int best = 0;
                    for (int i = 1; i < values.length; i++) {
                        double gain = sign * (values[i] - values[best]);
                        best = gain > 0 || (last && gain == 0) ? i : best;
                    }
                    return best;
                });
        return NdArray.of(ElementType.INT64, places.dims(), places.integers());
    }

    /** The groups of values that are normalised together: until opset 13 everything from the axis on. */
    private interface Group {
        void of(double[] values, int start, int step, int count);
    }

    private static NdArray groups(Call call, Group group) {
        NdArray x = call.input(0);
        boolean whole = call.opset() < 13;
        int axis = call.axis(call.node().integer("axis", whole ? 1 : -1), x.rank());
        double[] values = x.numbers().clone();
        int inner = NdArray.size(Arrays.copyOfRange(x.dims(), axis + (whole ? 0 : 1), x.rank()));
        int count = whole ? inner : x.dims()[axis];
        int step = whole ? 1 : inner;
        for (int start = 0; start < values.length; start++) {
            if (whole ? start % inner == 0 : start / inner % count == 0) {
                group.of(values, start, step, count);
            }
        }
        return NdArray.of(x.type(), x.dims(), values);
    }

    private static NdArray softmax(Call call, boolean log) {
        return groups(call, (values, start, step, count) -> {
            double[] group = new double[count];
            Arrays.setAll(group, i -> values[start + i * step]);
            double sum = logSumExp(group);
            for (int i = 0; i < count; i++) {
                values[start + i * step] = log ? group[i] - sum : Math.exp(group[i] - sum);
            }
        });
    }

    private static NdArray hardmax(Call call) {
        return groups(call, (values, start, step, count) -> {
            int best = 0;
            for (int i = 1; i < count; i++) {
                best = values[start + i * step] > values[start + best * step] ? i : best;
            }
            for (int i = 0; i < count; i++) {
                values[start + i * step] = i == best ? 1 : 0;
            }
        });
    }

    private static NdArray cumulativeSum(Call call) {
        NdArray x = call.input(0);
        int axis = call.axis(call.input(1).integer(0), x.rank());
        boolean exclusive = call.node().integer("exclusive", 0) != 0;
        boolean reverse = call.node().integer("reverse", 0) != 0;
        int count = x.dims()[axis];
        int step = Moves.strides(x.dims())[axis];
        double[] from = x.numbers();
        double[] sums = new double[from.length];
        for (int start = 0; start < from.length; start++) {
            if (start / step % count == 0) {
                double sum = 0;
                for (int i = 0; i < count; i++) {
                    int place = start + (reverse ? count - 1 - i : i) * step;
                    sums[place] = exclusive ? sum : sum + from[place];
                    sum += from[place];
                }
            }
        }
        return Cast.to(NdArray.of(ElementType.DOUBLE, x.dims(), sums), x.type());
    }
}

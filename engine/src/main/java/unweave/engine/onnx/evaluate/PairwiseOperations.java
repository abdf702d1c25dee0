package unweave.engine.onnx.evaluate;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;
import unweave.engine.onnx.ElementType;
import unweave.engine.onnx.NdArray;

/** Operators of two or more arrays that are repeated to the same dims: arithmetic, comparisons, logic, choice. */
final class PairwiseOperations {
    private PairwiseOperations() {}

    static void register(OperationTable table) {
        table.one("Add", call -> fold(call, Double::sum, Long::sum));
        table.one("Sub", call -> fold(call, (a, b) -> a - b, (a, b) -> a - b));
        table.one("Mul", call -> fold(call, (a, b) -> a * b, (a, b) -> a * b));
        table.one("Div", call -> fold(call, (a, b) -> a / b, (a, b) -> a / b));
        table.one("Max", call -> fold(call, Math::max, Math::max));
        table.one("Min", call -> fold(call, Math::min, Math::min));
        table.one("Sum", call -> fold(call, Double::sum, Long::sum));
        table.one("Mean", PairwiseOperations::mean);
        table.one("Pow", PairwiseOperations::power);
        table.one("Mod", PairwiseOperations::modulo);
        table.one(
                "PRelu", call -> fold(call, (x, slope) -> x < 0 ? slope * x : x, (x, slope) -> x < 0 ? slope * x : x));
        table.one("Equal", call -> compare(call, (a, b) -> a == b ? 1 : 0, (a, b) -> a == b ? 1 : 0));
        table.one("Greater", call -> compare(call, (a, b) -> a > b ? 1 : 0, (a, b) -> a > b ? 1 : 0));
        table.one("GreaterOrEqual", call -> compare(call, (a, b) -> a >= b ? 1 : 0, (a, b) -> a >= b ? 1 : 0));
        table.one("Less", call -> compare(call, (a, b) -> a < b ? 1 : 0, (a, b) -> a < b ? 1 : 0));
        table.one("LessOrEqual", call -> compare(call, (a, b) -> a <= b ? 1 : 0, (a, b) -> a <= b ? 1 : 0));
        table.one("And", call -> fold(call, null, (a, b) -> a & b));
        table.one("Or", call -> fold(call, null, (a, b) -> a | b));
        table.one("Xor", call -> fold(call, null, (a, b) -> a ^ b));
        table.one("Where", PairwiseOperations::where);
    }

    private static int[] commonDims(Call call, int[] a, int[] b) {
        int[] dims = Moves.broadcastDims(a, b);
        call.require(
                dims != null,
                "its inputs of dims " + Arrays.toString(a) + " and " + Arrays.toString(b) + " do not fit together");
        return dims;
    }

    private static NdArray fold(Call call, DoubleBinaryOperator real, LongBinaryOperator whole) {
        NdArray result = call.input(0);
        for (int i = 1; i < call.inputs().size(); i++) {
            result = combine(call, result, call.input(i), result.type(), real, whole);
        }
        return result;
    }

    private static NdArray combine(
            Call call, NdArray a, NdArray b, ElementType type, DoubleBinaryOperator real, LongBinaryOperator whole) {
        int[] dims = commonDims(call, a.dims(), b.dims());
        NdArray x = Moves.broadcast(a, dims);
        NdArray y = Moves.broadcast(b, dims);
        if (type.isFloat()) {
            double[] values = new double[x.size()];
            double[] first = x.numbers();
            double[] second = y.numbers();
            for (int i = 0; i < values.length; i++) {
                values[i] = real.applyAsDouble(first[i], second[i]);
            }
            return NdArray.of(type, dims, values);
        }
        long[] values = new long[x.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Cast.wrap(type, whole.applyAsLong(x.integer(i), y.integer(i)));
        }
        return NdArray.of(type, dims, values);
    }

    private static NdArray compare(Call call, DoubleBinaryOperator real, LongBinaryOperator whole) {
        NdArray a = call.input(0);
        NdArray b = call.input(1);
        if (!a.type().isFloat()) {
            return combine(call, a, b, ElementType.BOOL, null, whole);
        }
        NdArray result = combine(call, a, b, ElementType.DOUBLE, real, null);
        return NdArray.of(ElementType.BOOL, result.dims(), result.integers());
    }

    private static NdArray mean(Call call) {
        NdArray sum = fold(call, Double::sum, Long::sum);
        int count = call.inputs().size();
        return NdArray.of(
                sum.type(),
                sum.dims(),
                Arrays.stream(sum.numbers()).map(v -> v / count).toArray());
    }

    private static NdArray power(Call call) {
        NdArray base = call.input(0);
        NdArray exponent = call.input(1);
        if (base.type().isFloat() || exponent.type().isFloat()) {
            NdArray a = base.type().isFloat() ? base : NdArray.of(ElementType.DOUBLE, base.dims(), base.numbers());
            NdArray result = combine(call, a, exponent, ElementType.DOUBLE, Math::pow, null);
            return Cast.to(result, base.type());
        }
        return combine(call, base, exponent, base.type(), null, PairwiseOperations::wholePower);
    }

    private static long wholePower(long base, long exponent) {
        if (exponent < 0) {
            return (long) Math.pow(base, exponent);
        }
        long result = 1;
        long factor = base;
        for (long rest = exponent; rest > 0; rest >>= 1) {
            result *= (rest & 1) == 1 ? factor : 1;
            factor *= factor;
        }
        return result;
    }

    /** With {@code fmod} the sign is the dividend's, as in C; without, the divisor's, as in Python. */
    private static NdArray modulo(Call call) {
        boolean likeC = call.node().integer("fmod", 0) != 0;
        return likeC
                ? fold(call, (a, b) -> a % b, (a, b) -> a % b)
                : fold(call, (a, b) -> a - b * Math.floor(a / b), Math::floorMod);
    }

    private static NdArray where(Call call) {
        NdArray a = call.input(1);
        NdArray b = call.input(2);
        int[] dims = commonDims(call, commonDims(call, call.input(0).dims(), a.dims()), b.dims());
        NdArray chosen = Moves.broadcast(call.input(0), dims);
        NdArray x = Moves.broadcast(a, dims);
        NdArray y = Moves.broadcast(b, dims);
        if (a.type().isFloat()) {
            double[] values = new double[x.size()];
            Arrays.setAll(values, i -> chosen.integer(i) != 0 ? x.number(i) : y.number(i));
            return NdArray.of(a.type(), dims, values);
        }
        long[] values = new long[x.size()];
        Arrays.setAll(values, i -> chosen.integer(i) != 0 ? x.integer(i) : y.integer(i));
        return NdArray.of(a.type(), dims, values);
    }
}

package unweave.engine.onnx.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import unweave.engine.onnx.ElementType;
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.OnnxNode;

/** Operators of one array, value by value: functions, activations, dropout at rest. */
final class PointwiseOperations {
    private PointwiseOperations() {}

    static void register(OperationTable table) {
        functions(table);
        activations(table);
        table.one("Abs", call -> whole(call, Math::abs, Math::abs));
        table.one("Neg", call -> whole(call, v -> -v, v -> -v));
        table.one("Sign", call -> whole(call, Math::signum, Long::signum));
        table.one("Not", call -> truth(call.input(0), v -> v == 0));
        table.one("IsNaN", call -> truth(call.input(0), Double::isNaN));
        table.one("IsInf", PointwiseOperations::isInfinite);
        table.one("Clip", PointwiseOperations::clip);
        table.one("Identity", call -> call.input(0));
        table.many("Dropout", PointwiseOperations::dropout);
        table.one("Cast", call -> cast(call, call.node().integer("to", 0)));
        table.one("CastLike", call -> cast(call, call.input(1).type().ordinal()));
    }

    private static void functions(OperationTable table) {
        real(table, "Sqrt", Math::sqrt);
        real(table, "Exp", Math::exp);
        real(table, "Log", Math::log);
        real(table, "Reciprocal", v -> 1 / v);
        real(table, "Floor", Math::floor);
        real(table, "Ceil", Math::ceil);
        real(table, "Round", Math::rint);
        real(table, "Erf", Erf::of);
        real(table, "Sin", Math::sin);
        real(table, "Cos", Math::cos);
        real(table, "Tan", Math::tan);
        real(table, "Asin", Math::asin);
        real(table, "Acos", Math::acos);
        real(table, "Atan", Math::atan);
        real(table, "Sinh", Math::sinh);
        real(table, "Cosh", Math::cosh);
        real(table, "Asinh", v -> Math.copySign(Math.log(Math.abs(v) + Math.sqrt(v * v + 1)), v));
        real(table, "Acosh", v -> Math.log(v + Math.sqrt(v * v - 1)));
        real(table, "Atanh", v -> 0.5 * Math.log((1 + v) / (1 - v)));
    }

    private static void activations(OperationTable table) {
        real(table, "Tanh", Math::tanh);
        real(table, "Sigmoid", PointwiseOperations::sigmoid);
        real(table, "Softplus", PointwiseOperations::softplus);
        real(table, "Softsign", v -> v / (1 + Math.abs(v)));
        real(table, "Mish", v -> v * Math.tanh(softplus(v)));
        real(table, "HardSwish", v -> v * Math.max(0, Math.min(1, v / 6 + 0.5)));
        table.one("Relu", call -> whole(call, v -> Math.max(0, v), v -> Math.max(0, v)));
        settings(table, "LeakyRelu", node -> {
            double alpha = node.number("alpha", 0.01f);
            return v -> v < 0 ? alpha * v : v;
        });
        settings(table, "ThresholdedRelu", node -> {
            double alpha = node.number("alpha", 1);
            return v -> v > alpha ? v : 0;
        });
        settings(table, "Elu", node -> {
            double alpha = node.number("alpha", 1);
            return v -> v < 0 ? alpha * Math.expm1(v) : v;
        });
        settings(table, "Celu", node -> {
            double alpha = node.number("alpha", 1);
            return v -> Math.max(0, v) + Math.min(0, alpha * Math.expm1(v / alpha));
        });
        settings(table, "Selu", node -> {
            double alpha = node.number("alpha", 1.6732632f);
            double gamma = node.number("gamma", 1.050701f);
            return v -> v > 0 ? gamma * v : gamma * alpha * Math.expm1(v);
        });
        settings(table, "HardSigmoid", node -> {
            double alpha = node.number("alpha", 0.2f);
            double beta = node.number("beta", 0.5);
            return v -> Math.max(0, Math.min(1, alpha * v + beta));
        });
        settings(table, "Shrink", node -> {
            double lambda = node.number("lambd", 0.5);
            double bias = node.number("bias", 0);
            return v -> v < -lambda ? v + bias : v > lambda ? v - bias : 0;
        });
        settings(
                table,
                "Gelu",
                node -> node.text("approximate", "none").equals("tanh")
                        ? v -> 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v)))
                        : v -> 0.5 * v * (1 + Erf.of(v / Math.sqrt(2))));
    }

    static double sigmoid(double v) {
        return 1 / (1 + Math.exp(-v));
    }

    static double softplus(double v) {
        return Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));
    }

    private static void real(OperationTable table, String op, DoubleUnaryOperator function) {
        table.one(op, call -> map(call, function));
    }

    private static void settings(OperationTable table, String op, Function<OnnxNode, DoubleUnaryOperator> function) {
        table.one(op, call -> map(call, function.apply(call.node())));
    }

    private static NdArray map(Call call, DoubleUnaryOperator function) {
        NdArray from = call.input(0);
        call.require(from.type().isFloat(), "it reads real numbers, not " + from.type());
        return NdArray.of(
                from.type(),
                from.dims(),
                Arrays.stream(from.numbers()).map(function).toArray());
    }

    private static NdArray whole(Call call, DoubleUnaryOperator real, LongUnaryOperator whole) {
        NdArray from = call.input(0);
        return from.type().isFloat()
                ? map(call, real)
                : NdArray.of(
                        from.type(),
                        from.dims(),
                        Arrays.stream(from.integers()).map(whole).toArray());
    }

    private static NdArray truth(NdArray from, DoublePredicate holds) {
        long[] truth = new long[from.size()];
        Arrays.setAll(truth, i -> holds.test(from.number(i)) ? 1 : 0);
        return NdArray.of(ElementType.BOOL, from.dims(), truth);
    }

    private static NdArray isInfinite(Call call) {
        boolean positive = call.node().integer("detect_positive", 1) != 0;
        boolean negative = call.node().integer("detect_negative", 1) != 0;
        return truth(
                call.input(0),
                v -> (positive && v == Double.POSITIVE_INFINITY) || (negative && v == Double.NEGATIVE_INFINITY));
    }

    /** The bounds were attributes before opset 11. Where the lower exceeds the upper, the upper holds. */
    private static NdArray clip(Call call) {
        if (call.opset() < 11) {
            double low = call.node().number("min", -Float.MAX_VALUE);
            double high = call.node().number("max", Float.MAX_VALUE);
            return map(call, v -> Math.min(high, Math.max(low, v)));
        }
        NdArray low = call.optional(1);
        NdArray high = call.optional(2);
        if (call.input(0).type().isFloat()) {
            double from = low == null ? Double.NEGATIVE_INFINITY : low.number(0);
            double to = high == null ? Double.POSITIVE_INFINITY : high.number(0);
            return map(call, v -> Math.min(to, Math.max(from, v)));
        }
        long from = low == null ? Long.MIN_VALUE : low.integer(0);
        long to = high == null ? Long.MAX_VALUE : high.integer(0);
        return whole(call, null, v -> Math.min(to, Math.max(from, v)));
    }

    private static List<NdArray> dropout(Call call) {
        boolean training = call.optional(2) != null && call.optional(2).integer(0) != 0;
        double ratio = call.optional(1) == null ? 0.5 : call.optional(1).number(0);
        call.require(!training || ratio == 0, "it is set to training, where its values are random; export with eval()");
        NdArray input = call.input(0);
        long[] mask = new long[input.size()];
        Arrays.fill(mask, 1);
        return List.of(input, NdArray.of(ElementType.BOOL, input.dims(), mask));
    }

    private static NdArray cast(Call call, long to) {
        ElementType type = ElementType.known(to) ? ElementType.of(to) : ElementType.UNDEFINED;
        call.require(type.isFloat() || type.isInteger(), "it makes values of type " + type + " (" + to + ")");
        return Cast.to(call.input(0), type);
    }
}

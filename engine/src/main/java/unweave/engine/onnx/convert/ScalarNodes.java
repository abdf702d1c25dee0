package unweave.engine.onnx.convert;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.OnnxNode;
import unweave.kernels.Activation;

/** Functions of one tensor, value by value. */
final class ScalarNodes {
    private ScalarNodes() {}

    /** A function, and the layer that computes it alone; the layer lacks its input until {@link #emit} adds it. */
    private record Scalar(DoubleUnaryOperator function, String name, Map<String, Double> constants) {
        Scalar(DoubleUnaryOperator function, String name) {
            this(function, name, Map.of());
        }
    }

    static Value convert(Site site) {
        OnnxNode node = site.node();
        Scalar scalar = scalar(site, node);
        return emit(site, site.view(0), scalar.function, scalar.name, scalar.constants);
    }

    private static Scalar scalar(Site site, OnnxNode node) {
        switch (node.op()) {
            case "Relu":
                return new Scalar(x -> Math.max(0, x), "relu");
            case "Sigmoid":
                return new Scalar(x -> 1 / (1 + Math.exp(-x)), "sigmoid");
            case "Tanh":
                return new Scalar(Math::tanh, "tanh");
            case "Exp":
                return new Scalar(Math::exp, "exp");
            case "Log":
                return new Scalar(Math::log, "log");
            case "Sqrt":
                return new Scalar(Math::sqrt, "sqrt");
            case "Abs":
                return new Scalar(Math::abs, "abs");
            case "Erf":
                return new Scalar(ScalarNodes::erf, "erf");
            case "Softplus":
                return new Scalar(x -> x > 30 ? x : Math.log1p(Math.exp(x)), "softplus");
            case "Softsign":
                return new Scalar(x -> x / (1 + Math.abs(x)), "softsign");
            case "HardSwish":
                return new Scalar(x -> x * Math.min(1, Math.max(0, x / 6 + 0.5)), "hard-swish");
            case "Mish":
                return new Scalar(x -> x * Math.tanh(x > 30 ? x : Math.log1p(Math.exp(x))), "mish");
            case "Gelu":
                return node.text("approximate", "none").equals("tanh")
                        ? new Scalar(
                                x -> x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2,
                                "gelu-tanh")
                        : new Scalar(x -> Activation.GELU.value(1, x), "gelu");
            default:
                return withConstants(site, node);
        }
    }

    private static Scalar withConstants(Site site, OnnxNode node) {
        double a;
        switch (node.op()) {
            case "LeakyRelu":
                a = node.number("alpha", 0.01);
                return new Scalar(x -> x > 0 ? x : a * x, "leaky-relu", Map.of("constant", a));
            case "Elu":
                a = node.number("alpha", 1);
                return new Scalar(x -> x > 0 ? x : a * Math.expm1(x), "elu", Map.of("constant", a));
            case "Celu":
                a = node.number("alpha", 1);
                return new Scalar(x -> x > 0 ? x : a * Math.expm1(x / a), "celu", Map.of("constant", a));
            case "ThresholdedRelu":
                a = node.number("alpha", 1);
                return new Scalar(x -> x > a ? x : 0, "thresholded-relu", Map.of("constant", a));
            case "Selu":
                a = node.number("alpha", 1.67326319217681884765625);
                double gamma = node.number("gamma", 1.05070102214813232421875);
                return new Scalar(
                        x -> x > 0 ? gamma * x : gamma * a * Math.expm1(x),
                        "selu",
                        Map.of("constant", a, "scale", gamma));
            case "HardSigmoid":
                a = node.number("alpha", 0.2);
                double offset = node.number("beta", 0.5);
                return new Scalar(
                        x -> Math.min(1, Math.max(0, a * x + offset)),
                        "hard-sigmoid",
                        Map.of("constant", a, "offset", offset));
            case "Clip":
                return clip(site, node);
            default:
                throw site.refusal("no such function is known");
        }
    }

    private static Scalar clip(Site site, OnnxNode node) {
        NdArray least = site.fixedOrNull(1);
        NdArray most = site.fixedOrNull(2);
        double low = least != null ? least.number(0) : node.number("min", -Float.MAX_VALUE);
        double high = most != null ? most.number(0) : node.number("max", Float.MAX_VALUE);
        return clip(low, high);
    }

    private static Scalar clip(double low, double high) {
        double from = Math.max(low, -Float.MAX_VALUE);
        double to = Math.min(high, Float.MAX_VALUE);
        DoubleUnaryOperator function = x -> Math.min(to, Math.max(from, x));
        return from == 0 && to == Float.MAX_VALUE
                ? new Scalar(function, "relu")
                : new Scalar(function, "clip", Map.of("low", from, "high", to));
    }

    /** max(x, low), or min(x, high). */
    static View clipped(Site site, View view, double low, double high) {
        Scalar clip = clip(low, high);
        return emit(site, view, clip.function, clip.name, clip.constants);
    }

    /** x^p for every value. */
    static View power(Site site, View view, double exponent) {
        return exponent == 0.5
                ? emit(site, view, Math::sqrt, "sqrt", Map.of())
                : emit(site, view, x -> Math.pow(x, exponent), "power", Map.of("constant", exponent));
    }

    static View sqrt(Site site, View view) {
        return power(site, view, 0.5);
    }

    static View named(Site site, View view, String function) {
        DoubleUnaryOperator of =
                switch (function) {
                    case "exp" -> Math::exp;
                    case "log" -> Math::log;
                    case "abs" -> Math::abs;
                    default -> throw new IllegalArgumentException(function);
                };
        return emit(site, view, of, function, Map.of());
    }

    private static View emit(
            Site site, View view, DoubleUnaryOperator function, String name, Map<String, Double> constants) {
        Draft last = view.layer();
        List<Pointwise> whole =
                last.pointwise().stream().map(before -> before.then(function)).toList();
        // The last of them is this function alone, which has its name already.
        Optional<Draft> known = Pointwise.known(site.sketch(), whole.subList(0, whole.size() - 1));
        if (known.isPresent()) {
            return view.on(known.get());
        }
        Draft draft = name.equals("relu")
                ? new Draft("relu", last.shape(), last)
                : new Draft("activation", last.shape(), last).set("function", name);
        constants.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> draft.set(entry.getKey(), entry.getValue().floatValue()));
        return view.on(Pointwise.noted(site.sketch().add(draft), whole));
    }

    /** From x Phi(x), which is defined in float64. */
    private static double erf(double x) {
        double scaled = Math.sqrt(2) * x;
        return scaled == 0 ? 0 : 2 * Activation.GELU.value(1, scaled) / scaled - 1;
    }
}

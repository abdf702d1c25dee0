package unweave.engine.onnx.convert;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.OnnxNode;
import unweave.kernels.Activation;
import unweave.kernels.Activation.Constants;

/** Functions of one tensor, value by value. */
final class ScalarNodes {
    /** Operators without constants. */
    private static final Map<String, Activation> PLAIN = new HashMap<>();

    static {
        PLAIN.put("Sigmoid", Activation.SIGMOID);
        PLAIN.put("Tanh", Activation.TANH);
        PLAIN.put("Exp", Activation.EXP);
        PLAIN.put("Log", Activation.LOG);
        PLAIN.put("Sqrt", Activation.SQRT);
        PLAIN.put("Abs", Activation.ABS);
        PLAIN.put("Erf", Activation.ERF);
        PLAIN.put("Softplus", Activation.SOFTPLUS);
        PLAIN.put("Softsign", Activation.SOFTSIGN);
        PLAIN.put("HardSwish", Activation.HARD_SWISH);
        PLAIN.put("Mish", Activation.MISH);
    }

    private ScalarNodes() {}

    static Value convert(Site site) {
        OnnxNode node = site.node();
        View view = site.view(0);
        Activation plain = PLAIN.get(node.op());
        if (plain != null) {
            return activation(site, view, plain);
        }
        return switch (node.op()) {
            case "Relu" -> relu(site, view);
            case "Clip" -> clip(site, view);
            case "Gelu" ->
                activation(
                        site,
                        view,
                        node.text("approximate", "none").equals("tanh") ? Activation.GELU_TANH : Activation.GELU);
            case "LeakyRelu" -> activation(site, view, Activation.LEAKY_RELU, node.number("alpha", 0.01), 0);
            case "Elu" -> activation(site, view, Activation.ELU, node.number("alpha", 1), 0);
            case "Celu" -> activation(site, view, Activation.CELU, node.number("alpha", 1), 0);
            case "ThresholdedRelu" -> activation(site, view, Activation.THRESHOLDED_RELU, node.number("alpha", 1), 0);
            case "Selu" ->
                activation(
                        site, view, Activation.SELU, node.number("alpha", 1.6732632f), node.number("gamma", 1.050701f));
            case "HardSigmoid" ->
                activation(site, view, Activation.HARD_SIGMOID, node.number("alpha", 0.2), node.number("beta", 0.5));
            default -> throw site.refusal("no such function is known");
        };
    }

    private static View clip(Site site, View view) {
        NdArray least = site.fixedOrNull(1);
        NdArray most = site.fixedOrNull(2);
        OnnxNode node = site.node();
        return clipped(
                site,
                view,
                least != null ? least.number(0) : node.number("min", -Float.MAX_VALUE),
                most != null ? most.number(0) : node.number("max", Float.MAX_VALUE));
    }

    /** max(x, low), then min(x, high). */
    static View clipped(Site site, View view, double low, double high) {
        double from = Math.max(low, -Float.MAX_VALUE);
        double to = Math.min(high, Float.MAX_VALUE);
        return from == 0 && to >= Float.MAX_VALUE
                ? relu(site, view)
                : activation(site, view, Activation.CLIP, Math.min(from, to), to);
    }

    /** x^p for every value. */
    static View power(Site site, View view, double exponent) {
        return exponent == 0.5
                ? activation(site, view, Activation.SQRT)
                : activation(site, view, Activation.POWER, exponent, 0);
    }

    /** A function without constants. */
    static View activation(Site site, View view, Activation function) {
        return emit(
                site,
                view,
                x -> function.value(function.usualConstants(), x),
                new Draft("activation", view.layer().shape(), view.layer()).set("function", name(function)));
    }

    private static View activation(Site site, View view, Activation function, double a, double b) {
        Constants constants = new Constants((float) a, (float) b);
        Draft draft = new Draft("activation", view.layer().shape(), view.layer()).set("function", name(function));
        List<String> names = function.constantNames();
        draft.set(names.get(0), constants.a());
        if (names.size() > 1) {
            draft.set(names.get(1), constants.b());
        }
        return emit(site, view, x -> function.value(constants, x), draft);
    }

    private static View relu(Site site, View view) {
        Draft draft = new Draft("relu", view.layer().shape(), view.layer());
        return emit(site, view, x -> Math.max(0, x), draft);
    }

    /** As layers call it, such as "hard-swish". */
    static String name(Activation function) {
        return function.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static View emit(Site site, View view, DoubleUnaryOperator function, Draft alone) {
        List<Pointwise> whole = view.layer().pointwise().stream()
                .map(before -> before.then(function))
                .toList();
        // The last of them is this function alone, which has its name already.
        Optional<Draft> known = Pointwise.known(site.sketch(), whole.subList(0, whole.size() - 1));
        return view.on(known.orElseGet(() -> Pointwise.noted(site.sketch().add(alone), whole)));
    }
}

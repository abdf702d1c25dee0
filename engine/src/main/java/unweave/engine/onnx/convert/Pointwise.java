package unweave.engine.onnx.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import unweave.kernels.Activation;

/**
 * A layer as a function of another one's values, each by itself. Exporters write GELU, SiLU, hard-swish and others in
 * pieces, and in several ways; whatever the pieces are, the function they make is recognised by its values.
 *
 * @param origin the layer whose values the function takes; of the same shape
 */
record Pointwise(Draft origin, DoubleUnaryOperator function) {
    /** Where functions are compared: dense near 0, where they bend, and far out. */
    private static final double[] POINTS = points();

    private static final double TOLERANCE = 2e-6;
    /** How many layers back a function is looked for. */
    static final int LONGEST_CHAIN = 12;

    private static double[] points() {
        List<Double> points = new ArrayList<>();
        for (int i = -160; i <= 160; i++) {
            points.add(i * 0.0625 + 0.00390625);
        }
        for (double far : new double[] {0, 15, 30, 100, 1000}) {
            points.add(far);
            points.add(-far);
        }
        return points.stream().mapToDouble(Double::doubleValue).toArray();
    }

    Pointwise then(DoubleUnaryOperator next) {
        return new Pointwise(origin, x -> next.applyAsDouble(function.applyAsDouble(x)));
    }

    boolean isIdentity() {
        return is(x -> x);
    }

    /**
     * The layer that the first of these functions is which is known by itself, or the origin of one that changes
     * nothing; noted with all of them.
     */
    static Optional<Draft> known(Sketch sketch, List<Pointwise> functions) {
        for (Pointwise function : functions) {
            if (function.isIdentity()) {
                return Optional.of(function.origin);
            }
            Optional<Draft> layer = function.layer();
            if (layer.isPresent()) {
                return Optional.of(noted(sketch.add(layer.get()), functions));
            }
        }
        return Optional.empty();
    }

    /** Notes what a layer computes from those before it. */
    static Draft noted(Draft draft, List<Pointwise> functions) {
        draft.pointwise(functions.stream().filter(f -> f.origin != draft).toList());
        return draft;
    }

    /** A layer of its own that computes this function, if there is one; not yet part of the network. */
    Optional<Draft> layer() {
        if (is(x -> Math.max(0, x))) {
            return Optional.of(new Draft("relu", origin.shape(), origin));
        }
        for (Activation function : FIXED) {
            if (is(x -> function.value(function.usualConstants(), x))) {
                return Optional.of(activation(ScalarNodes.name(function)));
            }
        }
        return clip().or(this::hardSigmoid).or(this::leakyRelu);
    }

    /** Functions without constants. */
    private static final List<Activation> FIXED = List.of(
            Activation.GELU,
            Activation.GELU_TANH,
            Activation.SILU,
            Activation.HARD_SWISH,
            Activation.MISH,
            Activation.SOFTPLUS,
            Activation.SIGMOID,
            Activation.TANH,
            Activation.SOFTSIGN,
            Activation.ABS);

    private Optional<Draft> clip() {
        double low = function.applyAsDouble(-1e6);
        double high = function.applyAsDouble(1e6);
        boolean clips = low < high && is(x -> Math.min(high, Math.max(low, x)));
        return clips
                ? Optional.of(activation("clip").set("low", (float) low).set("high", (float) high))
                : Optional.empty();
    }

    private Optional<Draft> hardSigmoid() {
        double offset = function.applyAsDouble(0);
        double slope = (function.applyAsDouble(1e-2) - function.applyAsDouble(-1e-2)) / 2e-2;
        boolean hard = slope > 0 && is(x -> Math.min(1, Math.max(0, slope * x + offset)));
        return hard
                ? Optional.of(activation("hard-sigmoid")
                        .set("constant", (float) slope)
                        .set("offset", (float) offset))
                : Optional.empty();
    }

    private Optional<Draft> leakyRelu() {
        double slope = -function.applyAsDouble(-1);
        boolean leaky = slope > 0 && slope < 1 && is(x -> x > 0 ? x : slope * x);
        return leaky ? Optional.of(activation("leaky-relu").set("constant", (float) slope)) : Optional.empty();
    }

    private Draft activation(String function) {
        return new Draft("activation", origin.shape(), origin).set("function", function);
    }

    private boolean is(DoubleUnaryOperator known) {
        for (double x : POINTS) {
            double expected = known.applyAsDouble(x);
            double difference = Math.abs(function.applyAsDouble(x) - expected);
            if (!(difference <= TOLERANCE * Math.max(1, Math.abs(expected)))) {
                return false;
            }
        }
        return true;
    }
}

package unweave.engine.onnx.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import unweave.engine.layer.LayerShape;
import unweave.engine.onnx.NdArray;
import unweave.kernels.Activation;

/** Sums, products and the like of two tensors, one of which may be a constant, with broadcasting. */
final class CombinationNodes {
    /** For minus infinity in masks before a softmax, which gives 0 for both: relevance stays finite. */
    private static final double LEAST = -1e30;

    private CombinationNodes() {}

    static Value convert(Site site) {
        Value result = site.input(0);
        if (site.count() == 1) {
            return site.view(0);
        }
        for (int i = 1; i < site.count(); i++) {
            result = combined(site, result, site.input(i));
        }
        if (site.node().op().equals("Mean")) {
            result = scaled(site, (View) result, Spread.of(1.0 / site.count()));
        }
        return result;
    }

    private static Value combined(Site site, Value a, Value b) {
        if (a instanceof View first && b instanceof View second) {
            return two(site, first, second);
        }
        if (a instanceof View first && b instanceof Value.Fixed second) {
            View ready = expanded(site, first, second.array().dims());
            return withConstant(site, ready, second.array(), false);
        }
        if (a instanceof Value.Fixed first && b instanceof View second) {
            View ready = expanded(site, second, first.array().dims());
            return withConstant(site, ready, first.array(), true);
        }
        throw site.refusal("joins constants in a sum with others; such a node cannot be computed");
    }

    static DoubleBinaryOperator operator(Site site) {
        return switch (site.node().op()) {
            case "Add", "Sum", "Mean" -> Double::sum;
            case "Sub" -> (a, b) -> a - b;
            case "Mul" -> (a, b) -> a * b;
            case "Div" -> (a, b) -> a / b;
            case "Max" -> Math::max;
            case "Min" -> Math::min;
            case "Pow" -> Math::pow;
            default -> throw site.refusal("no such combination is known");
        };
    }

    private static View withConstant(Site site, View view, NdArray constant, boolean constantFirst) {
        Spread spread = Spread.of(view, constant);
        if (spread.isNumber()) {
            double c = spread.number();
            DoubleBinaryOperator f = operator(site);
            List<Pointwise> whole = view.layer().pointwise().stream()
                    .map(before -> before.then(constantFirst ? x -> f.applyAsDouble(c, x) : x -> f.applyAsDouble(x, c)))
                    .toList();
            Optional<Draft> known = Pointwise.known(site.sketch(), whole);
            if (known.isPresent()) {
                return view.on(known.get());
            }
            View made = byConstant(site, view, spread, constantFirst);
            Pointwise.noted(made.layer(), whole);
            return made;
        }
        return byConstant(site, view, spread, constantFirst);
    }

    private static View byConstant(Site site, View view, Spread c, boolean constantFirst) {
        return switch (site.node().op()) {
            case "Add", "Sum", "Mean" -> shifted(site, view, c);
            case "Sub" ->
                constantFirst
                        ? shifted(site, scaled(site, view, Spread.of(-1)), c)
                        : shifted(site, view, c.map(v -> -v));
            case "Mul" -> scaled(site, view, c);
            case "Div" ->
                constantFirst
                        ? scaled(site, ScalarNodes.power(site, view, -1), c)
                        : scaled(site, view, c.map(v -> 1 / v));
            case "Pow" -> power(site, view, c, constantFirst);
            case "Max" ->
                c.isNumber()
                        ? ScalarNodes.clipped(site, view, c.number(), Double.POSITIVE_INFINITY)
                        : two(site, view, constant(site, view, c));
            default ->
                c.isNumber()
                        ? ScalarNodes.clipped(site, view, Double.NEGATIVE_INFINITY, c.number())
                        : two(site, view, constant(site, view, c));
        };
    }

    private static View power(Site site, View view, Spread c, boolean constantFirst) {
        if (!c.isNumber()) {
            throw site.refusal("an exponent or a base that differs between values");
        }
        return constantFirst
                ? ScalarNodes.activation(site, scaled(site, view, Spread.of(Math.log(c.number()))), Activation.EXP)
                : ScalarNodes.power(site, view, c.number());
    }

    static View scaled(Site site, View view, Spread factor) {
        return view.on(ChannelwiseMap.of(view.layer()).times(factor).layers(site.sketch()));
    }

    static View shifted(Site site, View view, Spread term) {
        Spread finite = term.map(value -> Math.max(value, LEAST));
        return view.on(ChannelwiseMap.of(view.layer()).plus(finite).layers(site.sketch()));
    }

    /** Constant values as a layer that has the axes of the view. */
    private static View constant(Site site, View like, Spread values) {
        return like.on(
                constant(site, like.layer().shape(), values.floats(like.layer().lengths())));
    }

    /** Constant values as a layer. */
    static Draft constant(Site site, LayerShape shape, float[] values) {
        int[] lengths = shape.flat()
                ? new int[] {shape.features()}
                : new int[] {shape.height(), shape.width(), shape.channels()};
        return site.sketch()
                .add(new Draft("constant", shape, site.sketch().input())
                        .set("shape", lengths)
                        .weight("value", values));
    }

    /** The view repeated along its axes of length 1 where the dims want more. */
    static View expanded(Site site, View view, int... dims) {
        View ready = ofRank(view, dims.length);
        for (int i = 1; i <= dims.length; i++) {
            int axis = ready.rank() - i;
            int wanted = dims[dims.length - i];
            if (wanted > 1 && ready.size(axis) == 1) {
                if (axis == ready.batch()) {
                    throw site.refusal("repeats the inputs of a batch");
                }
                ready = site.sketch().select(ready, axis, new int[wanted]);
            } else if (wanted != 1 && wanted != ready.size(axis)) {
                throw site.refusal("an axis of " + ready.size(axis) + " values where " + wanted + " are wanted");
            }
        }
        return ready;
    }

    private static View two(Site site, View a, View b) {
        List<Pointwise> whole = together(site, a, b);
        Optional<Draft> known = Pointwise.known(site.sketch(), whole);
        if (known.isPresent()) {
            return a.on(known.get());
        }
        if (!whole.isEmpty()) {
            View made = a.layer() == b.layer() && site.node().op().equals("Mul")
                    ? ScalarNodes.power(site, a, 2)
                    : layer(site, a, b);
            Pointwise.noted(made.layer(), whole);
            return made;
        }
        Optional<View> normalised = NormalizationPatterns.match(site, a, b);
        return normalised.orElseGet(() -> layer(site, a, b));
    }

    /** What an operation is of the layers that both operands come from value by value. */
    private static List<Pointwise> together(Site site, View a, View b) {
        List<Pointwise> whole = new ArrayList<>();
        if (a.axes().equals(b.axes())) {
            DoubleBinaryOperator f = operator(site);
            for (Pointwise first : a.layer().pointwise()) {
                for (Pointwise second : b.layer().pointwise()) {
                    if (first.origin() == second.origin()) {
                        whole.add(new Pointwise(
                                first.origin(),
                                x -> f.applyAsDouble(
                                        first.function().applyAsDouble(x),
                                        second.function().applyAsDouble(x))));
                    }
                }
            }
        }
        return whole;
    }

    private static View layer(Site site, View a, View b) {
        return joined(
                site,
                a,
                b,
                switch (site.node().op()) {
                    case "Add", "Sum", "Mean" -> "add";
                    case "Sub" -> "subtract";
                    case "Mul" -> "multiply";
                    case "Div" -> "divide";
                    case "Max" -> "maximum";
                    case "Min" -> "minimum";
                    default -> throw site.refusal("both operands depend on the input");
                });
    }

    /** The sizes of the axes of both operands together. */
    static int[] broadcast(Site site, View a, View b) {
        int[] dims = new int[a.rank()];
        for (int i = 0; i < dims.length; i++) {
            int one = a.size(i);
            int other = b.size(i);
            if (one != other && one != 1 && other != 1) {
                throw site.refusal("operands of " + a + " and " + b);
            }
            dims[i] = Math.max(one, other);
        }
        return dims;
    }

    /** With axes of length 1 in front. */
    static View ofRank(View view, int rank) {
        View longer = view;
        while (longer.rank() < rank) {
            longer = longer.inserted(0);
        }
        return longer;
    }

    /** a / b. */
    static View divided(Site site, View a, View b) {
        return joined(site, a, b, "divide");
    }

    /** a + b. */
    static View added(Site site, View a, View b) {
        return joined(site, a, b, "add");
    }

    private static View joined(Site site, View a, View b, String kind) {
        Alignment aligned = Alignment.of(site, a, b);
        Draft draft = new Draft(kind, aligned.shape(), aligned.first(), aligned.second());
        return new View(site.sketch().add(draft), aligned.axes(), aligned.batch());
    }
}

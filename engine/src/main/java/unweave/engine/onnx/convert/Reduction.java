package unweave.engine.onnx.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import unweave.engine.layer.LayerShape;
import unweave.engine.onnx.OnnxNode;
import unweave.kernels.Activation;

/** Means, sums, extremes and norms over axes. */
final class Reduction {
    private Reduction() {}

    static Value convert(Site site) {
        OnnxNode node = site.node();
        View view = site.view(0);
        int[] given = site.integers(1, "axes");
        boolean keep = node.integer("keepdims", 1) != 0;
        if ((given == null || given.length == 0) && node.integer("noop_with_empty_axes", 0) != 0) {
            return view;
        }
        List<Integer> axes = site.axes(view, given);
        site.requireNoBatch(view, axes);
        View reduced =
                switch (node.op()) {
                    case "ReduceMean" -> over(site, view, axes, "mean");
                    case "ReduceMax" -> over(site, view, axes, "max");
                    case "ReduceMin" -> over(site, view, axes, "min");
                    case "ReduceSum" -> over(site, view, axes, "sum");
                    case "ReduceL1" -> over(site, ScalarNodes.activation(site, view, Activation.ABS), axes, "sum");
                    case "ReduceSumSquare" -> over(site, ScalarNodes.power(site, view, 2), axes, "sum");
                    case "ReduceL2" ->
                        ScalarNodes.power(site, over(site, ScalarNodes.power(site, view, 2), axes, "sum"), 0.5);
                    case "ReduceLogSum" -> ScalarNodes.activation(site, over(site, view, axes, "sum"), Activation.LOG);
                    case "ReduceLogSumExp" ->
                        ScalarNodes.activation(
                                site,
                                over(site, ScalarNodes.activation(site, view, Activation.EXP), axes, "sum"),
                                Activation.LOG);
                    default -> throw site.refusal("no such reduction is known");
                };
        return keep ? reduced : without(reduced, axes);
    }

    private static View without(View view, List<Integer> axes) {
        View left = view;
        for (int i = axes.size() - 1; i >= 0; i--) {
            left = left.removed(axes.get(i));
        }
        return left;
    }

    /** GlobalAveragePool and GlobalMaxPool: over all axes behind the channels. */
    static Value global(Site site) {
        View view = site.view(0);
        List<Integer> axes = IntStream.range(2, view.rank()).boxed().toList();
        return over(site, view, axes, site.node().op().equals("GlobalMaxPool") ? "max" : "mean");
    }

    /** (sum |x|^p)^(1/p) over all axes behind the channels. */
    static Value globalLp(Site site) {
        View view = site.view(0);
        double p = site.node().integer("p", 2);
        List<Integer> axes = IntStream.range(2, view.rank()).boxed().toList();
        View absolute = p % 2 == 0 ? view : ScalarNodes.activation(site, view, Activation.ABS);
        View sum = over(site, p == 1 ? absolute : ScalarNodes.power(site, absolute, p), axes, "sum");
        return p == 1 ? sum : ScalarNodes.power(site, sum, 1 / p);
    }

    /** x divided by its norm along an axis. */
    static Value lpNormalization(Site site) {
        View view = site.view(0);
        List<Integer> axes = List.of(site.axis(site.node().integer("axis", -1), view.rank()));
        View norm = site.node().integer("p", 2) == 1
                ? over(site, ScalarNodes.activation(site, view, Activation.ABS), axes, "sum")
                : ScalarNodes.power(site, over(site, ScalarNodes.power(site, view, 2), axes, "sum"), 0.5);
        return CombinationNodes.divided(site, view, norm);
    }

    /** Each axis in parts that lie in one place; where one lies across a border, after moving the values. */
    static List<List<View.Part>> aligned(Site site, View view) {
        return view.parts()
                .orElseThrow(() -> site.refusal("reads " + view + ", whose axes lie across those of the layer before"));
    }

    /** The view with its axes reduced to length 1. */
    static View over(Site site, View view, List<Integer> axes, String operation) {
        List<Integer> reduced = new ArrayList<>(view.longAxes());
        reduced.retainAll(axes);
        if (reduced.isEmpty()) {
            return view;
        }
        View ready = site.sketch().image(view);
        boolean[] places = places(ready, reduced);
        if (places == null) {
            List<Integer> kept = new ArrayList<>(view.longAxes());
            kept.removeAll(reduced);
            int last = kept.size() - 1;
            ready = site.sketch()
                    .arranged(
                            ready,
                            List.of(
                                    reduced,
                                    kept.subList(0, Math.max(0, last)),
                                    kept.subList(Math.max(0, last), kept.size())));
            places = new boolean[] {true, false, false};
        }
        Draft source = ready.layer();
        Draft draft = site.sketch().add(layer(source, places, operation));
        List<List<View.Part>> parts = new ArrayList<>(aligned(site, ready));
        reduced.forEach(axis -> parts.set(axis, List.of()));
        return View.of(draft, parts, ready.batch());
    }

    /** Which of height, width and channels these axes make up; null if they share one with another axis. */
    static boolean[] places(View view, List<Integer> axes) {
        List<List<View.Part>> parts = view.parts().orElse(null);
        if (parts == null) {
            return null;
        }
        int[] covered = {1, 1, 1};
        for (int axis : axes) {
            for (View.Part part : parts.get(axis)) {
                covered[part.place()] *= part.size();
            }
        }
        boolean[] places = new boolean[3];
        int[] lengths = view.layer().lengths();
        for (int place = 0; place < 3; place++) {
            if (covered[place] != 1 && covered[place] != lengths[place]) {
                return null;
            }
            places[place] = covered[place] > 1;
        }
        return places;
    }

    private static Draft layer(Draft source, boolean[] places, String operation) {
        int[] lengths = source.lengths();
        int[] left = lengths.clone();
        List<String> names = new ArrayList<>();
        for (int place = 0; place < 3; place++) {
            if (places[place]) {
                left[place] = 1;
                names.add(Draft.PLACES.get(place));
            }
        }
        LayerShape shape = LayerShape.image(left[0], left[1], left[2]);
        boolean pooling = !places[Draft.CHANNELS] && (operation.equals("mean") || operation.equals("max"));
        if (!pooling) {
            return new Draft("reduce", shape, source)
                    .set("operation", operation)
                    .setTexts("axes", names);
        }
        String kind = operation.equals("mean") ? "avgpool" : "maxpool";
        if (left[0] == 1 && left[1] == 1) {
            return new Draft("global" + kind, shape, source);
        }
        int[] window = {lengths[0] / left[0], lengths[1] / left[1]};
        return new Draft(kind, shape, source).set("window", window).set("stride", window);
    }
}

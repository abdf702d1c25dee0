package unweave.engine.onnx.convert;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import unweave.engine.layer.Layer;
import unweave.engine.layer.LayerShape;
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.OnnxNode;

/** The layers made so far, needed or not, and the moves of values between them. */
final class Sketch {
    private final Draft input;
    private final List<Draft> drafts = new ArrayList<>();
    /** Layers without weights by all that they are: the same move is made once. */
    private final Map<String, Draft> known = new HashMap<>();

    private final Map<Draft, Integer> numbers = new HashMap<>();
    private OnnxNode node;

    Sketch(LayerShape inputShape) {
        input = new Draft("", inputShape);
        input.name(Layer.INPUT);
        numbers.put(input, 0);
    }

    Draft input() {
        return input;
    }

    List<Draft> drafts() {
        return drafts;
    }

    /** The node that the next layers are made for. */
    void node(OnnxNode now) {
        node = now;
    }

    /**
     * Adds a layer, or finds one that is already there and computes the same.
     *
     * @throws unweave.kernels.BadInputException if its output is too large for the memory
     */
    Draft add(Draft draft) {
        NdArray.size(draft.lengths());
        if (draft.weights().isEmpty()) {
            String key = draft.kind()
                    + draft.fields()
                    + draft.shape()
                    + draft.inputs().stream().map(numbers::get).toList();
            Draft same = known.putIfAbsent(key, draft);
            if (same != null) {
                return same;
            }
        }
        draft.node(node);
        numbers.put(draft, numbers.size());
        drafts.add(draft);
        return draft;
    }

    /**
     * The view with its values in another order, so that they make an image of given axes.
     *
     * @param places the axes that height, width and channels run over, each list in its order; the axes that are left
     *     out must have length 1
     */
    View arranged(View view, List<List<Integer>> places) {
        return arranged(view, places, false);
    }

    private View arranged(View view, List<List<Integer>> places, boolean flat) {
        List<Factor> order = new ArrayList<>();
        int[] lengths = new int[3];
        for (int place = 0; place < 3; place++) {
            lengths[place] = 1;
            for (int axis : places.get(place)) {
                order.addAll(view.axes().get(axis));
                lengths[place] *= view.size(axis);
            }
        }
        LayerShape to = flat
                ? LayerShape.vector(view.layer().shape().features())
                : LayerShape.image(lengths[0], lengths[1], lengths[2]);
        boolean inOrder = Factor.contiguous(order);
        if (inOrder && sameShape(view.layer().shape(), to)) {
            return view;
        }
        if (inOrder && flat) {
            return view.on(flattened(view.layer()));
        }
        List<Factor> memory = new ArrayList<>(order);
        memory.sort(Comparator.comparingInt(Factor::stride).reversed());
        Draft draft = new Draft("rearrange", to, view.layer())
                .set("split", memory.stream().mapToInt(Factor::size).toArray())
                .set("order", order.stream().mapToInt(memory::indexOf).toArray())
                .set("to", flat ? new int[] {to.features()} : lengths);
        if (order.isEmpty()) {
            draft.set("split", new int[] {1}).set("order", new int[] {0});
        }
        return new View(add(draft), inNewOrder(view, places), view.batch());
    }

    private static List<List<Factor>> inNewOrder(View view, List<List<Integer>> places) {
        List<List<Factor>> axes =
                new ArrayList<>(view.axes().stream().map(a -> List.<Factor>of()).toList());
        int stride = 1;
        for (int place = 2; place >= 0; place--) {
            List<Integer> of = places.get(place);
            for (int i = of.size() - 1; i >= 0; i--) {
                axes.set(of.get(i), List.of(new Factor(view.size(of.get(i)), stride)));
                stride *= view.size(of.get(i));
            }
        }
        return axes;
    }

    /** Whether {@link #arranged} would have nothing to do. */
    static boolean isArranged(View view, List<List<Integer>> places) {
        List<Factor> order = new ArrayList<>();
        int[] lengths = new int[3];
        for (int place = 0; place < 3; place++) {
            lengths[place] = 1;
            for (int axis : places.get(place)) {
                order.addAll(view.axes().get(axis));
                lengths[place] *= view.size(axis);
            }
        }
        return Factor.contiguous(order)
                && sameShape(view.layer().shape(), LayerShape.image(lengths[0], lengths[1], lengths[2]));
    }

    private static boolean sameShape(LayerShape a, LayerShape b) {
        return a.flat() == b.flat() && (a.flat() ? a.features() == b.features() : a.equals(b));
    }

    /** The values as a vector in the tensor's own order. */
    View vector(View view) {
        return arranged(view, List.of(List.of(), List.of(), allAxes(view)), true);
    }

    /** The values of a layer as a vector in the order in which they lie. */
    Draft flattened(Draft draft) {
        return draft.shape().flat()
                ? draft
                : add(new Draft("flatten", draft.shape().flattened(), draft));
    }

    /** The values of a vector as an image of one pixel; images stay as they are. */
    View image(View view) {
        return view.layer().shape().flat()
                ? view.on(add(new Draft(
                                "rearrange",
                                LayerShape.image(1, 1, view.layer().shape().features()),
                                view.layer())
                        .set("split", new int[] {view.layer().shape().features()})
                        .set("order", new int[] {0})
                        .set("to", new int[] {1, 1, view.layer().shape().features()})))
                : view;
    }

    /** Given axes as the channels, in this order, and all others as height and width in the order in memory. */
    View channelsLast(View view, List<Integer> channels) {
        List<Factor> order = new ArrayList<>();
        channels.forEach(axis -> order.addAll(view.axes().get(axis)));
        if (Factor.contiguous(order) && Factor.size(order) == view.layer().lengths()[Draft.CHANNELS]) {
            return view;
        }
        List<Integer> others = new ArrayList<>(view.longAxes());
        others.removeAll(channels);
        int first = others.size() - 1;
        return arranged(
                view,
                List.of(
                        others.subList(0, Math.max(0, first)),
                        others.subList(Math.max(0, first), others.size()),
                        channels));
    }

    /** One axis as the width, the axes before it as the height and those behind it as the channels. */
    View between(View view, int axis) {
        return arranged(
                view,
                List.of(
                        IntStream.range(0, axis).boxed().toList(),
                        List.of(axis),
                        IntStream.range(axis + 1, view.rank()).boxed().toList()));
    }

    /** The values in the tensor's own order, so that they can be reshaped in any way. */
    View reshaped(View view, int... dims) {
        return view.reshaped(dims).orElseGet(() -> {
            int last = view.rank() - 1;
            View inOrder =
                    last < 1 ? arranged(view, List.of(List.of(), List.of(), allAxes(view))) : between(view, last);
            return inOrder.reshaped(dims).orElseThrow();
        });
    }

    static List<Integer> allAxes(View view) {
        return IntStream.range(0, view.rank()).boxed().toList();
    }

    /** The positions {@code indices} of an axis, in this order; an index may occur several times or not at all. */
    View select(View view, int axis, int... indices) {
        if (IntStream.range(0, indices.length).allMatch(i -> indices[i] == i) && indices.length == view.size(axis)) {
            return view;
        }
        List<List<View.Part>> parts = view.parts().orElse(null);
        View ready = view;
        if (parts == null || parts.get(axis).size() > 1) {
            ready = between(image(view), axis);
            parts = ready.parts().orElseThrow();
        }
        View.Part part;
        int[] lengths = ready.layer().lengths();
        if (parts.get(axis).isEmpty()) {
            int place = ready.layer().shape().flat() ? -1 : unitPlace(lengths);
            if (place < 0) {
                return select(between(image(ready), axis), axis, indices);
            }
            part = new View.Part(place, 1, 1);
        } else {
            part = parts.get(axis).get(0);
        }
        int[] positions = Selection.positions(lengths[part.place()], part, indices);
        LayerShape shape = Selection.withLength(ready.layer().shape(), part.place(), positions.length);
        Draft draft = add(Selection.draft(ready.layer(), shape, part.place(), positions));
        return View.of(draft, Selection.parts(parts, axis, part, indices.length), ready.batch());
    }

    private static int unitPlace(int... lengths) {
        return lengths[Draft.WIDTH] == 1
                ? Draft.WIDTH
                : lengths[Draft.HEIGHT] == 1 ? Draft.HEIGHT : lengths[Draft.CHANNELS] == 1 ? Draft.CHANNELS : -1;
    }
}

package unweave.engine.onnx.convert;

import java.util.List;
import java.util.stream.IntStream;
import unweave.engine.file.ModelFileException;
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.OnnxGraph;
import unweave.engine.onnx.OnnxNode;

/** One node while it is converted: what its inputs have become, and the layers made so far. */
final class Site {
    /** Turns a node into layers; throws the node's refusal where it cannot. */
    interface Converter {
        Value convert(Site site);
    }

    private final OnnxGraph graph;
    private final OnnxNode node;
    private final List<Value> inputs;
    private final Sketch sketch;

    Site(OnnxGraph graph, OnnxNode node, List<Value> inputs, Sketch sketch) {
        this.graph = graph;
        this.node = node;
        this.inputs = inputs;
        this.sketch = sketch;
    }

    OnnxNode node() {
        return node;
    }

    Sketch sketch() {
        return sketch;
    }

    int count() {
        return inputs.size();
    }

    boolean reads(int i) {
        return node.reads(i);
    }

    /** What an input has become; null if it was left out. */
    Value input(int i) {
        return i < inputs.size() ? inputs.get(i) : null;
    }

    boolean isFixed(int i) {
        return input(i) instanceof Value.Fixed;
    }

    /** An input that depends on the network's input. */
    View view(int i) {
        if (input(i) instanceof View view) {
            return view;
        }
        throw refusal("input " + (i + 1) + " is a constant or missing; it must depend on the network's input");
    }

    /** An input that must be a constant. */
    NdArray fixed(int i) {
        if (input(i) instanceof Value.Fixed fixed) {
            return fixed.array();
        }
        throw refusal("input " + (i + 1) + " ("
                + (i < node.inputs().size() ? node.inputs().get(i) : "missing") + ") must be a constant");
    }

    /** An input that must be a constant if it is there; null if it is not. */
    NdArray fixedOrNull(int i) {
        return reads(i) ? fixed(i) : null;
    }

    /** Whole numbers that are an input in newer opsets and an attribute in older ones; null if neither is there. */
    int[] integers(int i, String attribute) {
        if (reads(i)) {
            return wholes(fixed(i));
        }
        return node.has(attribute) ? node.integers(attribute) : null;
    }

    static int[] wholes(NdArray array) {
        return IntStream.range(0, array.size())
                .map(i -> (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, array.integer(i))))
                .toArray();
    }

    /** The name of a tensor of weights without ".weight"; null if the file has none that says anything. */
    String module(int i) {
        String name = i < node.inputs().size() ? node.inputs().get(i) : "";
        boolean alias =
                graph.producer(name) != null && graph.producer(name).op().equals("Identity");
        return alias || graph.initializers().containsKey(name) ? name : null;
    }

    /** Axis numbers count from the end if they are negative. */
    int axis(long axis, int rank) {
        long found = axis < 0 ? axis + rank : axis;
        if (found < 0 || found >= rank) {
            throw refusal("axis " + axis + " of a tensor of " + rank + " axes");
        }
        return (int) found;
    }

    /** The axes without their signs; all axes of the view if there are none. */
    List<Integer> axes(View view, int... axes) {
        return axes == null || axes.length == 0
                ? Sketch.allAxes(view)
                : IntStream.of(axes)
                        .map(axis -> axis(axis, view.rank()))
                        .distinct()
                        .sorted()
                        .boxed()
                        .toList();
    }

    /** Refuses operations along the axis of the batch. */
    void requireNoBatch(View view, List<Integer> axes) {
        if (view.batch() >= 0 && axes.contains(view.batch())) {
            throw refusal("mixes the inputs of a batch (axis " + view.batch()
                    + "); a network must treat every input by itself");
        }
    }

    /** Refuses a node of which an output other than the first is read. */
    void requireFirstOutputOnly() {
        for (int i = 1; i < node.outputs().size(); i++) {
            String output = node.outputs().get(i);
            if (!output.isEmpty() && !graph.consumers(output).isEmpty()) {
                throw refusal("its output " + (i + 1) + " (" + output + ") is read; only the first can be computed");
            }
        }
    }

    ModelFileException refusal(String what) {
        return node.refusal(what);
    }
}

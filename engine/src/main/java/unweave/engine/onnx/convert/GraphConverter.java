package unweave.engine.onnx.convert;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import unweave.engine.file.ModelFileException;
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.OnnxGraph;
import unweave.engine.onnx.OnnxNode;
import unweave.engine.onnx.evaluate.Operations;
import unweave.kernels.BadInputException;

/** Goes through the nodes of a graph and notes what every tensor has become; obstacles are noted, too. */
final class GraphConverter {
    private final OnnxGraph graph;
    private final String input;
    private final Sketch sketch;
    private final Map<String, Value> values = new HashMap<>();
    private final Map<OnnxNode, String> obstacles = new HashMap<>();

    GraphConverter(OnnxGraph graph, String input, InputLayout layout) {
        this.graph = graph;
        this.input = input;
        sketch = new Sketch(layout.shape());
        values.put(input, layout.view(sketch.input()));
    }

    Sketch sketch() {
        return sketch;
    }

    /** Why a node became nothing by itself; null if it did not or waits for another one. */
    String obstacle(OnnxNode node) {
        return obstacles.get(node);
    }

    /** Converts all nodes of a set, in the graph's order. */
    void convert(Set<OnnxNode> nodes) {
        for (OnnxNode node : graph.nodes()) {
            if (nodes.contains(node)) {
                convert(node);
            }
        }
    }

    private void convert(OnnxNode node) {
        List<Value> inputs = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            inputs.add(node.reads(i) ? value(node.inputs().get(i)) : null);
        }
        List<Value> made;
        Value blocked = inputs.stream()
                .filter(Value.Refused.class::isInstance)
                .findFirst()
                .orElse(null);
        try {
            made = blocked != null ? List.of() : made(node, inputs);
        } catch (BadInputException e) {
            blocked = obstacle(node, e instanceof ModelFileException ? e.getMessage() : named(node, e.getMessage()));
            made = List.of();
        } catch (ArithmeticException
                | IndexOutOfBoundsException
                | NegativeArraySizeException
                | IllegalArgumentException
                | IllegalStateException e) {
            // A damaged file: what a node says and what it reads do not fit each other.
            blocked = obstacle(node, named(node, "its attributes do not fit its inputs (" + e.getMessage() + ")"));
            made = List.of();
        }
        for (int i = 0; i < node.outputs().size(); i++) {
            Value value = i < made.size()
                    ? made.get(i)
                    : blocked != null
                            ? blocked
                            : new Value.Refused(node.refusal("its output " + (i + 1) + " is read")
                                    .getMessage());
            values.putIfAbsent(node.outputs().get(i), value);
        }
    }

    private Value.Refused obstacle(OnnxNode node, String message) {
        obstacles.put(node, message);
        return new Value.Refused(message);
    }

    private static String named(OnnxNode node, String message) {
        return node.refusal(message).getMessage();
    }

    private List<Value> made(OnnxNode node, List<Value> inputs) {
        sketch.node(node);
        if (inputs.stream().allMatch(value -> value == null || value instanceof Value.Fixed)) {
            List<NdArray> arrays = new ArrayList<>();
            inputs.forEach(value -> arrays.add(value == null ? null : ((Value.Fixed) value).array()));
            return Operations.apply(node, arrays).stream()
                    .map(array -> (Value) new Value.Fixed(array))
                    .toList();
        }
        Site site = new Site(graph, node, inputs, sketch);
        return Operators.of(site).convert(site);
    }

    /** What a tensor has become. */
    Value value(String tensor) {
        Value known = values.get(tensor);
        if (known != null) {
            return known;
        }
        if (graph.initializers().containsKey(tensor)) {
            Value fixed = new Value.Fixed(graph.initializers().get(tensor).values());
            values.put(tensor, fixed);
            return fixed;
        }
        String reason = graph.producer(tensor) == null
                ? "tensor \"" + tensor + "\" is a second input beside \"" + input
                        + "\"; export the network with one input, or cut behind it with --input"
                : "tensor \"" + tensor + "\" does not depend on \"" + input + "\" alone; cut elsewhere with --input";
        return new Value.Refused(graph.refusal(reason).getMessage());
    }

    /** The nodes that a tensor needs, down to the network's input. */
    static Set<OnnxNode> needed(OnnxGraph graph, String input, String output) {
        Set<OnnxNode> needed = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(output));
        Set<String> seen = new HashSet<>(Set.of(input));
        while (!open.isEmpty()) {
            String tensor = open.pop();
            OnnxNode producer = graph.producer(tensor);
            if (seen.add(tensor) && producer != null && needed.add(producer)) {
                for (int i = 0; i < producer.inputs().size(); i++) {
                    if (producer.reads(i)) {
                        open.push(producer.inputs().get(i));
                    }
                }
            }
        }
        return needed;
    }
}

package unweave.engine.onnx.evaluate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.OnnxGraph;
import unweave.engine.onnx.OnnxNode;

/** Computes a graph in float64, node by node. */
public final class Evaluator {
    private final OnnxGraph graph;
    private final Map<String, NdArray> values;
    /** How many nodes have yet to read a tensor. */
    private final Map<String, Integer> readers = new HashMap<>();

    private Evaluator(OnnxGraph graph, Map<String, NdArray> inputs) {
        this.graph = graph;
        this.values = new HashMap<>(inputs);
    }

    /**
     * Computes some tensors of a graph, and of the other nodes only those that they need.
     *
     * @param inputs values of the graph's inputs, or of tensors between, whose own nodes are then left out; not
     *     modified
     * @param outputs the tensors to be computed
     * @return the values of the outputs, in their order
     * @throws unweave.engine.file.ModelFileException if a tensor needs an input that is not given, or a node cannot be
     *     computed
     */
    public static Map<String, NdArray> run(OnnxGraph graph, Map<String, NdArray> inputs, Collection<String> outputs) {
        return new Evaluator(graph, inputs).run(outputs);
    }

    private Map<String, NdArray> run(Collection<String> outputs) {
        List<OnnxNode> needed = needed(outputs);
        needed.forEach(node -> node.inputs().forEach(input -> readers.merge(input, 1, Integer::sum)));
        outputs.forEach(output -> readers.merge(output, 1, Integer::sum));
        for (OnnxNode node : needed) {
            List<NdArray> inputs = new ArrayList<>();
            node.inputs().forEach(input -> inputs.add(input.isEmpty() ? null : value(input)));
            List<NdArray> computed = Operations.apply(node, inputs);
            for (int i = 0; i < node.outputs().size(); i++) {
                String output = node.outputs().get(i);
                if (readers.containsKey(output) && !output.isEmpty()) {
                    if (i >= computed.size()) {
                        throw node.refusal("its output " + (i + 1) + " is not computed here");
                    }
                    values.putIfAbsent(output, computed.get(i));
                }
            }
            node.inputs().forEach(this::release);
        }
        Map<String, NdArray> results = new LinkedHashMap<>();
        outputs.forEach(output -> results.put(output, value(output)));
        return results;
    }

    /** The nodes that the outputs depend on, in the graph's order. */
    private List<OnnxNode> needed(Collection<String> outputs) {
        Set<String> tensors = new HashSet<>(outputs);
        List<OnnxNode> needed = new ArrayList<>();
        for (int i = graph.nodes().size() - 1; i >= 0; i--) {
            OnnxNode node = graph.nodes().get(i);
            if (node.outputs().stream().anyMatch(output -> tensors.contains(output) && !values.containsKey(output))) {
                needed.add(0, node);
                tensors.addAll(node.inputs());
            }
        }
        return needed;
    }

    private NdArray value(String tensor) {
        NdArray value = values.get(tensor);
        if (value == null) {
            if (!graph.initializers().containsKey(tensor)) {
                throw graph.refusal("no value is given for the input \"" + tensor + "\"");
            }
            value = graph.initializers().get(tensor).values();
            values.put(tensor, value);
        }
        return value;
    }

    /** Lets go of a tensor that nobody reads any more: the largest networks would not fit otherwise. */
    private void release(String tensor) {
        if (readers.merge(tensor, -1, Integer::sum) == 0) {
            values.remove(tensor);
        }
    }
}

package unweave.engine.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Orders the nodes of a graph so that each stands behind those whose outputs it reads; those of the file keep their
 * order where it is one. Checks on the way that every tensor that is read is there, and once.
 */
final class GraphOrder {
    private GraphOrder() {}

    static List<OnnxNode> sort(
            List<OnnxNode> nodes, Set<String> inputs, Set<String> initializers, Set<String> outputs) {
        Map<String, Integer> producers = producers(nodes, inputs, initializers);
        int[] waiting = new int[nodes.size()];
        List<List<Integer>> readers = new ArrayList<>();
        nodes.forEach(node -> readers.add(new ArrayList<>()));
        PriorityQueue<Integer> ready = new PriorityQueue<>();
        for (int i = 0; i < waiting.length; i++) {
            for (String read : new HashSet<>(nodes.get(i).inputs())) {
                Integer producer = producers.get(read);
                if (producer != null) {
                    readers.get(producer).add(i);
                    waiting[i]++;
                } else if (!read.isEmpty() && !inputs.contains(read) && !initializers.contains(read)) {
                    throw new Malformed(nodes.get(i) + " reads \"" + TensorReader.shortened(read)
                            + "\", which no node computes and which is neither an input nor a constant");
                }
            }
            if (waiting[i] == 0) {
                ready.add(i);
            }
        }
        for (String output : outputs) {
            if (!producers.containsKey(output) && !inputs.contains(output) && !initializers.contains(output)) {
                throw new Malformed("has an output \"" + TensorReader.shortened(output) + "\" that no node computes");
            }
        }
        List<OnnxNode> sorted = new ArrayList<>(nodes.size());
        while (!ready.isEmpty()) {
            int next = ready.poll();
            sorted.add(nodes.get(next));
            for (int reader : readers.get(next)) {
                if (--waiting[reader] == 0) {
                    ready.add(reader);
                }
            }
        }
        if (sorted.size() < nodes.size()) {
            throw new Malformed(
                    inCircle(nodes, producers, waiting) + " needs its own output: the graph runs in a circle");
        }
        return List.copyOf(sorted);
    }

    private static Map<String, Integer> producers(List<OnnxNode> nodes, Set<String> inputs, Set<String> initializers) {
        Map<String, Integer> producers = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            for (String output : nodes.get(i).outputs()) {
                if (output.isEmpty()) {
                    continue;
                }
                Integer other = producers.put(output, i);
                if (other != null || inputs.contains(output) || initializers.contains(output)) {
                    throw new Malformed(nodes.get(i) + " computes \"" + TensorReader.shortened(output) + "\", as does "
                            + (other != null ? nodes.get(other) : "the graph's input or constant of that name"));
                }
            }
        }
        return producers;
    }

    /** Nodes that wait wait for nodes that wait: going on from any of them leads into a circle. */
    private static OnnxNode inCircle(List<OnnxNode> nodes, Map<String, Integer> producers, int[] waiting) {
        int node = 0;
        while (waiting[node] == 0) {
            node++;
        }
        Set<Integer> seen = new HashSet<>();
        while (seen.add(node)) {
            for (String read : nodes.get(node).inputs()) {
                Integer producer = producers.get(read);
                if (producer != null && waiting[producer] > 0) {
                    node = producer;
                    break;
                }
            }
        }
        return nodes.get(node);
    }
}

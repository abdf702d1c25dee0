package unweave.engine.onnx.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import unweave.engine.onnx.OnnxGraph;
import unweave.engine.onnx.OnnxNode;
import unweave.engine.onnx.OnnxValue;
import unweave.kernels.BadInputException;

/** Finds tensors of a graph by the names that people give. */
final class Tensors {
    private static final int SHOWN = 8;

    private final OnnxGraph graph;

    Tensors(OnnxGraph graph) {
        this.graph = graph;
    }

    /** @param name null for the graph's only input */
    String input(String name) {
        return named(name, graph.inputs(), "input");
    }

    /** @param name null for the graph's only output */
    String output(String name) {
        return named(name, graph.outputs(), "output");
    }

    private String named(String name, List<OnnxValue> ends, String what) {
        if (name == null) {
            if (ends.size() == 1) {
                return ends.get(0).name();
            }
            for (OnnxNode node : graph.nodes()) {
                if (Operators.CONTROL_FLOW.contains(node.op())) {
                    throw node.refusal(Operators.NO_CONTROL_FLOW);
                }
            }
            throw graph.refusal("has " + ends.size() + " " + what + "s; choose one with --" + what + ": "
                    + ends.stream().map(OnnxValue::toString).collect(Collectors.joining(", ")));
        }
        List<String> all = all();
        if (!all.contains(name)) {
            String part = name.toLowerCase(Locale.ROOT);
            List<String> near = all.stream()
                    .filter(one ->
                            one.toLowerCase(Locale.ROOT).contains(part) || part.contains(one.toLowerCase(Locale.ROOT)))
                    .limit(SHOWN)
                    .toList();
            List<String> shown = near.isEmpty() ? all.stream().limit(SHOWN).toList() : near;
            throw new BadInputException("--" + what + " \"" + name + "\": no such tensor in the file; there are "
                    + String.join(", ", shown) + (shown.size() < all.size() ? ", ... (--inspect lists all)" : ""));
        }
        return name;
    }

    private List<String> all() {
        List<String> all = new ArrayList<>();
        graph.inputs().forEach(value -> all.add(value.name()));
        for (OnnxNode node : graph.nodes()) {
            node.outputs().stream().filter(one -> !one.isEmpty()).forEach(all::add);
        }
        return all;
    }
}

package unweave.engine.onnx.convert;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import unweave.engine.onnx.OnnxGraph;
import unweave.engine.onnx.OnnxNode;

/** What became of each node, for people. */
final class Inspection {
    /** The end of a long name says more than its beginning. */
    private static final int LONGEST_NAME = 48;

    private final OnnxGraph graph;
    private final Set<OnnxNode> needed;
    private final GraphConverter converter;
    private final List<Draft> layers;

    private Inspection(OnnxGraph graph, Set<OnnxNode> needed, GraphConverter converter, List<Draft> layers) {
        this.graph = graph;
        this.needed = needed;
        this.converter = converter;
        this.layers = layers;
    }

    /** One line for each node, then one that counts the obstacles if there are any. */
    static List<String> lines(OnnxGraph graph, Set<OnnxNode> needed, GraphConverter converter, List<Draft> layers) {
        Inspection inspection = new Inspection(graph, needed, converter, layers);
        List<String> lines = new ArrayList<>();
        Map<String, Integer> obstacles = new TreeMap<>();
        for (OnnxNode node : graph.nodes()) {
            lines.add(shown(node) + inspection.became(node));
            if (converter.obstacle(node) != null) {
                obstacles.merge(node.op(), 1, Integer::sum);
            }
        }
        if (!obstacles.isEmpty()) {
            int count = obstacles.values().stream().mapToInt(Integer::intValue).sum();
            lines.add("in the way: " + count + (count == 1 ? " node: " : " nodes: ")
                    + obstacles.entrySet().stream()
                            .map(entry -> entry.getValue() + " " + entry.getKey())
                            .collect(Collectors.joining(", ")));
        }
        return lines;
    }

    /** One line for each node of a graph whose input says too little to convert it, and why. */
    static List<String> unread(OnnxGraph graph, String reason) {
        List<String> lines = new ArrayList<>();
        for (OnnxNode node : graph.nodes()) {
            boolean control = Operators.CONTROL_FLOW.contains(node.op());
            lines.add(shown(node) + (control ? "IN THE WAY: " + Operators.NO_CONTROL_FLOW : "not looked at"));
        }
        lines.add("in the way: " + reason);
        return lines;
    }

    private static String shown(OnnxNode node) {
        String name = node.name();
        if (name.length() > LONGEST_NAME) {
            name = "..." + name.substring(name.length() - LONGEST_NAME);
        }
        return name + " (" + node.op() + "): ";
    }

    private String became(OnnxNode node) {
        if (!needed.contains(node)) {
            return "not needed";
        }
        String obstacle = converter.obstacle(node);
        if (obstacle != null) {
            String own = node + ": ";
            int at = obstacle.indexOf(own);
            return "IN THE WAY: " + (at < 0 ? obstacle : obstacle.substring(at + own.length()));
        }
        String made = made(node);
        if (!made.isEmpty()) {
            return made;
        }
        Value value = converter.value(node.outputs().get(0));
        if (value instanceof Value.Refused) {
            return "waits for a node in the way";
        }
        if (value instanceof Value.Fixed) {
            return "constant";
        }
        View view = (View) value;
        if (view.layer().node() == node) {
            return "part of " + whole(node);
        }
        String name = view.layer().name();
        return name == null ? "no layer" : "no layer of its own: " + view + " of " + name;
    }

    /** The layers that a node became by itself. */
    private String made(OnnxNode node) {
        return layers.stream()
                .filter(draft -> draft.node() == node)
                .map(draft -> draft.kind() + " " + draft.name())
                .collect(Collectors.joining(", "));
    }

    /** What the next node behind became that became layers. */
    private String whole(OnnxNode node) {
        Deque<OnnxNode> open = new ArrayDeque<>(List.of(node));
        Set<OnnxNode> seen = new HashSet<>();
        while (!open.isEmpty()) {
            OnnxNode next = open.poll();
            String made = made(next);
            if (!made.isEmpty()) {
                return made;
            }
            for (String output : next.outputs()) {
                graph.consumers(output).stream().filter(seen::add).forEach(open::add);
            }
        }
        return "what is cut away";
    }
}

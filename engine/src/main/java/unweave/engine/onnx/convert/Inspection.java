package unweave.engine.onnx.convert;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import unweave.engine.onnx.OnnxGraph;
import unweave.engine.onnx.OnnxNode;

/** What became of each node, for people. */
final class Inspection {
    private Inspection() {}

    static void lines(
            OnnxGraph graph, Set<OnnxNode> needed, GraphConverter converter, List<Draft> layers, List<String> lines) {
        for (OnnxNode node : graph.nodes()) {
            lines.add(node + ": " + became(node, needed, converter, layers));
        }
    }

    private static String became(OnnxNode node, Set<OnnxNode> needed, GraphConverter converter, List<Draft> layers) {
        if (!needed.contains(node)) {
            return "not needed";
        }
        String obstacle = converter.obstacle(node);
        if (obstacle != null) {
            String own = node + ": ";
            int at = obstacle.indexOf(own);
            return "IN THE WAY: " + (at < 0 ? obstacle : obstacle.substring(at + own.length()));
        }
        String made = layers.stream()
                .filter(draft -> draft.node() == node)
                .map(draft -> draft.kind() + " " + draft.name())
                .collect(Collectors.joining(", "));
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
        boolean own = view.layer().node() == node;
        if (own) {
            return "part of another layer";
        }
        return view.layer().name() == null
                ? "no layer"
                : "no layer of its own: " + view + " of " + view.layer().name();
    }
}

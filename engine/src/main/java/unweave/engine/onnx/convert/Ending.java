package unweave.engine.onnx.convert;

import java.util.List;
import java.util.Set;
import unweave.engine.onnx.OnnxGraph;
import unweave.engine.onnx.OnnxNode;

/**
 * Where the logits are: before a softmax or sigmoid at the end of a graph, which may be followed by nodes that only
 * give the values other axes.
 *
 * @param tensor that holds the logits
 * @param cutAway "softmax", "log-softmax", "sigmoid", or "" if nothing is behind the logits
 */
record Ending(String tensor, String cutAway) {
    private static final Set<String> VIEWS =
            Set.of("Identity", "Dropout", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Cast");

    static Ending of(OnnxGraph graph, String output, GraphConverter converted) {
        String tensor = output;
        OnnxNode node = graph.producer(tensor);
        while (node != null && VIEWS.contains(node.op()) && node.reads(0)) {
            tensor = node.inputs().get(0);
            node = graph.producer(tensor);
        }
        String cut = node == null ? "" : cut(node.op());
        if (cut.isEmpty() || !(converted.value(node.inputs().get(0)) instanceof View view)) {
            return new Ending(output, "");
        }
        if (!cut.equals("sigmoid")) {
            boolean older = node.opset() < 13;
            long axis = node.integer("axis", older ? 1 : -1);
            long first = axis < 0 ? axis + view.rank() : axis;
            List<Integer> axes = view.longAxes();
            boolean overAll = axes.stream().allMatch(a -> older ? a >= first : a == first);
            if (!overAll) {
                return new Ending(output, "");
            }
        }
        return new Ending(node.inputs().get(0), cut);
    }

    private static String cut(String op) {
        return switch (op) {
            case "Softmax" -> "softmax";
            case "LogSoftmax" -> "log-softmax";
            case "Sigmoid" -> "sigmoid";
            default -> "";
        };
    }
}

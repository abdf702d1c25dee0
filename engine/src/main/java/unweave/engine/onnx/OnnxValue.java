package unweave.engine.onnx;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a file declares of a tensor that flows through its graph.
 *
 * @param name the tensor's name
 * @param type the type of its numbers, {@link ElementType#UNDEFINED} where it is not said or it is no tensor
 * @param dims its axes, null where not even their number is said
 */
public record OnnxValue(String name, ElementType type, List<OnnxDimension> dims) {
    /** As it is shown to people: {@code input FLOAT [batch, 1, 40, 101]}. */
    @Override
    public String toString() {
        return name + " " + type
                + (dims == null
                        ? " of unknown dims"
                        : dims.stream().map(OnnxDimension::toString).collect(Collectors.joining(", ", " [", "]")));
    }
}

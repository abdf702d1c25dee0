package unweave.engine.onnx;

import java.util.Arrays;
import java.util.List;

/**
 * An attribute of a node. Which accessor holds a value depends on its kind, see {@link OnnxNode} for those that check.
 *
 * @param name its name
 * @param kind the kind of its value
 * @param value a Float, Long, String, {@link OnnxTensor}, float[], long[], or a list of Strings; for the other kinds
 *     null
 */
public record OnnxAttribute(String name, Kind kind, Object value) {
    /** The kinds of values, in the order of {@code AttributeProto.AttributeType}. */
    public enum Kind {
        /** Not said. */
        UNDEFINED,
        /** A real number. */
        FLOAT,
        /** A whole number. */
        INT,
        /** Text. */
        STRING,
        /** A tensor. */
        TENSOR,
        /** The body of If, Loop or Scan; not read. */
        GRAPH,
        /** Real numbers. */
        FLOATS,
        /** Whole numbers. */
        INTS,
        /** Texts. */
        STRINGS,
        /** Tensors; not read. */
        TENSORS,
        /** Graphs; not read. */
        GRAPHS,
        /** A sparse tensor; not read. */
        SPARSE_TENSOR,
        /** Sparse tensors; not read. */
        SPARSE_TENSORS,
        /** A type; not read. */
        TYPE_PROTO,
        /** Types; not read. */
        TYPE_PROTOS
    }

    @Override
    public String toString() {
        return name + "="
                + switch (kind) {
                    case INTS -> Arrays.toString((long[]) value);
                    case FLOATS -> Arrays.toString((float[]) value);
                    case STRINGS -> ((List<?>) value).toString();
                    default -> value == null ? kind.toString() : value.toString();
                };
    }
}

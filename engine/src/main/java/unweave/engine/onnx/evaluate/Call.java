package unweave.engine.onnx.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import unweave.engine.file.ModelFileException;
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.OnnxNode;

/**
 * A node with the values of its inputs.
 *
 * @param node the node
 * @param inputs its inputs, null for those that are left out
 */
record Call(OnnxNode node, List<NdArray> inputs) {
    int opset() {
        return node.opset();
    }

    NdArray input(int i) {
        NdArray input = optional(i);
        if (input == null) {
            throw node.refusal("its input " + (i + 1) + " is missing");
        }
        return input;
    }

    /** Null if the input is left out. */
    NdArray optional(int i) {
        return i < inputs.size() ? inputs.get(i) : null;
    }

    ModelFileException refusal(String what) {
        return node.refusal(what);
    }

    void require(boolean holds, String what) {
        if (!holds) {
            throw refusal(what);
        }
    }

    /** An axis from 0 on; a negative one counts from the end. */
    int axis(long axis, int rank) {
        if (axis < -rank || axis >= rank) {
            throw refusal("axis " + axis + " of an array of " + rank + " dims");
        }
        return (int) (axis < 0 ? axis + rank : axis);
    }

    int[] axes(int[] axes, int rank) {
        return Arrays.stream(axes).map(axis -> axis(axis, rank)).toArray();
    }

    /**
     * Whole numbers that were an attribute before an opset, and are an input since.
     *
     * @return null if they are not given
     */
    int[] settings(String attribute, int input, int since) {
        if (opset() < since) {
            return node.has(attribute) ? node.integers(attribute) : null;
        }
        return optional(input) == null ? null : ints(optional(input));
    }

    /** Whole numbers; those out of the range of 32 bits become the nearest. */
    static int[] ints(NdArray values) {
        return IntStream.range(0, values.size())
                .map(i -> (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, values.integer(i))))
                .toArray();
    }
}

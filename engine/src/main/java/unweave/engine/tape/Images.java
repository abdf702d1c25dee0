package unweave.engine.tape;

import java.util.Arrays;
import unweave.kernels.Backend;
import unweave.kernels.Broadcast;
import unweave.kernels.Combination;
import unweave.kernels.Floats;
import unweave.kernels.ImageShape;

/** Values of tensors taken as images N H W C, of which one with length 1 on an axis repeats along it. */
public final class Images {
    private Images() {}

    /** The shape of a tensor; vectors are images of one position. */
    public static ImageShape shape(Tensor tensor) {
        return tensor.rank() == 4
                ? new ImageShape(tensor.batch(), tensor.length(1), tensor.length(2), tensor.length(3))
                : new ImageShape(tensor.batch(), 1, 1, tensor.channels());
    }

    /** The shape of values laid out as a tensor, of whatever batch their number says. */
    public static ImageShape shape(Tensor tensor, Floats values) {
        return shape(tensor).withBatch(Math.toIntExact(values.size() / (tensor.size() / tensor.batch())));
    }

    /** f(a, b) in new memory; a and b are not modified. */
    public static Floats combined(
            Backend backend, Combination f, ImageShape shapeA, Floats a, ImageShape shapeB, Floats b) {
        Floats c = backend.floats(Broadcast.shape(shapeA, shapeB).size());
        backend.broadcasting().combine(f, shapeA, a, shapeB, b, c);
        return c;
    }

    /**
     * The sum of x over the axes along which an operand repeated, in new memory: what a gradient or relevance does on
     * its way back.
     *
     * @param x not modified
     * @param to the shape of the operand: on each axis as long as {@code from}, or 1
     */
    public static Floats summed(Backend backend, Floats x, ImageShape from, ImageShape to) {
        int[] lengths = {from.batch(), from.height(), from.width(), from.channels()};
        int[] kept = {to.batch(), to.height(), to.width(), to.channels()};
        Floats sums = x;
        int inner = 1;
        int axis = 3;
        while (axis >= 0) {
            int length = 1;
            for (; axis >= 0 && kept[axis] != lengths[axis]; axis--) {
                length *= lengths[axis];
            }
            if (length > 1) {
                Floats longer = sums;
                sums = backend.floats(longer.size() / length);
                backend.broadcasting().sumAxis(length, inner, longer, sums);
                if (longer != x) {
                    longer.close();
                }
            }
            for (; axis >= 0 && kept[axis] == lengths[axis]; axis--) {
                inner *= lengths[axis];
            }
        }
        return sums == x ? copy(backend, x) : sums;
    }

    /** Adds the sums of {@code values} over the axes along which a parameter repeats to its gradient. */
    static void addSums(
            Backend backend, Gradients gradients, Parameter parameter, Floats values, ImageShape from, ImageShape to) {
        try (Floats sums = summed(backend, values, from, to)) {
            gradients.addTo(parameter, target -> backend.copy(sums, 0, target, 0, sums.size()));
        }
    }

    /** Computes f of the two inputs of a node and records it. */
    static Tensor record(Tape tape, Node node, Combination f) {
        Tensor a = node.inputs().get(0);
        Tensor b = node.inputs().get(1);
        int[] shape = together(node.layer(), a, b);
        Floats y = tape.own(Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact));
        tape.backend().broadcasting().combine(f, shape(a), a.data(), shape(b), b.data(), y);
        return tape.record(node, new Tensor(shape, y, node.inputsNeedGradient()));
    }

    /** A copy in new memory. */
    static Floats copy(Backend backend, Floats x) {
        Floats copy = backend.floats(x.size());
        backend.copy(x, 0, copy, 0, x.size());
        return copy;
    }

    /** The shape of a tensor that several others become together. */
    static int[] together(String layer, Tensor... inputs) {
        ImageShape shape = shape(inputs[0]);
        for (Tensor input : inputs) {
            if (input.rank() != inputs[0].rank() || input.batch() != inputs[0].batch()) {
                throw new IllegalArgumentException("layer " + layer + " reads " + Arrays.toString(inputs)
                        + ": they must be as many, and all images or all vectors");
            }
            try {
                shape = Broadcast.shape(shape, shape(input));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "layer " + layer + " reads " + Arrays.toString(inputs) + ": " + e.getMessage(), e);
            }
        }
        return inputs[0].rank() == 4
                ? new int[] {shape.batch(), shape.height(), shape.width(), shape.channels()}
                : new int[] {shape.batch(), shape.channels()};
    }
}

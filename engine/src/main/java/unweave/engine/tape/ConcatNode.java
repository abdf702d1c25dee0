package unweave.engine.tape;

import java.util.Arrays;
import unweave.kernels.Backend;
import unweave.kernels.Floats;

/** Several tensors joined along one axis, in the order of the inputs. */
public final class ConcatNode extends Node {
    private final int axis;

    ConcatNode(String layer, int axis, Tensor... inputs) {
        super(layer, inputs);
        this.axis = axis;
    }

    static Tensor record(Tape tape, String layer, int axis, Tensor... inputs) {
        int[] shape = inputs[0].shape();
        shape[axis] = 0;
        int total = 0;
        boolean needsGradient = false;
        for (Tensor input : inputs) {
            int[] own = input.shape();
            if (own.length == shape.length) {
                shape[axis] += own[axis];
                own[axis] = shape[axis];
            }
            if (!Arrays.equals(own, shape)) {
                throw new IllegalArgumentException("layer " + layer + " joins " + Arrays.toString(inputs)
                        + " along axis " + axis + ": they must agree in all other axes");
            }
            total += run(input, axis);
            needsGradient |= input.needsGradient();
        }
        Floats y = tape.own(inputs[0].size() / run(inputs[0], axis) * total);
        int column = 0;
        for (Tensor input : inputs) {
            int columns = run(input, axis);
            tape.backend().elementwise().copyColumns(columns, input.data(), columns, 0, y, total, column);
            column += columns;
        }
        return tape.record(new ConcatNode(layer, axis, inputs), new Tensor(shape, y, needsGradient));
    }

    /** Values that follow each other in memory from one index of the axes before to the next. */
    static int run(Tensor tensor, int axis) {
        int run = 1;
        for (int i = axis; i < tensor.rank(); i++) {
            run *= tensor.length(i);
        }
        return run;
    }

    /**
     * The part of values laid out as the output that belongs to one input.
     *
     * @param values a multiple of the output's size, not modified
     * @return new memory
     */
    public Floats part(Backend backend, Floats values, int input) {
        int total = run(output(), axis);
        int columns = run(inputs().get(input), axis);
        int column = 0;
        for (int i = 0; i < input; i++) {
            column += run(inputs().get(i), axis);
        }
        Floats part = backend.floats(values.size() / total * columns);
        backend.elementwise().copyColumns(columns, values, total, column, part, columns, 0);
        return part;
    }

    @Override
    public boolean isNonNegative() {
        return inputsAreNonNegative();
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        for (int i = 0; i < inputs().size(); i++) {
            if (inputs().get(i).needsGradient()) {
                gradients.add(inputs().get(i), part(backend, dy, i));
            }
        }
        dy.close();
    }
}

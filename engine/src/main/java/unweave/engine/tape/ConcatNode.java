package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;

/** Several tensors joined along one axis, in the order of the inputs. */
public final class ConcatNode extends Node {
    private final int axis;

    ConcatNode(String layer, int axis, Tensor... inputs) {
        super(layer, inputs);
        this.axis = axis;
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

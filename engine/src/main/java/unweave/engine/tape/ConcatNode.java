package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;

/** The channels of several images side by side, in the order of the inputs. */
public final class ConcatNode extends Node {
    ConcatNode(String layer, Tensor... inputs) {
        super(layer, inputs);
    }

    /**
     * The part of values laid out as the output that belongs to one input.
     *
     * @param values a multiple of the output's size, not modified
     * @return new memory
     */
    public Floats part(Backend backend, Floats values, int input) {
        int total = output().channels();
        int channels = inputs().get(input).channels();
        int column = 0;
        for (int i = 0; i < input; i++) {
            column += inputs().get(i).channels();
        }
        Floats part = backend.floats(values.size() / total * channels);
        backend.elementwise().copyColumns(channels, values, total, column, part, channels, 0);
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

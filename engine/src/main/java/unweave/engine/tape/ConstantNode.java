package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;

/** The same values for every input, whatever it holds; what they read is asked for the size of the batch alone. */
public final class ConstantNode extends Node {
    private final Parameter value;

    ConstantNode(String layer, Tensor x, Parameter value) {
        super(layer, x);
        this.value = value;
    }

    /** What every input gives. */
    public Parameter value() {
        return value;
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        dy.close();
    }
}

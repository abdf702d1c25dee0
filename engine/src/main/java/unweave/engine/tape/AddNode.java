package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;

/** y = a + b, the end of a residual block. */
public final class AddNode extends Node {
    AddNode(String layer, Tensor a, Tensor b) {
        super(layer, a, b);
    }

    @Override
    public boolean isNonNegative() {
        return inputsAreNonNegative();
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        Floats second = backend.floats(dy.size());
        backend.copy(dy, 0, second, 0, dy.size());
        gradients.add(inputs().get(0), dy);
        gradients.add(inputs().get(1), second);
    }
}

package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;

/** The same values, in the same order, seen in another shape, such as an image as one vector in H W C order. */
public final class ReshapeNode extends Node {
    ReshapeNode(String layer, Tensor x) {
        super(layer, x);
    }

    @Override
    public boolean isNonNegative() {
        return inputsAreNonNegative();
    }

    @Override
    public boolean isGate() {
        return input().isGate();
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        gradients.add(input(), dy);
    }
}

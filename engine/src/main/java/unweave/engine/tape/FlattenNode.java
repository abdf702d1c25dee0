package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;

/** The same values seen as one vector per input, in H W C order. */
public final class FlattenNode extends Node {
    FlattenNode(String layer, Tensor x) {
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

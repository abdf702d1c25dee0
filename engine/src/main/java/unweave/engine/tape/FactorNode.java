package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;

/** y = factor * x, with a number that the network's description states. */
public final class FactorNode extends Node {
    private final float factor;

    FactorNode(String layer, Tensor x, float factor) {
        super(layer, x);
        this.factor = factor;
    }

    /** The number. */
    public float factor() {
        return factor;
    }

    @Override
    public boolean isNonNegative() {
        return factor >= 0 && inputsAreNonNegative();
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        backend.elementwise().scale(factor, dy, dy);
        gradients.add(input(), dy);
    }
}

package unweave.engine.tape;

import unweave.kernels.Activation;
import unweave.kernels.Backend;
import unweave.kernels.Floats;

/** y = f(x; a) for a nonlinearity other than ReLU. */
public final class ActivationNode extends Node {
    private final Activation function;
    private final float constant;

    ActivationNode(String layer, Tensor x, Activation function, float constant) {
        super(layer, x);
        this.function = function;
        this.constant = constant;
    }

    public Activation function() {
        return function;
    }

    @Override
    public boolean isNonNegative() {
        return function.isNonNegative();
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        backend.activations().activationBackward(function, constant, input().data(), dy, dy);
        gradients.add(input(), dy);
    }
}

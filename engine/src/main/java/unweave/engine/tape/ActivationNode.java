package unweave.engine.tape;

import unweave.kernels.Activation;
import unweave.kernels.Activation.Constants;
import unweave.kernels.Backend;
import unweave.kernels.Floats;

/** y = f(x; a, b) for a nonlinearity other than ReLU. */
public final class ActivationNode extends Node {
    private final Activation function;
    private final Constants constants;

    ActivationNode(String layer, Tensor x, Activation function, Constants constants) {
        super(layer, x);
        this.function = function;
        this.constants = constants;
    }

    public Activation function() {
        return function;
    }

    @Override
    public boolean isNonNegative() {
        return function.isNonNegative(constants);
    }

    /** Sigmoid, hard sigmoid, tanh, and what is cut off at 0 and 1. */
    @Override
    public boolean isGate() {
        return switch (function) {
            case SIGMOID, HARD_SIGMOID, TANH -> true;
            case CLIP -> constants.a() >= 0 && constants.b() <= 1;
            default -> false;
        };
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        backend.activations().activationBackward(function, constants, input().data(), dy, dy);
        gradients.add(input(), dy);
    }
}

package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Ints;

/** Inverted dropout with a mask that a seed defines. */
public final class DropoutNode extends Node {
    private final float probability;
    private final Ints seed;
    private final int stream;

    DropoutNode(String layer, Tensor x, float probability, Ints seed, int stream) {
        super(layer, x);
        this.probability = probability;
        this.seed = seed;
        this.stream = stream;
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
        backend.elementwise().dropout(probability, seed, stream, dy, dy);
        gradients.add(input(), dy);
    }
}

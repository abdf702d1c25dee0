package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;

/** The cross-entropy of a softmax, one loss per input; its backward pass starts from the gradient of the mean loss. */
public final class CrossEntropyNode extends Node {
    private final Floats logitGradient;

    CrossEntropyNode(String layer, Tensor logits, Floats logitGradient) {
        super(layer, logits);
        this.logitGradient = logitGradient;
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        dy.close();
        Floats copy = backend.floats(logitGradient.size());
        backend.copy(logitGradient, 0, copy, 0, copy.size());
        gradients.add(input(), copy);
    }

    @Override
    void free() {
        logitGradient.close();
    }
}

package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Ints;

/** The cross-entropy of a softmax, one loss per input; its backward pass starts from the gradient of the mean loss. */
public final class CrossEntropyNode extends Node {
    private final Floats logitGradient;

    CrossEntropyNode(String layer, Tensor logits, Floats logitGradient) {
        super(layer, logits);
        this.logitGradient = logitGradient;
    }

    /** @param factors of the gradient of every logit, N x classes; null for none */
    static Tensor record(Tape tape, String layer, Tensor logits, Ints labels, Floats factors) {
        Backend backend = tape.backend();
        Floats losses = tape.own(logits.batch());
        Floats gradient = backend.floats(logits.size());
        CrossEntropyNode node = new CrossEntropyNode(layer, logits, gradient);
        backend.training().softmaxCrossEntropy(logits.channels(), logits.data(), labels, losses, gradient);
        if (factors != null) {
            backend.elementwise().multiply(gradient, factors, gradient);
        }
        return tape.record(node, new Tensor(new int[] {logits.batch()}, losses, logits.needsGradient()));
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

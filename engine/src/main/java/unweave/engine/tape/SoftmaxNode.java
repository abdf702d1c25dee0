package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;

/** The softmax over the last axis: the channels of each position of an image, the features of a vector. */
public final class SoftmaxNode extends Node {
    private SoftmaxNode(String layer, Tensor x) {
        super(layer, x);
    }

    /** Computes it and adds it to {@code tape}. */
    static Tensor record(Tape tape, String layer, Tensor x) {
        Floats y = tape.own(x.size());
        tape.backend().attention().softmax(x.channels(), x.data(), y);
        return tape.record(new SoftmaxNode(layer, x), new Tensor(x.shape(), y, x.needsGradient()));
    }

    /**
     * The gradient of x.
     *
     * @param dy a multiple of the output's size, not modified
     * @return new memory, as large
     */
    public Floats towardsInput(Backend backend, Floats dy) {
        Floats dx = backend.floats(dy.size());
        backend.attention().softmaxBackward(output().channels(), output().data(), dy, dx);
        return dx;
    }

    @Override
    public boolean isNonNegative() {
        return true;
    }

    @Override
    public boolean isGate() {
        return true;
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        gradients.add(input(), towardsInput(backend, dy));
        dy.close();
    }
}

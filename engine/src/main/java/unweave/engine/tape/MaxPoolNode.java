package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.PoolShape;

/** The largest value of each window; the gradient goes to the first of the largest. */
public final class MaxPoolNode extends Node {
    private final PoolShape shape;
    private final Ints winners;

    MaxPoolNode(String layer, Tensor x, PoolShape shape, Ints winners) {
        super(layer, x);
        this.shape = shape;
        this.winners = winners;
    }

    public PoolShape shape() {
        return shape;
    }

    /** For each output the position iy * width + ix of its winner. */
    public Ints winners() {
        return winners;
    }

    @Override
    public boolean isNonNegative() {
        return inputsAreNonNegative();
    }

    /**
     * When the input is the output of a fused ReLU, its gradient is masked here already: a window's winner is positive
     * exactly if the output is, and there are several times fewer outputs than inputs.
     */
    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        boolean rectify = gradients.mayRectify(input());
        if (rectify) {
            backend.elementwise().reluBackward(output().data(), dy, dy);
        }
        Floats dx = backend.floats(shape.inputSize());
        backend.pooling().maxPoolBackward(shape, dy, winners, dx);
        dy.close();
        if (rectify) {
            gradients.addRectified(input(), dx);
        } else {
            gradients.add(input(), dx);
        }
    }

    @Override
    void free() {
        winners.close();
    }
}

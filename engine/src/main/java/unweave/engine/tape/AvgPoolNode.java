package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.PoolShape;

/** The mean of each window. */
public final class AvgPoolNode extends Node {
    private final PoolShape shape;

    AvgPoolNode(String layer, Tensor x, PoolShape shape) {
        super(layer, x);
        this.shape = shape;
    }

    public PoolShape shape() {
        return shape;
    }

    @Override
    public boolean isNonNegative() {
        return inputsAreNonNegative();
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        Floats dx = backend.floats(shape.inputSize());
        backend.pooling().avgPoolBackward(shape, dy, dx);
        dy.close();
        gradients.add(input(), dx);
    }
}

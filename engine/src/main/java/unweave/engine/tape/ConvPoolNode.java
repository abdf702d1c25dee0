package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.ConvShape;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.PoolShape;

/**
 * A convolution, a ReLU and max-pooling in one pass. Nobody sees the values between them, so no rule of relevance
 * propagation applies to it.
 */
public final class ConvPoolNode extends Node {
    private final ConvShape shape;
    private final Parameter weight;
    private final Parameter bias;
    private final PoolShape pool;
    private final Ints winners;

    /** @param winners null on a tape of plain predictions */
    ConvPoolNode(
            String layer, Tensor x, ConvShape shape, Parameter weight, Parameter bias, PoolShape pool, Ints winners) {
        super(layer, x);
        this.shape = shape;
        this.weight = weight;
        this.bias = bias;
        this.pool = pool;
        this.winners = winners;
    }

    /** The convolution. */
    public ConvShape shape() {
        return shape;
    }

    /** The pooling of its output. */
    public PoolShape pool() {
        return pool;
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        Floats dx = input().needsGradient() ? backend.floats(shape.inputSize()) : null;
        if (weight.trainable() && gradients.ofParameters()) {
            LinearNode.addWeightGradients(weight, bias, gradients, (dw, db) -> backward(backend, dy, dx, dw, db));
        } else if (dx != null) {
            backward(backend, dy, dx, null, null);
        }
        dy.close();
        if (dx != null) {
            gradients.add(input(), dx);
        }
    }

    private void backward(Backend backend, Floats dy, Floats dx, Floats dw, Floats dbias) {
        backend.fused()
                .convReluMaxPoolBackward(
                        shape, input().data(), weight.value(), pool, output().data(), dy, winners, dx, dw, dbias);
    }

    @Override
    void free() {
        if (winners != null) {
            winners.close();
        }
    }
}

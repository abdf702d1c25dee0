package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.PoolShape;

/** A convolution, a ReLU and max-pooling in one pass: only the pooled values are in memory. */
public final class ConvPoolNode extends Node {
    private final LinearNode linear;
    private final PoolShape pool;
    private final Ints winners;

    /** @param winners null on a tape of plain predictions */
    ConvPoolNode(String layer, LinearNode linear, PoolShape pool, Ints winners) {
        super(layer, linear.input());
        this.linear = linear;
        this.pool = pool;
        this.winners = winners;
    }

    static Tensor record(Tape tape, String layer, LinearNode linear, PoolShape pool) {
        Backend backend = tape.backend();
        Tensor x = linear.input();
        Parameter weight = linear.weight();
        Floats bias = linear.bias() == null ? null : linear.bias().value();
        Floats y = tape.own(pool.outputSize());
        Ints winners = tape.hasWayBack() ? backend.ints(pool.outputSize()) : null;
        backend.fused().convReluMaxPool(linear.shape(), x.data(), weight.value(), bias, pool, y, winners);
        return tape.record(
                new ConvPoolNode(layer, linear, pool, winners),
                new Tensor(Tape.pooled(pool), y, x.needsGradient() || weight.trainable()));
    }

    /** The convolution with its ReLU; its output is computed when somebody reads it. */
    public LinearNode linear() {
        return linear;
    }

    /** The pooling of its output. */
    public PoolShape pool() {
        return pool;
    }

    /** For each output the position iy * width + ix of its winner. */
    public Ints winners() {
        return winners;
    }

    /** As of the ReLU that is pooled. */
    @Override
    public boolean isNonNegative() {
        return true;
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        Parameter weight = linear.weight();
        Floats dx = input().needsGradient() ? backend.floats(linear.shape().inputSize()) : null;
        if (weight.trainable() && gradients.ofParameters()) {
            LinearNode.addWeightGradients(
                    weight, linear.bias(), gradients, (dw, db) -> backward(backend, dy, dx, dw, db));
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
                        linear.shape(),
                        input().data(),
                        linear.weight().value(),
                        pool,
                        output().data(),
                        dy,
                        winners,
                        dx,
                        dw,
                        dbias);
    }

    @Override
    void free() {
        if (winners != null) {
            winners.close();
        }
    }
}

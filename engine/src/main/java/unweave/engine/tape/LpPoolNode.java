package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.PoolShape;

/** The p-norm of each window, padding counted as zeros; where it is 0 it passes no gradient. */
public final class LpPoolNode extends Node {
    private final PoolShape shape;
    private final float p;

    LpPoolNode(String layer, Tensor x, PoolShape shape, float p) {
        super(layer, x);
        this.shape = shape;
        this.p = p;
    }

    /**
     * Computes and records the p-norm of each window of an image N H W C.
     *
     * @param p at least 1
     */
    public static Tensor record(Tape tape, String layer, Tensor x, PoolShape shape, float p) {
        Floats y = tape.own(shape.outputSize());
        tape.backend().pooling().lpPoolForward(shape, p, x.data(), y);
        int[] pooled = {shape.batch(), shape.outHeight(), shape.outWidth(), shape.channels()};
        return tape.record(new LpPoolNode(layer, x, shape, p), new Tensor(pooled, y, x.needsGradient()));
    }

    public PoolShape shape() {
        return shape;
    }

    /** The exponent of the norm. */
    public float p() {
        return p;
    }

    @Override
    public boolean isNonNegative() {
        return true;
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        Floats dx = backend.floats(shape.inputSize());
        backend.pooling().lpPoolBackward(shape, p, input().data(), output().data(), dy, dx);
        dy.close();
        gradients.add(input(), dx);
    }
}

package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Combination;
import unweave.kernels.Floats;
import unweave.kernels.ImageShape;

/** y = a / b. A tensor of length 1 on an axis repeats along it. */
public final class DivideNode extends Node {
    private DivideNode(String layer, Tensor a, Tensor b) {
        super(layer, a, b);
    }

    /** Computes and records a / b. */
    public static Tensor record(Tape tape, String layer, Tensor a, Tensor b) {
        return Images.record(tape, new DivideNode(layer, a, b), Combination.DIVIDE);
    }

    @Override
    public boolean isNonNegative() {
        return inputsAreNonNegative();
    }

    /** da = dy / b, db = -dy y / b. */
    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        Tensor a = inputs().get(0);
        Tensor b = inputs().get(1);
        ImageShape shape = Images.shape(output());
        backend.broadcasting().combine(Combination.DIVIDE, shape, dy, Images.shape(b), b.data(), dy);
        if (a.needsGradient()) {
            gradients.add(a, Images.summed(backend, dy, shape, Images.shape(a)));
        }
        if (b.needsGradient()) {
            backend.elementwise().multiply(dy, output().data(), dy);
            Floats db = Images.summed(backend, dy, shape, Images.shape(b));
            backend.elementwise().scale(-1f, db, db);
            gradients.add(b, db);
        }
        dy.close();
    }
}

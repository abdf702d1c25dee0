package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;

/** y = max(0, x). */
public final class ReluNode extends Node {
    ReluNode(String layer, Tensor x) {
        super(layer, x);
    }

    @Override
    public boolean isNonNegative() {
        return true;
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        gradients.throughRelu().apply(backend, input().data(), output().data(), dy);
        gradients.add(input(), dy);
    }
}

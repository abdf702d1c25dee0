package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;

/** Layer normalisation over the last axis: the channels of each position of an image, the features of a vector. */
public final class LayerNormNode extends Node {
    private final Parameter gamma;
    private final Parameter beta;
    private final Floats mean;
    private final Floats inverseStd;

    /** @param mean one value for each row, as {@code inverseStd}; both pass into the ownership of this node */
    LayerNormNode(String layer, Tensor x, Parameter gamma, Parameter beta, Floats mean, Floats inverseStd) {
        super(layer, x);
        this.gamma = gamma;
        this.beta = beta;
        this.mean = mean;
        this.inverseStd = inverseStd;
    }

    public Parameter gamma() {
        return gamma;
    }

    public Parameter beta() {
        return beta;
    }

    /** 1 / standard deviation of each row of the input. */
    public Floats inverseStd() {
        return inverseStd;
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        Floats dx = backend.floats(dy.size());
        gradients.addTo(
                gamma,
                dg -> gradients.addTo(beta, db -> backend.normalization()
                        .layerNormBackward(
                                output().channels(), input().data(), gamma.value(), mean, inverseStd, dy, dx, dg, db)));
        dy.close();
        gradients.add(input(), dx);
    }

    @Override
    void free() {
        mean.close();
        inverseStd.close();
    }
}

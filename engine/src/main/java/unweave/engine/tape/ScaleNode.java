package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Combination;
import unweave.kernels.Floats;
import unweave.kernels.ImageShape;

/** y = x w + b, value by value, with parameters that repeat along axes on which they have length 1. */
public final class ScaleNode extends Node {
    private final ImageShape shape;
    private final Parameter weight;
    private final Parameter bias;

    private ScaleNode(String layer, Tensor x, ImageShape shape, Parameter weight, Parameter bias) {
        super(layer, x);
        this.shape = shape;
        this.weight = weight;
        this.bias = bias;
    }

    /**
     * Computes and records x w + b.
     *
     * @param shape of the parameters, with batch 1 and on each axis the length of x or 1
     * @param weight null for 1
     * @param bias null for 0
     */
    public static Tensor record(Tape tape, String layer, Tensor x, ImageShape shape, Parameter weight, Parameter bias) {
        Floats y = tape.own(x.size());
        Floats product = x.data();
        if (weight != null) {
            tape.backend()
                    .broadcasting()
                    .combine(Combination.MULTIPLY, Images.shape(x), product, shape, weight.value(), y);
            product = y;
        }
        if (bias != null) {
            tape.backend().broadcasting().combine(Combination.ADD, Images.shape(x), product, shape, bias.value(), y);
        }
        return tape.record(new ScaleNode(layer, x, shape, weight, bias), new Tensor(x.shape(), y, true));
    }

    /** The shape of the parameters, with batch 1. */
    public ImageShape shape() {
        return shape;
    }

    /** w, or null. */
    public Parameter weight() {
        return weight;
    }

    /** b, or null. */
    public Parameter bias() {
        return bias;
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        ImageShape full = Images.shape(output());
        if (weight != null && weight.trainable() && gradients.ofParameters()) {
            try (Floats product = Images.combined(backend, Combination.MULTIPLY, full, dy, full, input().data())) {
                Images.addSums(backend, gradients, weight, product, full, shape);
            }
        }
        if (bias != null && bias.trainable() && gradients.ofParameters()) {
            Images.addSums(backend, gradients, bias, dy, full, shape);
        }
        if (weight != null) {
            backend.broadcasting().combine(Combination.MULTIPLY, full, dy, shape, weight.value(), dy);
        }
        gradients.add(input(), dy);
    }
}

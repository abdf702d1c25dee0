package unweave.engine.tape;

import java.util.function.BiConsumer;
import unweave.kernels.Backend;
import unweave.kernels.ConvShape;
import unweave.kernels.Floats;

/**
 * y = f(x * w + b): a convolution, or a dense layer, which is the 1 x 1 convolution of a 1 x 1 image; f is a fused ReLU
 * or the identity (thesis Eq. 2.9, which writes b as the weight of an input that is 1).
 */
public final class LinearNode extends Node {
    private final ConvShape shape;
    private final Parameter weight;
    private final Parameter bias;
    private final boolean relu;
    private final boolean dense;

    LinearNode(String layer, Tensor x, ConvShape shape, boolean dense, Parameter weight, Parameter bias, boolean relu) {
        super(layer, x);
        this.shape = shape;
        this.dense = dense;
        this.weight = weight;
        this.bias = bias;
        this.relu = relu;
    }

    public ConvShape shape() {
        return shape;
    }

    public Parameter weight() {
        return weight;
    }

    /** The bias, or null. */
    public Parameter bias() {
        return bias;
    }

    /** Whether the output went through a ReLU, so that it is max(0, z) of the pre-activation z. */
    public boolean relu() {
        return relu;
    }

    /** Whether the layer is a dense one. */
    public boolean dense() {
        return dense;
    }

    @Override
    public boolean isNonNegative() {
        return relu;
    }

    @Override
    boolean endsInRelu() {
        return relu;
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        if (relu && !gradients.isRectified(output())) {
            backend.elementwise().reluBackward(output().data(), dy, dy);
        }
        if (weight.trainable() && gradients.ofParameters()) {
            addWeightGradients(weight, bias, gradients, (dw, db) -> backend.convolutions()
                    .convBackwardWeights(shape, input().data(), dy, dw, db));
        }
        if (input().needsGradient()) {
            Floats dx = backend.floats(shape.inputSize());
            backend.convolutions().convBackwardInput(shape, dy, weight.value(), dx);
            gradients.add(input(), dx);
        }
        dy.close();
    }

    /**
     * Adds what {@code compute} writes to the gradients of weights and bias; the latter is null where there is no bias.
     */
    static void addWeightGradients(
            Parameter weight, Parameter bias, Gradients gradients, BiConsumer<Floats, Floats> compute) {
        if (bias == null) {
            gradients.addTo(weight, dw -> compute.accept(dw, null));
        } else {
            gradients.addTo(weight, dw -> gradients.addTo(bias, db -> compute.accept(dw, db)));
        }
    }
}

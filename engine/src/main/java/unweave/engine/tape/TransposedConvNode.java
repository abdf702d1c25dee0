package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.ConvShape;
import unweave.kernels.Floats;

/**
 * A transposed convolution, which enlarges images: the input gradient of the convolution {@link #shape} that reads this
 * node's output and gives its input (Zeiler et al. 2010; PyTorch's ConvTranspose2d), plus a bias.
 */
public final class TransposedConvNode extends Node {
    private final ConvShape shape;
    private final Parameter weight;
    private final Parameter bias;

    TransposedConvNode(String layer, Tensor x, ConvShape shape, Parameter weight, Parameter bias) {
        super(layer, x);
        this.shape = shape;
        this.weight = weight;
        this.bias = bias;
    }

    static Tensor record(Tape tape, String layer, Tensor x, ConvShape shape, Parameter weight, Parameter bias) {
        Backend backend = tape.backend();
        Floats y = tape.own(shape.inputSize());
        backend.convolutions().convBackwardInput(shape, x.data(), weight.value(), y);
        if (bias != null) {
            backend.elementwise().add(y, bias.value(), y);
        }
        int[] output = {shape.batch(), shape.inHeight(), shape.inWidth(), shape.inChannels()};
        return tape.record(
                new TransposedConvNode(layer, x, shape, weight, bias),
                new Tensor(output, y, x.needsGradient() || weight.trainable()));
    }

    /** The convolution that this one transposes: its output is our input. */
    public ConvShape shape() {
        return shape;
    }

    /** kernelHeight x kernelWidth x filters x input channels. */
    public Parameter weight() {
        return weight;
    }

    /** The bias, or null. */
    public Parameter bias() {
        return bias;
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        if (weight.trainable() && gradients.ofParameters()) {
            gradients.addTo(
                    weight, dw -> backend.convolutions().convBackwardWeights(shape, dy, input().data(), dw, null));
            if (bias != null) {
                gradients.addTo(bias, db -> biasGradient(backend, dy, db));
            }
        }
        if (input().needsGradient()) {
            Floats dx = backend.floats(shape.outputSize());
            backend.convolutions().convForward(shape, dy, weight.value(), null, false, dx);
            gradients.add(input(), dx);
        }
        dy.close();
    }

    /** db[c] = sum over rows: dy[row, c], as the product of a row of ones and dy. */
    private void biasGradient(Backend backend, Floats dy, Floats db) {
        int channels = output().channels();
        int rows = Math.toIntExact(dy.size() / channels);
        try (Floats ones = backend.floats(rows)) {
            backend.fill(ones, 1f);
            backend.convolutions().gemm(false, false, 1, channels, rows, ones, dy, db);
        }
    }
}

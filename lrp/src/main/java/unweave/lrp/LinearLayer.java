package unweave.lrp;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.LinearNode;
import unweave.engine.tape.Parameter;
import unweave.kernels.Backend;
import unweave.kernels.ConvShape;
import unweave.kernels.Floats;
import unweave.kernels.WeightTransform;

/** A convolution or dense layer: the weights and biases are transformed once and kept. */
record LinearLayer(LinearNode node, TransformedWeights transformed) implements AffineLayer {
    @Override
    public Optional<LayerKind> kind() {
        return Optional.of(node.dense() ? LayerKind.DENSE : LayerKind.CONVOLUTION);
    }

    @Override
    public boolean isCutByRelu() {
        return node.relu();
    }

    @Override
    public boolean hasBias() {
        return node.bias() != null;
    }

    @Override
    public Floats forward(List<Floats> x, WeightTransform weights, float g, Optional<WeightTransform> bias) {
        ConvShape shape = ofInputs(x.get(0));
        Floats z = transformed.backend().floats(shape.outputSize());
        transformed
                .backend()
                .convolutions()
                .convForward(shape, x.get(0), weight(weights, g), biasOrNull(bias, g), false, z);
        return z;
    }

    @Override
    public boolean divideFused(
            List<Floats> x,
            WeightTransform weights,
            float g,
            Optional<WeightTransform> bias,
            float eps,
            Floats relevance,
            Floats q) {
        transformed
                .backend()
                .fused()
                .convDivide(ofInputs(x.get(0)), x.get(0), weight(weights, g), biasOrNull(bias, g), eps, relevance, q);
        return true;
    }

    /** The transformed weights. */
    Floats weight(WeightTransform weights, float g) {
        return transformed.of(node.weight(), weights, g);
    }

    /** The transformed bias; null if there is none, or if it is left out. */
    Floats biasOrNull(Optional<WeightTransform> bias, float g) {
        return hasBias() && bias.isPresent() ? transformed.of(node.bias(), bias.get(), g) : null;
    }

    @Override
    public Floats bias(WeightTransform bias, float g) {
        return transformed.copyOf(node.bias(), bias, g);
    }

    @Override
    public Floats transposed(int input, Floats q, WeightTransform weights, float g) {
        ConvShape shape = ofOutputs(q);
        Floats dx = transformed.backend().floats(shape.inputSize());
        if (sumsOutputs(weights)) {
            transposedOnes(shape, q, dx);
        } else {
            transformed.backend().convolutions().convBackwardInput(shape, q, weight(weights, g), dx);
        }
        return dx;
    }

    @Override
    public boolean shareFused(
            int input, Floats q, WeightTransform weights, float g, float factor, Floats x, boolean add, Floats total) {
        if (sumsOutputs(weights)) {
            return false;
        }
        transformed
                .backend()
                .fused()
                .convBackwardInputProduct(ofOutputs(q), q, weight(weights, g), factor, x, add, total);
        return true;
    }

    /** The geometry for the batch of {@code x}. */
    private ConvShape ofInputs(Floats x) {
        return node.shape().withBatch(AffineLayer.batch(x, node.input()));
    }

    /** The geometry for the batch of {@code q}. */
    private ConvShape ofOutputs(Floats q) {
        return node.shape().withBatch(AffineLayer.batch(q, node.output()));
    }

    /** Whether the weights are all 1, so that {@link #transposed} sums the outputs first. */
    boolean sumsOutputs(WeightTransform weights) {
        return weights == WeightTransform.ONE && node.shape().groups() == 1;
    }

    /**
     * Weights that are all 1 do not tell output channels apart: their sum is carried back, through a convolution with
     * one output channel.
     */
    private void transposedOnes(ConvShape s, Floats q, Floats dx) {
        Backend backend = transformed.backend();
        ConvShape single = new ConvShape(
                s.batch(),
                s.inHeight(),
                s.inWidth(),
                s.inChannels(),
                1,
                s.kernelHeight(),
                s.kernelWidth(),
                s.strideY(),
                s.strideX(),
                s.padY(),
                s.padX(),
                s.padBottom(),
                s.padRight(),
                s.dilationY(),
                s.dilationX(),
                1);
        try (Floats sums = backend.floats(single.outputSize());
                Floats ones = backend.floats(single.weightSize())) {
            backend.elementwise().sumRows(s.outChannels(), q, sums);
            backend.fill(ones, 1f);
            backend.convolutions().convBackwardInput(single, sums, ones, dx);
        }
    }

    private record Identity(Parameter weight, Parameter bias, ConvShape shape) {}

    @Override
    public Optional<Record> identity() {
        return Optional.of(new Identity(node.weight(), node.bias(), node.shape().withBatch(1)));
    }
}

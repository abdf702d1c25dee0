package unweave.lrp;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.TransposedConvNode;
import unweave.kernels.Backend;
import unweave.kernels.ConvShape;
import unweave.kernels.Floats;
import unweave.kernels.WeightTransform;

/** A transposed convolution: forwards the input gradient of a convolution, transposed that convolution. */
record TransposedConvLayer(TransposedConvNode node, TransformedWeights transformed) implements AffineLayer {
    @Override
    public Optional<LayerKind> kind() {
        return Optional.of(LayerKind.CONVOLUTION);
    }

    @Override
    public boolean hasBias() {
        return node.bias() != null;
    }

    @Override
    public Floats forward(List<Floats> x, WeightTransform weights, float g, Optional<WeightTransform> bias) {
        Backend backend = transformed.backend();
        ConvShape batched = node.shape().withBatch(AffineLayer.batch(x.get(0), node.input()));
        Floats z = backend.floats(batched.inputSize());
        backend.convolutions().convBackwardInput(batched, x.get(0), transformed.of(node.weight(), weights, g), z);
        if (hasBias() && bias.isPresent()) {
            backend.elementwise().addScaled(1f, transformed.of(node.bias(), bias.get(), g), z);
        }
        return z;
    }

    @Override
    public Floats bias(WeightTransform bias, float g) {
        return transformed.copyOf(node.bias(), bias, g);
    }

    @Override
    public Floats transposed(int input, Floats q, WeightTransform weights, float g) {
        ConvShape batched = node.shape().withBatch(AffineLayer.batch(q, node.output()));
        Floats dx = transformed.backend().floats(batched.outputSize());
        transformed
                .backend()
                .convolutions()
                .convForward(batched, q, transformed.of(node.weight(), weights, g), null, false, dx);
        return dx;
    }
}

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
        ConvShape shape = node.shape();
        ConvShape batched = shape.withBatch(Math.toIntExact(x.get(0).size() / (shape.outputSize() / shape.batch())));
        Floats z = backend.floats(batched.inputSize());
        backend.convolutions().convBackwardInput(batched, x.get(0), transformed.of(node.weight(), weights, g), z);
        if (hasBias() && bias.isPresent()) {
            backend.elementwise().addScaled(1f, transformed.of(node.bias(), bias.get(), g), z);
        }
        return z;
    }

    @Override
    public Floats bias(WeightTransform bias, float g) {
        Backend backend = transformed.backend();
        Floats values = transformed.of(node.bias(), bias, g);
        Floats copy = backend.floats(values.size());
        backend.copy(values, 0, copy, 0, values.size());
        return copy;
    }

    @Override
    public Floats transposed(int input, Floats q, WeightTransform weights, float g) {
        ConvShape shape = node.shape();
        ConvShape batched = shape.withBatch(Math.toIntExact(q.size() / (shape.inputSize() / shape.batch())));
        Floats dx = transformed.backend().floats(batched.outputSize());
        transformed
                .backend()
                .convolutions()
                .convForward(batched, q, transformed.of(node.weight(), weights, g), null, false, dx);
        return dx;
    }
}

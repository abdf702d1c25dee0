package unweave.lrp;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.Images;
import unweave.engine.tape.ScaleNode;
import unweave.kernels.Combination;
import unweave.kernels.Floats;
import unweave.kernels.ImageShape;
import unweave.kernels.WeightTransform;

/** A scaling z = x w or a shift z = x + b, value by value; the parameters repeat along axes of length 1. */
record ScaleLayer(ScaleNode node, TransformedWeights transformed) implements AffineLayer {
    @Override
    public Optional<LayerKind> kind() {
        return Optional.of(node.weight() != null ? LayerKind.SCALE : LayerKind.SHIFT);
    }

    @Override
    public boolean hasBias() {
        return node.bias() != null;
    }

    @Override
    public Floats forward(List<Floats> x, WeightTransform weights, float g, Optional<WeightTransform> bias) {
        Floats z = transposed(0, x.get(0), weights, g);
        if (hasBias() && bias.isPresent()) {
            Floats b = transformed.of(node.bias(), bias.get(), g);
            ImageShape shape = Images.shape(node.output(), z);
            transformed.backend().broadcasting().combine(Combination.ADD, shape, z, node.shape(), b, z);
        }
        return z;
    }

    /** One value for each of a sample. */
    @Override
    public Floats bias(WeightTransform bias, float g) {
        ImageShape sample = Images.shape(node.output()).withBatch(1);
        try (Floats zeros = transformed.backend().floats(sample.size())) {
            transformed.backend().fill(zeros, 0f);
            Floats b = transformed.of(node.bias(), bias, g);
            return Images.combined(transformed.backend(), Combination.ADD, sample, zeros, node.shape(), b);
        }
    }

    @Override
    public Floats transposed(int input, Floats q, WeightTransform weights, float g) {
        if (node.weight() == null) {
            Floats product = transformed.backend().floats(q.size());
            transformed.backend().elementwise().scale(weights.apply(1f, g), q, product);
            return product;
        }
        Floats w = transformed.of(node.weight(), weights, g);
        return Images.combined(
                transformed.backend(), Combination.MULTIPLY, Images.shape(node.output(), q), q, node.shape(), w);
    }
}

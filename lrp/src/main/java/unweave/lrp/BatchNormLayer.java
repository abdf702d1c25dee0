package unweave.lrp;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.BatchNormNode;
import unweave.engine.tape.Parameter;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.WeightTransform;

/**
 * Batch normalisation outside training, an affine map of each channel: z = x w + b with w = gamma / sqrt(variance +
 * eps) and b = beta - mean * w.
 */
record BatchNormLayer(BatchNormNode node, Backend backend) implements AffineLayer {
    BatchNormLayer(BatchNormNode node, TransformedWeights weights) {
        this(node, weights.backend());
    }

    @Override
    public Optional<LayerKind> kind() {
        return Optional.of(LayerKind.BATCH_NORM);
    }

    @Override
    public boolean hasBias() {
        return true;
    }

    @Override
    public Floats forward(List<Floats> x, WeightTransform weights, float g, Optional<WeightTransform> bias) {
        Floats z = transposed(0, x.get(0), weights, g);
        if (bias.isPresent()) {
            try (Floats b = bias(bias.get(), g)) {
                backend.elementwise().addScaled(1f, b, z);
            }
        }
        return z;
    }

    @Override
    public Floats bias(WeightTransform bias, float g) {
        return normalized(0f, node.beta(), node.runningMean(), bias, g);
    }

    @Override
    public Floats transposed(int input, Floats q, WeightTransform weights, float g) {
        Floats product = backend.floats(q.size());
        try (Floats w = normalized(1f, null, null, weights, g)) {
            backend.elementwise().multiply(q, w, product);
        }
        return product;
    }

    /**
     * transform((x - mean) * gamma / sqrt(variance + eps) + beta) for each channel; null stands for zeros. w is the
     * value at 1, b that at 0.
     */
    private Floats normalized(float x, Parameter beta, Parameter mean, WeightTransform transform, float g) {
        int channels = node.output().channels();
        Floats result = backend.floats(channels);
        try (Floats constant = backend.floats(channels);
                Floats zero = backend.floats(channels);
                Floats value = backend.floats(channels)) {
            backend.fill(constant, x);
            backend.fill(zero, 0f);
            backend.normalization()
                    .batchNormInference(
                            channels,
                            constant,
                            node.gamma().value(),
                            beta == null ? zero : beta.value(),
                            node.eps(),
                            mean == null ? zero : mean.value(),
                            node.runningVariance().value(),
                            value);
            backend.propagation().transformWeights(transform, g, value, result);
        }
        return result;
    }
}

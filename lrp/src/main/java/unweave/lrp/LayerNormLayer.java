package unweave.lrp;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.LayerNormNode;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.WeightTransform;

/**
 * Layer normalisation with its standard deviation held fixed (Ali et al. 2022), which makes it affine: z_c = gamma_c
 * (x_c - mean(x)) / std + beta_c. Its weights (delta_jc - 1 / channels) gamma_c / std differ from position to position,
 * so only rules that take them as they are apply.
 */
record LayerNormLayer(LayerNormNode node, Backend backend) implements AffineLayer {
    LayerNormLayer(LayerNormNode node, TransformedWeights weights) {
        this(node, weights.backend());
    }

    @Override
    public Optional<LayerKind> kind() {
        return Optional.of(LayerKind.LAYER_NORM);
    }

    /** Its weights change with the input, so no rule can put others in their place. */
    @Override
    public void requireFit(Assignment assignment) {
        AffineLayer.super.requireFit(assignment);
        requireWeightsAsTheyAre(assignment);
    }

    @Override
    public boolean hasBias() {
        return true;
    }

    @Override
    public Floats forward(List<Floats> x, WeightTransform weights, float g, Optional<WeightTransform> bias) {
        requireIdentity(weights);
        Floats z = centred(x.get(0));
        scaleRows(z);
        backend.elementwise().multiply(z, node.gamma().value(), z);
        if (bias.isPresent()) {
            try (Floats b = bias(bias.get(), g)) {
                backend.elementwise().addScaled(1f, b, z);
            }
        }
        return z;
    }

    @Override
    public Floats bias(WeightTransform bias, float g) {
        Floats b = backend.floats(node.beta().value().size());
        backend.propagation().transformWeights(bias, g, node.beta().value(), b);
        return b;
    }

    @Override
    public Floats transposed(int input, Floats q, WeightTransform weights, float g) {
        requireIdentity(weights);
        try (Floats weighted = backend.floats(q.size())) {
            backend.elementwise().multiply(q, node.gamma().value(), weighted);
            scaleRows(weighted);
            return centred(weighted);
        }
    }

    /** Every row minus its mean, in new memory. */
    private Floats centred(Floats x) {
        int channels = node.output().channels();
        int rows = Math.toIntExact(x.size() / channels);
        Floats result = backend.floats(x.size());
        try (Floats means = backend.floats(rows)) {
            backend.elementwise().sumRows(channels, x, means);
            backend.elementwise().scale(-1f / channels, means, means);
            spread(means, rows, result);
        }
        backend.elementwise().addScaled(1f, x, result);
        return result;
    }

    /** Multiplies every row by 1 / std, whose rows repeat. */
    private void scaleRows(Floats x) {
        Floats inverseStd = node.inverseStd();
        try (Floats factors = backend.floats(inverseStd.size() * node.output().channels())) {
            spread(inverseStd, Math.toIntExact(inverseStd.size()), factors);
            backend.elementwise().multiply(x, factors, x);
        }
    }

    /** result[r, c] = values[r] for every channel: the product of a column and a row of ones. */
    private void spread(Floats values, int rows, Floats result) {
        int channels = node.output().channels();
        try (Floats ones = backend.floats(channels)) {
            backend.fill(ones, 1f);
            backend.convolutions().gemm(false, false, rows, channels, 1, values, ones, result);
        }
    }

    private void requireIdentity(WeightTransform weights) {
        if (weights != WeightTransform.IDENTITY) {
            throw new IllegalArgumentException("layer " + node.layer() + " (" + LayerKind.LAYER_NORM
                    + ") can follow the rules pass and epsilon only");
        }
    }
}

package unweave.lrp;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.LayerNormNode;
import unweave.engine.tape.NormalizedRows;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.WeightTransform;

/**
 * Layer, group or instance normalisation with its standard deviation held fixed (Ali et al. 2022), which makes it
 * affine: z_c = gamma_c (x_c - mean(x)) / std + beta_c over the values that are normalised together. Its weights
 * (delta_jc - 1 / width) gamma_c / std differ from row to row, so only rules that take them as they are apply.
 */
record LayerNormLayer(LayerNormNode node, Backend backend) implements AffineLayer {
    LayerNormLayer(LayerNormNode node, TransformedWeights weights) {
        this(node, weights.backend());
    }

    @Override
    public Optional<LayerKind> kind() {
        return Optional.of(LayerKind.LAYER_NORM);
    }

    @Override
    public boolean weightsFollowInput() {
        return true;
    }

    @Override
    public boolean hasBias() {
        return true;
    }

    @Override
    public Floats forward(List<Floats> x, WeightTransform weights, float g, Optional<WeightTransform> bias) {
        requireIdentity(weights);
        Floats z = rows().through(backend, x.get(0), (values, normalized) -> {
            centre(values, normalized);
            scaleRows(normalized);
            multiplyBy(!rows().perChannel(), normalized);
        });
        multiplyBy(rows().perChannel(), z);
        if (bias.isPresent()) {
            try (Floats b = bias(bias.get(), g)) {
                backend.elementwise().addScaled(1f, b, z);
            }
        }
        return z;
    }

    /**
     * beta, or where it belongs to places of rows that lie elsewhere in the output, a beta for each value of a sample.
     */
    @Override
    public Floats bias(WeightTransform bias, float g) {
        Floats b = backend.floats(node.beta().value().size());
        backend.propagation().transformWeights(bias, g, node.beta().value(), b);
        if (rows().perChannel() || rows().order() == null) {
            return b;
        }
        Floats inRows = backend.floats(node.output().size() / node.output().batch());
        backend.fill(inRows, 0f);
        backend.elementwise().addScaled(1f, b, inRows);
        b.close();
        return rows().back(inRows);
    }

    @Override
    public Floats transposed(int input, Floats q, WeightTransform weights, float g) {
        requireIdentity(weights);
        try (Floats weighted = backend.floats(q.size())) {
            backend.copy(q, 0, weighted, 0, q.size());
            multiplyBy(rows().perChannel(), weighted);
            return rows().through(backend, weighted, (values, result) -> {
                try (Floats scaled = backend.floats(values.size())) {
                    backend.copy(values, 0, scaled, 0, values.size());
                    multiplyBy(!rows().perChannel(), scaled);
                    scaleRows(scaled);
                    centre(scaled, result);
                }
            });
        }
    }

    private NormalizedRows rows() {
        return node.rows();
    }

    /** Multiplies by gamma if its place is here. */
    private void multiplyBy(boolean here, Floats values) {
        if (here) {
            backend.elementwise().multiply(values, node.gamma().value(), values);
        }
    }

    /** result = every row minus its mean. */
    private void centre(Floats x, Floats result) {
        int width = rows().width();
        int count = Math.toIntExact(x.size() / width);
        try (Floats means = backend.floats(count)) {
            backend.elementwise().sumRows(width, x, means);
            backend.elementwise().scale(-1f / width, means, means);
            spread(means, count, result);
        }
        backend.elementwise().addScaled(1f, x, result);
    }

    /** Multiplies every row by 1 / std, whose rows repeat. */
    private void scaleRows(Floats x) {
        Floats inverseStd = node.inverseStd();
        try (Floats factors = backend.floats(inverseStd.size() * rows().width())) {
            spread(inverseStd, Math.toIntExact(inverseStd.size()), factors);
            backend.elementwise().multiply(x, factors, x);
        }
    }

    /** result[r, c] = values[r] for every place of a row: the product of a column and a row of ones. */
    private void spread(Floats values, int count, Floats result) {
        int width = rows().width();
        try (Floats ones = backend.floats(width)) {
            backend.fill(ones, 1f);
            backend.convolutions().gemm(false, false, count, width, 1, values, ones, result);
        }
    }

    private void requireIdentity(WeightTransform weights) {
        if (weights != WeightTransform.IDENTITY) {
            throw new IllegalArgumentException("layer " + node.layer() + " (" + LayerKind.LAYER_NORM
                    + ") can follow the rules pass and epsilon only");
        }
    }
}

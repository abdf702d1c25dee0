package unweave.lrp;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.AvgPoolNode;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.PoolShape;
import unweave.kernels.WeightTransform;

/** Average pooling: all weights of a window are w = 1 / {@linkplain PoolShape#divisor divisor}, there is no bias. */
record AveragePoolLayer(AvgPoolNode node, Backend backend) implements AffineLayer {
    AveragePoolLayer(AvgPoolNode node, TransformedWeights weights) {
        this(node, weights.backend());
    }

    @Override
    public Optional<LayerKind> kind() {
        return Optional.of(LayerKind.AVERAGE_POOL);
    }

    @Override
    public boolean hasBias() {
        return false;
    }

    @Override
    public Floats forward(List<Floats> x, WeightTransform weights, float g, Optional<WeightTransform> bias) {
        PoolShape batched = node.shape().withBatch(AffineLayer.batch(x.get(0), node.input()));
        Floats z = backend.floats(batched.outputSize());
        backend.pooling().avgPoolForward(batched, x.get(0), z);
        replaceWeights(z, weights, g, z);
        return z;
    }

    @Override
    public Floats transposed(int input, Floats q, WeightTransform weights, float g) {
        PoolShape batched = node.shape().withBatch(AffineLayer.batch(q, node.output()));
        Floats dx = backend.floats(batched.inputSize());
        if (node.shape().hasEqualDivisors() || weights == WeightTransform.IDENTITY) {
            backend.pooling().avgPoolBackward(batched, q, dx);
            replaceWeights(dx, weights, g, dx);
            return dx;
        }
        try (Floats weighted = backend.floats(q.size())) {
            replaceWeights(q, weights, g, weighted);
            backend.pooling().avgPoolBackward(batched, weighted, dx);
        }
        return dx;
    }

    /**
     * Multiplies by transform(w) / w, which turns what was computed with w into what the transformed w give, or will
     * once it is computed with w.
     *
     * @param values of the windows, or any where all windows have the same w; not modified, unless they are
     *     {@code result}
     */
    private void replaceWeights(Floats values, WeightTransform weights, float g, Floats result) {
        PoolShape shape = node.shape();
        if (weights == WeightTransform.IDENTITY) {
            return;
        }
        if (shape.hasEqualDivisors()) {
            backend.elementwise().scale(factor(weights, g, 0, 0), values, result);
            return;
        }
        float[] factors = new float[Math.toIntExact(shape.outputSize() / shape.batch())];
        for (int i = 0; i < factors.length; i++) {
            int window = i / shape.channels();
            factors[i] = factor(weights, g, window / shape.outWidth(), window % shape.outWidth());
        }
        try (Floats repeated = backend.floats(factors)) {
            backend.elementwise().multiply(values, repeated, result);
        }
    }

    private float factor(WeightTransform weights, float g, int row, int column) {
        float w = 1f / node.shape().divisor(row, column);
        return weights.apply(w, g) / w;
    }
}

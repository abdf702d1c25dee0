package unweave.lrp;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.AvgPoolNode;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.PoolShape;
import unweave.kernels.WeightTransform;

/** Average pooling: every weight is w = 1 / (kernelHeight * kernelWidth), there is no bias. */
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
        replaceWeight(z, weights, g);
        return z;
    }

    @Override
    public Floats transposed(int input, Floats q, WeightTransform weights, float g) {
        PoolShape batched = node.shape().withBatch(AffineLayer.batch(q, node.output()));
        Floats dx = backend.floats(batched.inputSize());
        backend.pooling().avgPoolBackward(batched, q, dx);
        replaceWeight(dx, weights, g);
        return dx;
    }

    /** Turns a result computed with w into one computed with the transformed w: all weights are the same number. */
    private void replaceWeight(Floats result, WeightTransform weights, float g) {
        float w = 1f / (node.shape().kernelHeight() * node.shape().kernelWidth());
        if (weights != WeightTransform.IDENTITY) {
            backend.elementwise().scale(weights.apply(w, g) / w, result, result);
        }
    }
}

package unweave.lrp;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.AddNode;
import unweave.engine.tape.Images;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.Broadcast;
import unweave.kernels.Combination;
import unweave.kernels.Floats;
import unweave.kernels.ImageShape;
import unweave.kernels.WeightTransform;

/**
 * An addition, such as the end of a residual block: several inputs, every weight is 1, or -1 where one is subtracted;
 * there is no bias. Where an input repeats along an axis, its value contributes to all outputs there.
 */
record AddLayer(AddNode node, Backend backend) implements AffineLayer {
    AddLayer(AddNode node, TransformedWeights weights) {
        this(node, weights.backend());
    }

    @Override
    public Optional<LayerKind> kind() {
        return Optional.of(LayerKind.ADD);
    }

    @Override
    public boolean hasBias() {
        return false;
    }

    @Override
    public Floats forward(List<Floats> x, WeightTransform weights, float g, Optional<WeightTransform> bias) {
        if (x.size() == 2 && x.get(0).size() == x.get(1).size() && node.weight(1) > 0 && isPlain(0) && isPlain(1)) {
            Floats z = backend.floats(x.get(0).size());
            backend.elementwise().add(x.get(0), x.get(1), z);
            backend.elementwise().scale(weights.apply(1f, g), z, z);
            return z;
        }
        Floats z = null;
        ImageShape shape = null;
        for (int i = 0; i < x.size(); i++) {
            Floats weighted = backend.floats(x.get(i).size());
            backend.elementwise().scale(weights.apply(node.weight(i), g), x.get(i), weighted);
            ImageShape own = Images.shape(node.inputs().get(i), x.get(i));
            if (z == null) {
                z = weighted;
                shape = own;
            } else {
                try (weighted;
                        Floats before = z) {
                    z = Images.combined(backend, Combination.ADD, shape, before, own, weighted);
                }
                shape = Broadcast.shape(shape, own);
            }
        }
        return z;
    }

    /** Whether an input is as large as the output. */
    private boolean isPlain(int input) {
        return node.inputs().get(input).size() == node.output().size();
    }

    @Override
    public Floats transposed(int input, Floats q, WeightTransform weights, float g) {
        float weight = weights.apply(node.weight(input), g);
        if (isPlain(input)) {
            Floats dx = backend.floats(q.size());
            backend.elementwise().scale(weight, q, dx);
            return dx;
        }
        Tensor x = node.inputs().get(input);
        ImageShape from = Images.shape(node.output(), q);
        Floats dx = Images.summed(backend, q, from, Images.shape(x).withBatch(from.batch()));
        backend.elementwise().scale(weight, dx, dx);
        return dx;
    }
}

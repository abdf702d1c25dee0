package unweave.lrp;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.AddNode;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.WeightTransform;

/** An addition, such as the end of a residual block: two inputs, every weight is 1, there is no bias. */
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
        Floats z = backend.floats(x.get(0).size());
        backend.elementwise().add(x.get(0), x.get(1), z);
        backend.elementwise().scale(weights.apply(1f, g), z, z);
        return z;
    }

    @Override
    public Floats transposed(int input, Floats q, WeightTransform weights, float g) {
        Floats dx = backend.floats(q.size());
        backend.elementwise().scale(weights.apply(1f, g), q, dx);
        return dx;
    }
}

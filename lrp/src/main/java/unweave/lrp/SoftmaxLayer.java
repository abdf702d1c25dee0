package unweave.lrp;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.SoftmaxNode;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.WeightTransform;

/**
 * The softmax by its Taylor decomposition at the input (Achtibat et al. 2024, Proposition 3.1): s_j = sum over i: x_i
 * J_ji + b_j with the Jacobian J_ji = s_j (delta_ij - s_i) as weights, and what is left of s_j as the bias. In
 * proportion to x_i J_ji, input i receives
 *
 * <pre>
 * R_i = x_i (R_i - s_i sum over j: R_j)
 * </pre>
 *
 * and the bias absorbs the rest. The weights change with the input, so only rules that take them as they are apply.
 */
record SoftmaxLayer(SoftmaxNode node, Backend backend) implements AffineLayer {
    SoftmaxLayer(SoftmaxNode node, TransformedWeights weights) {
        this(node, weights.backend());
    }

    @Override
    public Optional<LayerKind> kind() {
        return Optional.of(LayerKind.SOFTMAX);
    }

    @Override
    public boolean weightsFollowInput() {
        return true;
    }

    @Override
    public boolean hasBias() {
        return true;
    }

    /** x J, with s - x J for the bias where it counts. */
    @Override
    public Floats forward(List<Floats> x, WeightTransform weights, float g, Optional<WeightTransform> bias) {
        Floats z = transposed(0, x.get(0), weights, g); // J is symmetric
        if (bias.isPresent()) {
            try (Floats b = bias(bias.get(), g)) {
                backend.elementwise().addScaled(1f, b, z);
            }
        }
        return z;
    }

    @Override
    public Floats bias(WeightTransform bias, float g) {
        try (Floats linear = transposed(0, node.input().data(), WeightTransform.IDENTITY, g)) {
            Floats b = backend.floats(linear.size());
            backend.elementwise().scale(-1f, linear, b);
            backend.elementwise().addScaled(1f, node.output().data(), b);
            return b;
        }
    }

    @Override
    public Floats transposed(int input, Floats q, WeightTransform weights, float g) {
        return node.towardsInput(backend, q);
    }
}

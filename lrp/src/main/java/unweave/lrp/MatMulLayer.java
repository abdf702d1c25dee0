package unweave.lrp;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.MatMulNode;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.WeightTransform;

/**
 * The product z = a b of two activations, whose relevance both share in equal parts (Achtibat et al. 2024, Proposition
 * 3.3): as z_ij = sum over k: a_ik (b_kj / 2) + b_kj (a_ik / 2), each factor is an input whose weights are half of the
 * other, and with the epsilon rule
 *
 * <pre>
 * R(a_ik) = sum over j: a_ik b_kj R_ij / (2 s(z_ij)),   R(b_kj) = sum over i: a_ik b_kj R_ij / (2 s(z_ij)).
 * </pre>
 *
 * The weights change with the input, so only rules that take them as they are apply.
 */
record MatMulLayer(MatMulNode node, Backend backend) implements AffineLayer {
    MatMulLayer(MatMulNode node, TransformedWeights weights) {
        this(node, weights.backend());
    }

    @Override
    public Optional<LayerKind> kind() {
        return Optional.of(LayerKind.MATMUL);
    }

    @Override
    public boolean weightsFollowInput() {
        return true;
    }

    @Override
    public boolean hasBias() {
        return false;
    }

    /** The product on the tape: rules that fit hand in the factors as they are. */
    @Override
    public Floats forward(List<Floats> x, WeightTransform weights, float g, Optional<WeightTransform> bias) {
        Floats z = backend.floats(node.output().size());
        backend.copy(node.output().data(), 0, z, 0, z.size());
        return z;
    }

    @Override
    public Floats transposed(int input, Floats q, WeightTransform weights, float g) {
        Floats share = node.towards(backend, input, q);
        backend.elementwise().scale(0.5f, share, share);
        return share;
    }
}

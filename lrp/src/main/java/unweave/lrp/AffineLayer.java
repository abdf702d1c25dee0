package unweave.lrp;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.AddNode;
import unweave.engine.tape.AvgPoolNode;
import unweave.engine.tape.BatchNormNode;
import unweave.engine.tape.LayerNormNode;
import unweave.engine.tape.LinearNode;
import unweave.engine.tape.Node;
import unweave.engine.tape.TransposedConvNode;
import unweave.kernels.Floats;
import unweave.kernels.WeightTransform;

/**
 * A layer z = x * w + b as a rule sees it: something whose weights can be replaced by transformed ones, forwards and
 * transposed. The batch of the operands need not be the batch on the tape: the methods take it from the sizes.
 */
interface AffineLayer {
    /** The node's layer, or empty for nodes that are not affine. */
    static Optional<AffineLayer> of(Node node, TransformedWeights weights) {
        if (node instanceof LinearNode linear) {
            return Optional.of(new LinearLayer(linear, weights));
        }
        if (node instanceof AvgPoolNode pool) {
            return Optional.of(new AveragePoolLayer(pool, weights.backend()));
        }
        if (node instanceof BatchNormNode norm) {
            return Optional.of(new BatchNormLayer(norm, weights.backend()));
        }
        if (node instanceof AddNode add) {
            return Optional.of(new AddLayer(add, weights.backend()));
        }
        if (node instanceof TransposedConvNode conv) {
            return Optional.of(new TransposedConvLayer(conv, weights));
        }
        return node instanceof LayerNormNode norm
                ? Optional.of(new LayerNormLayer(norm, weights.backend()))
                : Optional.empty();
    }

    /** The operation on the tape. */
    Node node();

    /** Whether there is a b. */
    boolean hasBias();

    /**
     * z = sum over the inputs: x_i * weights(w), plus bias(b).
     *
     * @param g the constant of the transforms
     * @param x one operand for each input of the node, all of the same batch
     * @param bias empty to leave b out
     * @return new memory
     */
    Floats forward(List<Floats> x, WeightTransform weights, float g, Optional<WeightTransform> bias);

    /**
     * bias(b), one value for each output channel, in new memory.
     *
     * @throws IllegalStateException if the layer has none
     */
    default Floats bias(WeightTransform bias, float g) {
        throw new IllegalStateException("layer " + node().layer() + " has no bias");
    }

    /** q * weights(w)^T for one input of the node; the batch is that of q. Returns new memory. */
    Floats transposed(int input, Floats q, WeightTransform weights, float g);

    /**
     * q = relevance / s(z) with z as {@link #forward} computes it, for all maps of the relevance, without z ever
     * reaching memory.
     *
     * @return whether this layer can; otherwise nothing was done
     */
    default boolean divideFused(
            List<Floats> x,
            WeightTransform weights,
            float g,
            Optional<WeightTransform> bias,
            float eps,
            Floats relevance,
            Floats q) {
        return false;
    }

    /**
     * total = factor * x * t, or total += that, with t as {@link #transposed} computes it, which never reaches memory;
     * x repeats.
     *
     * @param add whether it is added to the total
     * @return whether this layer can; otherwise nothing was done
     */
    default boolean shareFused(
            int input, Floats q, WeightTransform weights, float g, float factor, Floats x, boolean add, Floats total) {
        return false;
    }

    /**
     * What w, b and the geometry are, where they outlive the tape: what depends on them alone is kept under this key.
     * Empty where keeping is not worth while.
     */
    default Optional<Record> identity() {
        return Optional.empty();
    }
}

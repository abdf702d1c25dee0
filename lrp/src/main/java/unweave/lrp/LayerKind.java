package unweave.lrp;

import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A kind of layer that needs a rule. ReLU and other activations, flatten and dropout pass relevance on, concatenation
 * hands each input its part, max-pooling gives it to the winner.
 *
 * @param description for people
 * @param keyword as the text form of a composite has it, such as "conv"
 * @param weighsInputs whether depth counts such layers and the first layer is one of them
 * @param usual the rule of composites that state none; empty if they must
 */
public record LayerKind(String description, String keyword, boolean weighsInputs, Optional<Rule> usual) {
    public static final LayerKind CONVOLUTION = new LayerKind("convolution", "conv", true, Optional.empty());
    public static final LayerKind DENSE = new LayerKind("dense layer", "dense", true, Optional.empty());
    /** In proportion to what goes in. */
    public static final LayerKind AVERAGE_POOL =
            new LayerKind("average pooling", "avgpool", false, Optional.of(Rule.norm()));
    /**
     * gamma(1): of two branches that nearly cancel, no one receives more than twice what arrived, where in proportion
     * to a / (a + b) relevance would grow from block to block of a residual network.
     */
    public static final LayerKind ADD = new LayerKind("addition", "add", false, Optional.of(Rule.gamma(1f)));
    /** Passes relevance on (Achtibat et al. 2024). Group and instance normalisation are of this kind, too. */
    public static final LayerKind LAYER_NORM =
            new LayerKind("layer normalisation", "layernorm", false, Optional.of(Rule.pass()));
    /** Epsilon, with the default stabiliser. */
    public static final LayerKind BATCH_NORM = new LayerKind(
            "batch normalisation", "batchnorm", false, Optional.of(Rule.epsilon(Rule.DEFAULT_STABILIZER)));

    /** Epsilon, as batch normalisation, which is such a layer: a scaling passes all on where its input is not 0. */
    public static final LayerKind SCALE =
            new LayerKind("scaling", "scale", false, Optional.of(Rule.epsilon(Rule.DEFAULT_STABILIZER)));
    /** Epsilon, as batch normalisation: the shift takes its part as a bias does. */
    public static final LayerKind SHIFT =
            new LayerKind("shift", "shift", false, Optional.of(Rule.epsilon(Rule.DEFAULT_STABILIZER)));
    /** Epsilon, shared in equal parts by both factors (Achtibat et al. 2024). */
    public static final LayerKind MATMUL = new LayerKind(
            "product of activations", "matmul", false, Optional.of(Rule.epsilon(Rule.DEFAULT_STABILIZER)));
    /**
     * In proportion to what goes in, the Taylor decomposition (Achtibat et al. 2024). No stabiliser but for values so
     * small that dividing by them leaves float32: it would take a share of all that is near zero.
     */
    public static final LayerKind SOFTMAX = new LayerKind(
            "softmax", "softmax", false, Optional.of(Rule.epsilon(0f).withStabilizer(Stabilizer.clipped(1e-30f))));

    /**
     * Epsilon for sums; of a product of a gate and a signal all goes to the signal (LRP-all: Arras et al. 2017, 2019,
     * with their stabiliser). Depth counts such layers, but gives them no rule: they follow epsilon alone.
     */
    public static final LayerKind RECURRENT =
            new LayerKind("recurrent layer", "recurrent", false, Optional.of(Rule.epsilon(1e-3f)));

    /** The kind that a keyword names, if any. */
    static Optional<LayerKind> ofKeyword(String keyword) {
        return NodeRelevances.kinds().stream()
                .filter(kind -> kind.keyword.equals(keyword))
                .findFirst();
    }

    /** All keywords, for messages. */
    static String keywords() {
        return NodeRelevances.kinds().stream().map(LayerKind::keyword).collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return description;
    }
}

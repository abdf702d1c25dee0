package unweave.lrp;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import unweave.engine.tape.AddNode;
import unweave.engine.tape.AvgPoolNode;
import unweave.engine.tape.BatchNormNode;
import unweave.engine.tape.LayerNormNode;
import unweave.engine.tape.LinearNode;
import unweave.engine.tape.Node;
import unweave.engine.tape.TransposedConvNode;

/**
 * The kinds of layers that need a rule. ReLU and other activations, flatten and dropout pass relevance on,
 * concatenation hands each input its part, max-pooling gives it to the winner.
 */
public enum LayerKind {
    CONVOLUTION("convolution", "conv"),
    DENSE("dense layer", "dense"),
    AVERAGE_POOL("average pooling", "avgpool"),
    BATCH_NORM("batch normalisation", "batchnorm"),
    LAYER_NORM("layer normalisation", "layernorm"),
    ADD("addition", "add");

    private final String description;
    private final String keyword;

    LayerKind(String description, String keyword) {
        this.description = description;
        this.keyword = keyword;
    }

    /** Whether such layers weigh their inputs: what depth counts and the first layer is one of. */
    boolean isLinear() {
        return this == CONVOLUTION || this == DENSE;
    }

    /** As the text form of a composite has it, such as "conv". */
    public String keyword() {
        return keyword;
    }

    /** The kind that a keyword names, if any. */
    static Optional<LayerKind> ofKeyword(String keyword) {
        return Arrays.stream(values())
                .filter(kind -> kind.keyword.equals(keyword))
                .findFirst();
    }

    /** All keywords, for messages. */
    static String keywords() {
        return Arrays.stream(values()).map(LayerKind::keyword).collect(Collectors.joining(", "));
    }

    /** The kind of an operation; empty where relevance needs no rule. */
    public static Optional<LayerKind> of(Node node) {
        if (node instanceof LinearNode linear) {
            return Optional.of(linear.dense() ? DENSE : CONVOLUTION);
        }
        if (node instanceof TransposedConvNode) {
            return Optional.of(CONVOLUTION);
        }
        if (node instanceof LayerNormNode) {
            return Optional.of(LAYER_NORM);
        }
        if (node instanceof AvgPoolNode) {
            return Optional.of(AVERAGE_POOL);
        }
        if (node instanceof BatchNormNode) {
            return Optional.of(BATCH_NORM);
        }
        return node instanceof AddNode ? Optional.of(ADD) : Optional.empty();
    }

    @Override
    public String toString() {
        return description;
    }
}

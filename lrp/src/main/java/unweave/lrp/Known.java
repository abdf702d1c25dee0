package unweave.lrp;

import java.util.List;
import unweave.engine.tape.ActivationNode;
import unweave.engine.tape.AddNode;
import unweave.engine.tape.AvgPoolNode;
import unweave.engine.tape.ConcatNode;
import unweave.engine.tape.DropoutNode;
import unweave.engine.tape.FlattenNode;
import unweave.engine.tape.LinearNode;
import unweave.engine.tape.MaxPoolNode;
import unweave.engine.tape.Node;
import unweave.engine.tape.ReluNode;
import unweave.engine.tape.Tensor;
import unweave.kernels.Activation;

/**
 * What the graph alone tells about a layer before any number is looked at; with it a rule gets shorter
 * ({@link Rule#given}) and stays exact.
 *
 * @param inputNonNegative no input is below zero
 * @param noRelevanceWhereNonPositive outputs that are zero or below (before a fused ReLU) receive no relevance
 */
record Known(boolean inputNonNegative, boolean noRelevanceWhereNonPositive) {
    /** Any input, any relevance. */
    static final Known NOTHING = new Known(false, false);

    /** Whether all operands of a node are known to be non-negative. */
    static boolean nonNegative(List<Tensor> tensors) {
        return tensors.stream().allMatch(Known::nonNegative);
    }

    /** Whether a tensor comes out of a ReLU, perhaps through operations that keep the sign. */
    static boolean nonNegative(Tensor tensor) {
        Node node = tensor.producer();
        if (node instanceof ReluNode) {
            return true;
        }
        if (node instanceof LinearNode linear) {
            return linear.relu();
        }
        if (node instanceof ActivationNode activation) {
            return activation.function() == Activation.SIGMOID || activation.function() == Activation.SOFTPLUS;
        }
        boolean keepsSign = node instanceof MaxPoolNode
                || node instanceof AvgPoolNode
                || node instanceof FlattenNode
                || node instanceof DropoutNode
                || node instanceof AddNode
                || node instanceof ConcatNode;
        return keepsSign && nonNegative(node.inputs());
    }
}

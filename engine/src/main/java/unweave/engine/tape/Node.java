package unweave.engine.tape;

import java.util.List;
import unweave.kernels.Backend;
import unweave.kernels.Floats;

/** One recorded operation: what went in, what came out, and how a gradient flows back. */
public abstract class Node {
    private final String layer;
    private final List<Tensor> inputs;
    private Tensor output;

    Node(String layer, Tensor... inputs) {
        this.layer = layer;
        this.inputs = List.of(inputs);
    }

    /** The name of the layer that recorded this operation, such as "conv1". */
    public final String layer() {
        return layer;
    }

    /** The operands. */
    public final List<Tensor> inputs() {
        return inputs;
    }

    /** The first operand. */
    public final Tensor input() {
        return inputs.get(0);
    }

    /** The result. */
    public final Tensor output() {
        return output;
    }

    /** Whether no value of the output is below zero, whatever the input. */
    public boolean isNonNegative() {
        return false;
    }

    /**
     * Whether the values are a gate's, which only say how much of something else passes: they come out of a sigmoid, a
     * hard sigmoid, a softmax or tanh.
     */
    public boolean isGate() {
        return false;
    }

    /** Whether no value of any input is below zero, as far as the operations before tell. */
    final boolean inputsAreNonNegative() {
        return inputs.stream().allMatch(Tensor::isNonNegative);
    }

    /** Whether the output went through a ReLU whose gradient a reader may take over. */
    boolean endsInRelu() {
        return false;
    }

    final Tensor finish(Tensor result) {
        output = result;
        result.producedBy(this);
        return result;
    }

    final boolean inputsNeedGradient() {
        for (Tensor input : inputs) {
            if (input.needsGradient()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Turns the gradient of the output into gradients of the inputs and parameters.
     *
     * @param outputGradient belongs to this method: it closes it, changes it in place, or passes it on
     */
    abstract void backward(Backend backend, Floats outputGradient, Gradients gradients);

    /** Frees what the forward pass saved beside its output. */
    void free() {}
}

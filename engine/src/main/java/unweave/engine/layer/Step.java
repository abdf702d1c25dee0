package unweave.engine.layer;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/** What a network runs in one go: a layer, or several layers that one operation computes together. */
public interface Step {
    /** The name that the tape and the profile show. */
    String name();

    /**
     * Computes the step.
     *
     * @param inputs the outputs of the layers that it reads, in their order
     * @param weights the parameters of the network
     */
    Tensor apply(Tape tape, List<Tensor> inputs, Weights weights);

    /** This step and the ReLU behind it in one; empty if no operation computes both. */
    default Optional<Step> withRelu() {
        return Optional.empty();
    }

    /** This step and the nonlinearity behind it in one; empty if no operation computes both. */
    default Optional<Step> withActivation(Activate activate) {
        return Optional.empty();
    }

    /** This step and the max-pooling behind it in one; empty if no operation computes both. */
    default Optional<Step> withMaxPool(MaxPool pool) {
        return Optional.empty();
    }
}

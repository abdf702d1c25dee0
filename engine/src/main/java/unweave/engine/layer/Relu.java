package unweave.engine.layer;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/** max(0, x). */
public record Relu(String name, List<String> inputs) implements Layer {
    public Relu {
        inputs = Layer.checked(name, inputs, 1);
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        return tape.relu(name, inputs.get(0));
    }

    @Override
    public Optional<Step> fusedInto(Step before) {
        return before.withRelu();
    }

    @Override
    public boolean isActivation() {
        return true;
    }
}

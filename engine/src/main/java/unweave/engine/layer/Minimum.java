package unweave.engine.layer;

import java.util.List;
import unweave.engine.tape.ExtremumNode;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/** The smaller value of two layers; of equal ones the first. */
public record Minimum(String name, List<String> inputs) implements Combining {
    public Minimum {
        inputs = Combining.named(name, "minimum", inputs, true);
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        return ExtremumNode.minimum(tape, name, inputs.get(0), inputs.get(1));
    }
}

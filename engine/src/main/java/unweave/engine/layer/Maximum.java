package unweave.engine.layer;

import java.util.List;
import unweave.engine.tape.ExtremumNode;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/** The larger value of two layers; of equal ones the first. */
public record Maximum(String name, List<String> inputs) implements Combining {
    public Maximum {
        inputs = Combining.named(name, "maximum", inputs, true);
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        return ExtremumNode.maximum(tape, name, inputs.get(0), inputs.get(1));
    }
}

package unweave.engine.layer;

import java.util.List;
import unweave.engine.tape.AddNode;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/** a - b of two layers. */
public record Subtract(String name, List<String> inputs) implements Combining {
    public Subtract {
        inputs = Combining.named(name, "subtract", inputs, true);
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        return AddNode.difference(tape, name, inputs.get(0), inputs.get(1));
    }
}

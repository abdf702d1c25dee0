package unweave.engine.layer;

import java.util.List;
import unweave.engine.tape.DivideNode;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/** a / b of two layers; an explanation takes b for a constant. */
public record Divide(String name, List<String> inputs) implements Combining {
    public Divide {
        inputs = Combining.named(name, "divide", inputs, true);
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        return DivideNode.record(tape, name, inputs.get(0), inputs.get(1));
    }
}

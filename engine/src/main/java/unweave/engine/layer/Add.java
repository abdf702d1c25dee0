package unweave.engine.layer;

import java.util.List;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/** The sum of two or more layers, such as the end of a residual block. */
public record Add(String name, List<String> inputs) implements Combining {
    public Add {
        inputs = Combining.named(name, "add", inputs, false);
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        return tape.add(name, inputs.toArray(Tensor[]::new));
    }
}

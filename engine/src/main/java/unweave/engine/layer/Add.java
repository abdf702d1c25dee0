package unweave.engine.layer;

import java.util.List;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/** a + b, the end of a residual block. */
public record Add(String name, List<String> inputs) implements Layer {
    public Add {
        inputs = Layer.checked(name, inputs, 2);
        if (inputs.isEmpty()) {
            throw Layer.wrong(name, "add needs \"inputs\", the names of the two layers to add");
        }
    }

    @Override
    public LayerShape outputShape(List<LayerShape> shapes) {
        if (!shapes.get(0).equals(shapes.get(1))) {
            throw wrong("adds " + shapes.get(0) + " (" + inputs.get(0) + ") and " + shapes.get(1) + " (" + inputs.get(1)
                    + "); the shapes must be equal");
        }
        return shapes.get(0);
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        return tape.add(name, inputs.get(0), inputs.get(1));
    }
}

package unweave.engine.layer;

import java.util.List;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/** An image as one vector, in H W C order. */
public record Flatten(String name, List<String> inputs) implements Layer {
    public Flatten {
        inputs = Layer.checked(name, inputs, 1);
    }

    @Override
    public LayerShape outputShape(List<LayerShape> inputs) {
        return inputs.get(0).flattened();
    }

    @Override
    public ReceptiveField receptiveField(ReceptiveField read, LayerShape input) {
        return read.whole();
    }

    @Override
    public boolean isView() {
        return true;
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        return tape.flatten(name, inputs.get(0));
    }
}

package unweave.engine.layer;

import java.util.List;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/** exp(x_c) / sum over k: exp(x_k) over the channels of each position of an image, or over the features of a vector. */
public record Softmax(String name, List<String> inputs) implements Layer {
    public Softmax {
        inputs = Layer.checked(name, inputs, 1);
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        return tape.softmax(name, inputs.get(0));
    }
}

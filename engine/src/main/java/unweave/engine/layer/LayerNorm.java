package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import unweave.engine.layer.ParameterDescription.Role;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/**
 * Normalisation over the channels of each position of an image, or over the features of a vector, then scale and shift.
 */
public record LayerNorm(String name, List<String> inputs, float epsilon) implements Layer {
    public LayerNorm {
        inputs = Layer.checked(name, inputs, 1);
        if (!(epsilon > 0)) {
            throw Layer.wrong(name, "epsilon must be above 0, not " + epsilon);
        }
    }

    static LayerNorm read(JsonFields fields, String name, List<String> inputs) {
        return new LayerNorm(name, inputs, fields.number("epsilon", 1e-5f));
    }

    @Override
    public void write(JsonObject json) {
        json.addProperty("epsilon", epsilon);
    }

    @Override
    public List<ParameterDescription> parameters(List<LayerShape> inputs) {
        LayerShape input = inputs.get(0);
        List<Integer> shape = List.of(input.vectorLength());
        return List.of(
                new ParameterDescription(name, Role.SCALE, shape, input),
                new ParameterDescription(name, Role.SHIFT, shape, input));
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        return tape.layerNorm(
                name, inputs.get(0), weights.get(name, Role.SCALE), weights.get(name, Role.SHIFT), epsilon);
    }
}

package unweave.engine.model;

import java.util.List;
import unweave.engine.model.ParameterDescription.Role;

/**
 * Normalisation over the channels of each position of an image, or over the features of a vector, then scale and shift.
 */
public record LayerNorm(String name, List<String> inputs, float epsilon) implements LayerDescription {
    public LayerNorm {
        inputs = LayerDescription.checked(name, inputs, 1);
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("layer " + name + ": epsilon must be above 0, not " + epsilon);
        }
    }

    @Override
    public String kind() {
        return "layernorm";
    }

    @Override
    public LayerShape outputShape(List<LayerShape> inputs) {
        return inputs.get(0);
    }

    @Override
    public List<ParameterDescription> parameters(LayerShape input) {
        List<Integer> shape = List.of(input.flat() ? input.features() : input.channels());
        return List.of(
                new ParameterDescription(name, Role.SCALE, shape, input),
                new ParameterDescription(name, Role.SHIFT, shape, input));
    }
}

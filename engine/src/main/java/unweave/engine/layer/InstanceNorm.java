package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/**
 * Instance normalisation (Ulyanov et al. 2016): every channel of an image has mean 0 and variance 1 over all positions,
 * then scale and shift. It is group normalisation with a group for each channel.
 *
 * @param affine whether there are scale and shift
 */
public record InstanceNorm(String name, List<String> inputs, float epsilon, boolean affine) implements Layer {
    public InstanceNorm {
        inputs = Layer.checked(name, inputs, 1);
        if (!(epsilon > 0)) {
            throw Layer.wrong(name, "epsilon must be above 0, not " + epsilon);
        }
    }

    static InstanceNorm read(JsonFields fields, String name, List<String> inputs) {
        return new InstanceNorm(name, inputs, fields.number("epsilon", 1e-5f), fields.flag("affine", true));
    }

    @Override
    public void write(JsonObject json) {
        json.addProperty("epsilon", epsilon);
        json.addProperty("affine", affine);
    }

    @Override
    public LayerShape outputShape(List<LayerShape> inputs) {
        requireImage(inputs.get(0));
        return inputs.get(0);
    }

    @Override
    public List<ParameterDescription> parameters(List<LayerShape> inputs) {
        return GroupNorm.parameters(name, affine, inputs.get(0));
    }

    @Override
    public ReceptiveField receptiveField(ReceptiveField read, LayerShape input) {
        return read.everywhere(input);
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        int channels = inputs.get(0).channels();
        return new GroupNorm(name, List.of(), channels, epsilon, affine).apply(tape, inputs, weights);
    }
}

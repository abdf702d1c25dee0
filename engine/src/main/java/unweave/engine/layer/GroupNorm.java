package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import unweave.engine.layer.ParameterDescription.Role;
import unweave.engine.tape.NormalizedRows;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/**
 * Group normalisation (Wu and He 2018): the channels are cut into groups of neighbours, and the values of a group at
 * all positions have mean 0 and variance 1, then scale and shift of each channel.
 *
 * @param affine whether there are scale and shift
 */
public record GroupNorm(String name, List<String> inputs, int groups, float epsilon, boolean affine) implements Layer {
    public GroupNorm {
        inputs = Layer.checked(name, inputs, 1);
        if (groups < 1 || !(epsilon > 0)) {
            throw Layer.wrong(name, "groups must be at least 1 and epsilon above 0, not " + groups + " and " + epsilon);
        }
    }

    static GroupNorm read(JsonFields fields, String name, List<String> inputs) {
        return new GroupNorm(
                name, inputs, fields.whole("groups", 1), fields.number("epsilon", 1e-5f), fields.flag("affine", true));
    }

    @Override
    public void write(JsonObject json) {
        json.addProperty("groups", groups);
        json.addProperty("epsilon", epsilon);
        json.addProperty("affine", affine);
    }

    @Override
    public LayerShape outputShape(List<LayerShape> inputs) {
        LayerShape input = inputs.get(0);
        if (input.flat() && input.height() * input.width() > 1) {
            throw wrong(kind() + " reads an image or a vector that never was one, not " + input
                    + "; put it before flatten");
        }
        if (input.channels() % groups != 0) {
            throw wrong(groups + " groups of equal size do not fit " + input.channels() + " channels");
        }
        return input;
    }

    @Override
    public List<ParameterDescription> parameters(List<LayerShape> inputs) {
        return parameters(name, affine, inputs.get(0));
    }

    /** Scale and shift of each channel. */
    static List<ParameterDescription> parameters(String layer, boolean affine, LayerShape input) {
        List<Integer> shape = List.of(input.channels());
        return affine
                ? List.of(
                        new ParameterDescription(layer, Role.SCALE, shape, input),
                        new ParameterDescription(layer, Role.SHIFT, shape, input))
                : List.of();
    }

    @Override
    public ReceptiveField receptiveField(ReceptiveField read, LayerShape input) {
        return read.everywhere(input);
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        Tensor x = inputs.get(0);
        LayerShape input = LayerShape.of(x);
        int channels = input.channels();
        int positions = input.positions();
        int width = positions * (channels / groups);
        Rearrange rows = new Rearrange(
                name + ".rows",
                List.of(),
                List.of(positions, groups, channels / groups),
                List.of(1, 0, 2),
                List.of(input.features()));
        return tape.layerNorm(
                name,
                x,
                new NormalizedRows(rows.indexMap(tape, weights, input), width, true),
                affine ? weights.get(name, Role.SCALE) : tape.constant(channels, 1f),
                affine ? weights.get(name, Role.SHIFT) : tape.constant(channels, 0f),
                epsilon);
    }
}

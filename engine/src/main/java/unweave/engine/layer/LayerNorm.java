package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import unweave.engine.layer.ParameterDescription.Role;
import unweave.engine.tape.NormalizedRows;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/**
 * Layer normalisation (Ba et al. 2016): the values along some axes have mean 0 and variance 1 at every place of the
 * other axes, then scale and shift. By default these are the channels of each position of an image, or the features of
 * a vector.
 *
 * @param axes at least one; of a vector, channels
 * @param affine whether there are scale and shift, one of each for every place along the axes, in the order height,
 *     width, channels
 */
public record LayerNorm(String name, List<String> inputs, float epsilon, Set<Axis> axes, boolean affine)
        implements Layer {
    public LayerNorm {
        inputs = Layer.checked(name, inputs, 1);
        axes = Set.copyOf(axes);
        if (!(epsilon > 0) || axes.isEmpty()) {
            throw Layer.wrong(
                    name,
                    "epsilon must be above 0 and \"axes\" name at least one axis, not " + epsilon + " and " + axes);
        }
    }

    static LayerNorm read(JsonFields fields, String name, List<String> inputs) {
        return new LayerNorm(
                name,
                inputs,
                fields.number("epsilon", 1e-5f),
                Axis.readAll(fields, "axes", Set.of(Axis.CHANNELS)),
                fields.flag("affine", true));
    }

    @Override
    public void write(JsonObject json) {
        json.addProperty("epsilon", epsilon);
        json.add("axes", Axis.toJson(EnumSet.copyOf(axes)));
        json.addProperty("affine", affine);
    }

    @Override
    public LayerShape outputShape(List<LayerShape> inputs) {
        if (!axes.equals(Set.of(Axis.CHANNELS))) {
            requireImage(inputs.get(0));
        }
        return inputs.get(0);
    }

    @Override
    public List<ParameterDescription> parameters(List<LayerShape> inputs) {
        LayerShape input = inputs.get(0);
        List<Integer> shape = lengths(input);
        return affine
                ? List.of(
                        new ParameterDescription(name, Role.SCALE, shape, input),
                        new ParameterDescription(name, Role.SHIFT, shape, input))
                : List.of();
    }

    /** Of the axes, in the order of memory. */
    private List<Integer> lengths(LayerShape input) {
        return input.flat()
                ? List.of(input.features())
                : axes.stream().sorted().map(input::length).toList();
    }

    @Override
    public ReceptiveField receptiveField(ReceptiveField read, LayerShape input) {
        return axes.equals(Set.of(Axis.CHANNELS)) ? read : read.everywhere(input);
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        LayerShape input = LayerShape.of(inputs.get(0));
        int width = lengths(input).stream().reduce(1, (a, b) -> a * b);
        return tape.layerNorm(
                name,
                inputs.get(0),
                new NormalizedRows(rows(input).indexMap(tape, weights, input), width, false),
                affine ? weights.get(name, Role.SCALE) : tape.constant(width, 1f),
                affine ? weights.get(name, Role.SHIFT) : tape.constant(width, 0f),
                epsilon);
    }

    /** The values with the axes behind all others. */
    private Rearrange rows(LayerShape input) {
        List<Integer> order = new ArrayList<>();
        EnumSet.complementOf(EnumSet.copyOf(axes)).forEach(axis -> order.add(axis.ordinal()));
        EnumSet.copyOf(axes).forEach(axis -> order.add(axis.ordinal()));
        LayerShape image = Indexed.asImage(input);
        List<Integer> split = List.of(image.height(), image.width(), image.channels());
        return new Rearrange(name + ".rows", List.of(), split, order, List.of(image.features()));
    }
}

package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import unweave.engine.layer.ParameterDescription.Role;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/**
 * Values that are the same for every input, such as the encoding of positions. They stand in the model file and are not
 * trained. What the layer reads, the network's input if nothing is said, only tells the size of the batch.
 *
 * @param shape [height, width, channels] or [features]
 */
public record Constant(String name, List<String> inputs, List<Integer> shape) implements Layer {
    public Constant {
        inputs = inputs.isEmpty() ? List.of(INPUT) : inputs;
        inputs = Layer.checked(name, inputs, 1);
        shape = List.copyOf(shape);
        if (shape.size() != 1 && shape.size() != 3) {
            throw Layer.wrong(name, "\"shape\" must be [height, width, channels] or [features], not " + shape);
        }
    }

    static Constant read(JsonFields fields, String name, List<String> inputs) {
        return new Constant(name, inputs, fields.wholes("shape", 1));
    }

    @Override
    public void write(JsonObject json) {
        json.add("shape", Indexed.toJson(shape));
    }

    @Override
    public LayerShape outputShape(List<LayerShape> inputs) {
        return LayerShape.of(shape);
    }

    @Override
    public List<ParameterDescription> parameters(List<LayerShape> inputs) {
        return List.of(new ParameterDescription(name, Role.CONSTANT, shape, LayerShape.of(shape)));
    }

    @Override
    public ReceptiveField receptiveField(ReceptiveField read, LayerShape input) {
        LayerShape image = Indexed.asImage(LayerShape.of(shape));
        return ReceptiveField.ofNothing(image);
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        Tensor x = inputs.get(0);
        return tape.constant(
                name, x, weights.get(name, Role.CONSTANT), LayerShape.of(shape).ofBatch(x.batch()));
    }
}

package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/** Several images joined along one axis, or several vectors one after the other; they agree in the other axes. */
public record Concat(String name, List<String> inputs, Axis axis) implements Layer {
    public Concat {
        Layer.checked(name, List.of(), 1);
        inputs = List.copyOf(inputs);
        if (inputs.size() < 2) {
            throw Layer.wrong(name, "concat needs \"inputs\", the names of at least two layers to join");
        }
    }

    static Concat read(JsonFields fields, String name, List<String> inputs) {
        return new Concat(name, inputs, Axis.read(fields, "axis", Axis.CHANNELS));
    }

    @Override
    public void write(JsonObject json) {
        json.addProperty("axis", axis.text());
    }

    @Override
    public LayerShape outputShape(List<LayerShape> shapes) {
        LayerShape first = shapes.get(0);
        int length = 0;
        for (LayerShape shape : shapes) {
            boolean flattened = shape.flat() && shape.height() * shape.width() != 1;
            if (flattened
                    || (first.flat() && axis != Axis.CHANNELS)
                    || !Indexed.withLength(shape, axis, 1).equals(Indexed.withLength(first, axis, 1))) {
                throw wrong("joins " + shapes + " (" + String.join(", ", inputs) + ") along " + axis.text()
                        + "; images must agree in the other axes, and vectors, which have channels only, must not be "
                        + "flattened images of more than one pixel");
            }
            length = Math.addExact(length, shape.length(axis));
        }
        return Indexed.withLength(first, axis, length);
    }

    @Override
    public ReceptiveField receptiveField(List<ReceptiveField> read, List<LayerShape> shapes) {
        return axis == Axis.CHANNELS
                ? Layer.super.receptiveField(read, shapes)
                : read.stream().reduce((a, b) -> a.followedBy(b, axis)).orElseThrow();
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        Tensor[] parts = inputs.toArray(Tensor[]::new);
        return parts[0].rank() == 4 ? tape.concat(name, 1 + axis.ordinal(), parts) : tape.concat(name, parts);
    }
}

package unweave.engine.layer;

import java.util.List;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/** The channels of several images of equal height and width side by side, or several vectors one after the other. */
public record Concat(String name, List<String> inputs) implements Layer {
    public Concat {
        Layer.checked(name, List.of(), 1);
        inputs = List.copyOf(inputs);
        if (inputs.size() < 2) {
            throw Layer.wrong(name, "concat needs \"inputs\", the names of at least two layers to join");
        }
    }

    @Override
    public LayerShape outputShape(List<LayerShape> shapes) {
        LayerShape first = shapes.get(0);
        int channels = 0;
        for (LayerShape shape : shapes) {
            if (shape.height() != first.height()
                    || shape.width() != first.width()
                    || shape.flat() != first.flat()
                    || (shape.flat() && shape.height() * shape.width() != 1)) {
                throw wrong("joins " + shapes + " (" + String.join(", ", inputs)
                        + "); images must be equally high and wide, and vectors must not be flattened "
                        + "images of more than one pixel");
            }
            channels = Math.addExact(channels, shape.channels());
        }
        return new LayerShape(first.height(), first.width(), channels, first.flat());
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        return tape.concat(name, inputs.toArray(Tensor[]::new));
    }
}

package unweave.engine.model;

import java.util.List;

/** The channels of several images of equal height and width side by side, or several vectors one after the other. */
public record Concat(String name, List<String> inputs) implements LayerDescription {
    public Concat {
        LayerDescription.checked(name, List.of(), 1);
        inputs = List.copyOf(inputs);
        if (inputs.size() < 2) {
            throw new IllegalArgumentException(
                    "layer " + name + ": concat needs \"inputs\", the names of at least two layers to join");
        }
    }

    @Override
    public String kind() {
        return "concat";
    }

    @Override
    public LayerShape outputShape(List<LayerShape> inputs) {
        LayerShape first = inputs.get(0);
        int channels = 0;
        for (LayerShape input : inputs) {
            if (input.height() != first.height()
                    || input.width() != first.width()
                    || input.flat() != first.flat()
                    || (input.flat() && input.height() * input.width() != 1)) {
                throw new IllegalArgumentException(
                        "layer " + name + ": joins " + inputs + " (" + String.join(", ", this.inputs)
                                + "); images must be equally high and wide, and vectors must not be flattened images of more than one pixel");
            }
            channels = Math.addExact(channels, input.channels());
        }
        return new LayerShape(first.height(), first.width(), channels, first.flat());
    }
}

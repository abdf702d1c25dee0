package unweave.engine.layer;

import java.util.List;

/**
 * What kinds have in common that combine the values of other layers one by one. Where a layer has length 1 on an axis
 * and another has more, its values repeat along that axis; images and vectors do not mix.
 */
interface Combining extends Layer {
    @Override
    default LayerShape outputShape(List<LayerShape> shapes) {
        LayerShape together = shapes.get(0);
        for (int i = 1; i < shapes.size(); i++) {
            LayerShape before = together;
            LayerShape next = shapes.get(i);
            String name = inputs().get(i);
            String first = i == 1 ? inputs().get(0) : "the inputs before it";
            together = before.together(next)
                    .orElseThrow(() -> wrong(before + " (" + first + ") and " + next + " (" + name
                            + ") do not fit together; on every axis the lengths must be equal, or one of them 1"));
        }
        return together;
    }

    /** The inputs of a layer that must name them, checked together with its name. */
    static List<String> named(String name, String kind, List<String> inputs, boolean two) {
        Layer.checked(name, List.of(), 1);
        if (inputs.size() < 2 || (two && inputs.size() > 2)) {
            throw Layer.wrong(
                    name,
                    kind + " needs \"inputs\", the names of " + (two ? "two layers" : "two or more layers") + ", not "
                            + inputs);
        }
        return List.copyOf(inputs);
    }
}

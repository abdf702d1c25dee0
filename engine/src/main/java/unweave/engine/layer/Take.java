package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;

/** Places of one axis by their numbers, in any order and as often as one likes. */
public record Take(String name, List<String> inputs, Axis axis, List<Integer> indices) implements Indexed {
    public Take {
        inputs = Layer.checked(name, inputs, 1);
        indices = List.copyOf(indices);
        if (indices.isEmpty()) {
            throw Layer.wrong(name, "\"indices\" must name at least one place");
        }
    }

    static Take read(JsonFields fields, String name, List<String> inputs) {
        return new Take(name, inputs, Axis.read(fields, "axis", Axis.CHANNELS), fields.wholes("indices", 0));
    }

    @Override
    public void write(JsonObject json) {
        json.addProperty("axis", axis.text());
        json.add("indices", Indexed.toJson(indices));
    }

    @Override
    public LayerShape outputShape(List<LayerShape> inputs) {
        LayerShape input = inputs.get(0);
        requireAxis(input, axis);
        for (int place : indices) {
            if (place < 0 || place >= input.length(axis)) {
                throw wrong("index " + place + " does not lie in the " + axis.text() + " of its input " + input);
            }
        }
        return Indexed.withLength(input, axis, indices.size());
    }

    @Override
    public int[] index(LayerShape input) {
        return Indexed.along(
                input, axis, indices.stream().mapToInt(Integer::intValue).toArray());
    }
}

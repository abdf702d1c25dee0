package unweave.engine.layer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import unweave.kernels.ImageShape;

/**
 * The shape of a parameter that meets an image value by value, [height, width, channels], or a vector, [features]. On
 * an axis of length 1 it repeats.
 */
record ValueShape(List<Integer> lengths) {
    ValueShape {
        lengths = List.copyOf(lengths);
    }

    /** Reads the field "shape". */
    static ValueShape read(JsonFields fields) {
        JsonArray array = fields.array("shape");
        List<Integer> lengths = new ArrayList<>();
        for (JsonElement element : array) {
            if (element instanceof JsonPrimitive number
                    && number.isNumber()
                    && number.getAsDouble() == Math.rint(number.getAsDouble())
                    && number.getAsDouble() >= 1
                    && number.getAsDouble() <= Integer.MAX_VALUE) {
                lengths.add(number.getAsInt());
            }
        }
        if (lengths.size() != array.size() || (lengths.size() != 1 && lengths.size() != 3)) {
            throw fields.wrong(
                    "\"shape\" must be [height, width, channels] or [features], whole numbers of at least 1, not "
                            + array);
        }
        return new ValueShape(lengths);
    }

    void write(JsonObject json) {
        JsonArray array = new JsonArray();
        lengths.forEach(array::add);
        json.add("shape", array);
    }

    /** Refuses what cannot meet values of this shape. */
    void requireFit(Layer layer, LayerShape input) {
        List<Integer> full =
                input.flat() ? List.of(input.features()) : List.of(input.height(), input.width(), input.channels());
        boolean fits = full.size() == lengths.size();
        for (int i = 0; fits && i < full.size(); i++) {
            fits = lengths.get(i) == 1 || lengths.get(i).equals(full.get(i));
        }
        if (!fits) {
            throw layer.wrong("its shape " + lengths + " does not fit what it reads, " + input
                    + ": it must have as many axes, each of the same length or 1");
        }
    }

    /** As an image of a batch of one; a vector is one of one position. */
    ImageShape image() {
        return lengths.size() == 1
                ? new ImageShape(1, 1, 1, lengths.get(0))
                : new ImageShape(1, lengths.get(0), lengths.get(1), lengths.get(2));
    }

    /** Whether there is one value for each of several channels, the same at every position. */
    boolean isPerChannel() {
        ImageShape image = image();
        return image.size() == image.channels() && image.channels() > 1;
    }

    /** The shape of the parameter: [channels] where it repeats over all positions. */
    List<Integer> ofParameter() {
        ImageShape image = image();
        return image.size() == image.channels() ? List.of(image.channels()) : lengths;
    }
}

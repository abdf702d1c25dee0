package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Places start, start + step, ... of one axis, up to {@code stop}, which is left out.
 *
 * @param step how far from one place to the next; below 0 for backwards
 * @param stop -1 where a slice that goes backwards takes place 0 too
 */
public record Slice(String name, List<String> inputs, Axis axis, int start, int stop, int step) implements Indexed {
    public Slice {
        inputs = Layer.checked(name, inputs, 1);
        if (step == 0) {
            throw Layer.wrong(name, "step must not be 0");
        }
        if (start < 0 || stop < -1 || (step > 0 ? stop <= start : stop >= start)) {
            throw Layer.wrong(name, "takes nothing from start " + start + " to stop " + stop + " in steps of " + step);
        }
    }

    static Slice read(JsonFields fields, String name, List<String> inputs) {
        return new Slice(
                name,
                inputs,
                Axis.read(fields, "axis", Axis.WIDTH),
                fields.whole("start", 0, 0),
                fields.whole("stop", -1),
                fields.integer("step", 1));
    }

    @Override
    public void write(JsonObject json) {
        json.addProperty("axis", axis.text());
        json.addProperty("start", start);
        json.addProperty("stop", stop);
        json.addProperty("step", step);
    }

    @Override
    public LayerShape outputShape(List<LayerShape> inputs) {
        LayerShape input = inputs.get(0);
        requireAxis(input, axis);
        if (Math.max(start, stop - 1) >= input.length(axis)) {
            throw wrong("start " + start + " and stop " + stop + " do not lie in the " + axis.text() + " of its input "
                    + input);
        }
        return Indexed.withLength(input, axis, places().length);
    }

    private int[] places() {
        int count = (int) (((long) stop - start + step - Integer.signum(step)) / step);
        return IntStream.range(0, count).map(i -> start + i * step).toArray();
    }

    @Override
    public int[] index(LayerShape input) {
        return Indexed.along(input, axis, places());
    }
}

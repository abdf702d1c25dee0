package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Values put around an image, or at the ends of a vector.
 *
 * @param value what the mode constant puts there
 * @param height how many rows before and behind, as {@code width} and {@code channels}
 */
public record Pad(
        String name,
        List<String> inputs,
        Mode mode,
        float value,
        List<Integer> height,
        List<Integer> width,
        List<Integer> channels)
        implements Indexed {
    private static final List<Integer> NONE = List.of(0, 0);

    /** What is put around the values a b c d, with the names of PyTorch. */
    public enum Mode {
        /** 0 0 a b c d 0 0. */
        CONSTANT,
        /** c b a b c d c b. */
        REFLECT,
        /** a a a b c d d d. */
        REPLICATE,
        /** c d a b c d a b. */
        CIRCULAR;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The place of a value in an axis of so many, or -1 for the constant. */
        private int place(int i, int length) {
            if (i >= 0 && i < length) {
                return i;
            }
            return switch (this) {
                case CONSTANT -> -1;
                case REFLECT -> i < 0 ? -i : 2 * (length - 1) - i;
                case REPLICATE -> i < 0 ? 0 : length - 1;
                case CIRCULAR -> Math.floorMod(i, length);
            };
        }

        /** The most values on one side of an axis of so many. */
        private int most(int length) {
            return switch (this) {
                case CONSTANT, REPLICATE -> Integer.MAX_VALUE;
                case REFLECT -> length - 1;
                case CIRCULAR -> length;
            };
        }
    }

    public Pad {
        inputs = Layer.checked(name, inputs, 1);
        height = checked(name, "height", height);
        width = checked(name, "width", width);
        channels = checked(name, "channels", channels);
    }

    private static List<Integer> checked(String name, String axis, List<Integer> ends) {
        if (ends.size() != 2 || ends.get(0) < 0 || ends.get(1) < 0) {
            throw Layer.wrong(name, "\"" + axis + "\" must be [before, behind], both at least 0, not " + ends);
        }
        return List.copyOf(ends);
    }

    static Pad read(JsonFields fields, String name, List<String> inputs) {
        String text = fields.element("mode") == null ? Mode.CONSTANT.text() : fields.text("mode");
        Mode mode = Arrays.stream(Mode.values())
                .filter(one -> one.text().equals(text))
                .findFirst()
                .orElseThrow(() -> fields.wrong("\"mode\" must be "
                        + Arrays.stream(Mode.values()).map(Mode::text).collect(Collectors.joining(", ")) + ", not \""
                        + text + "\""));
        return new Pad(
                name,
                inputs,
                mode,
                fields.number("value", 0f),
                fields.wholes("height", 0, NONE),
                fields.wholes("width", 0, NONE),
                fields.wholes("channels", 0, NONE));
    }

    @Override
    public void write(JsonObject json) {
        json.addProperty("mode", mode.text());
        json.addProperty("value", value);
        json.add("height", Indexed.toJson(height));
        json.add("width", Indexed.toJson(width));
        json.add("channels", Indexed.toJson(channels));
    }

    private List<Integer> ends(Axis axis) {
        return switch (axis) {
            case HEIGHT -> height;
            case WIDTH -> width;
            case CHANNELS -> channels;
        };
    }

    @Override
    public LayerShape outputShape(List<LayerShape> inputs) {
        LayerShape shape = inputs.get(0);
        for (Axis axis : Axis.values()) {
            if (!ends(axis).equals(NONE)) {
                shape = padded(shape, axis, ends(axis));
            }
        }
        return shape;
    }

    private LayerShape padded(LayerShape shape, Axis axis, List<Integer> ends) {
        requireAxis(shape, axis);
        int length = shape.length(axis);
        if (Math.max(ends.get(0), ends.get(1)) > mode.most(length)) {
            throw wrong(mode.text() + " padding of a " + axis.text() + " of " + length + " takes at most "
                    + mode.most(length) + " on each side, not " + ends);
        }
        return Indexed.withLength(shape, axis, Math.addExact(length, Math.addExact(ends.get(0), ends.get(1))));
    }

    @Override
    public float fill() {
        return value;
    }

    @Override
    public int[] index(LayerShape input) {
        LayerShape image = Indexed.asImage(input);
        return Indexed.along(
                image,
                places(height, image.height()),
                places(width, image.width()),
                places(channels, image.channels()));
    }

    private int[] places(List<Integer> ends, int length) {
        int[] places = new int[ends.get(0) + length + ends.get(1)];
        Arrays.setAll(places, i -> mode.place(i - ends.get(0), length));
        return places;
    }
}

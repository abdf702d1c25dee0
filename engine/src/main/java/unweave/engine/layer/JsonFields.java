package unweave.engine.layer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import unweave.kernels.BadInputException;
import unweave.kernels.Spelling;

/**
 * Reads the fields of a JSON object written by a person: every complaint says where, what was found, and what would be
 * right.
 */
public final class JsonFields {
    private final String where;
    private final JsonObject object;
    private final Set<String> known = new LinkedHashSet<>();

    /** @param where what the object is, such as "layer conv1"; complaints begin with it */
    public JsonFields(String where, JsonObject object) {
        this.where = where;
        this.object = object;
    }

    /** Complains about fields that nobody asked for: most likely misspelt ones. */
    public void finish() {
        for (String key : object.keySet()) {
            if (!known.contains(key)) {
                throw wrong("unknown field \"" + key + "\"" + Spelling.hint(key, known) + "; the fields are "
                        + String.join(", ", known));
            }
        }
    }

    public String text(String key) {
        JsonElement value = get(key);
        if (!isText(value)) {
            throw wrong("\"" + key + "\" must be a text, not " + shown(value));
        }
        return value.getAsString();
    }

    /** A list of texts; empty if the field is missing. One text alone counts as a list of one. */
    public List<String> texts(String key) {
        JsonElement value = get(key);
        if (value == null) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (JsonElement element : value.isJsonArray() ? value.getAsJsonArray() : listOf(value)) {
            if (!isText(element)) {
                throw wrong("\"" + key + "\" must be a list of texts, not " + shown(value));
            }
            texts.add(element.getAsString());
        }
        return texts;
    }

    /** A required whole number. */
    public int whole(String key, int least) {
        return whole(key, get(key), least, "a whole number of at least " + least);
    }

    public int whole(String key, int least, int missing) {
        return get(key) == null ? missing : whole(key, least);
    }

    /** A whole number, which may be below zero. */
    public int integer(String key, int missing) {
        JsonElement value = get(key);
        return value == null ? missing : whole(key, value, Integer.MIN_VALUE, "a whole number");
    }

    /** A required list of whole numbers. */
    public List<Integer> wholes(String key, int least) {
        List<Integer> numbers = new ArrayList<>();
        for (JsonElement element : array(key)) {
            numbers.add(whole(key, element, least, "a list of whole numbers of at least " + least));
        }
        return numbers;
    }

    /** As {@link #wholes(String, int)}, for a field that may be missing. */
    public List<Integer> wholes(String key, int least, List<Integer> missing) {
        return get(key) == null ? missing : wholes(key, least);
    }

    /** One whole number for both, or [height, width]. */
    public Size size(String key, int least, Size missing) {
        JsonElement value = get(key);
        String right = "a whole number of at least " + least + " or [height, width]";
        if (value == null && missing != null) {
            return missing;
        }
        if (value instanceof JsonArray pair && pair.size() == 2) {
            return new Size(whole(key, pair.get(0), least, right), whole(key, pair.get(1), least, right));
        }
        return Size.square(whole(key, value, least, right));
    }

    public float number(String key, float missing) {
        JsonElement value = get(key);
        if (value == null) {
            return missing;
        }
        if (!(value instanceof JsonPrimitive primitive && primitive.isNumber())) {
            throw wrong("\"" + key + "\" must be a number, not " + shown(value));
        }
        return value.getAsFloat();
    }

    /** A required number. */
    public double real(String key) {
        JsonElement value = get(key);
        if (!(value instanceof JsonPrimitive primitive && primitive.isNumber())) {
            throw wrong("\"" + key + "\" must be a number, not " + shown(value));
        }
        return value.getAsDouble();
    }

    public boolean flag(String key, boolean missing) {
        JsonElement value = get(key);
        if (value == null) {
            return missing;
        }
        if (!(value instanceof JsonPrimitive primitive && primitive.isBoolean())) {
            throw wrong("\"" + key + "\" must be true or false, not " + shown(value));
        }
        return value.getAsBoolean();
    }

    /** An object; empty if the field is missing. */
    public JsonObject object(String key) {
        JsonElement value = get(key);
        if (value == null) {
            return new JsonObject();
        }
        if (!value.isJsonObject()) {
            throw wrong("\"" + key + "\" must be an object {...}, not " + shown(value));
        }
        return value.getAsJsonObject();
    }

    /** A required list. */
    public JsonArray array(String key) {
        JsonElement value = get(key);
        if (value == null || !value.isJsonArray()) {
            throw wrong("\"" + key + "\" must be a list [...], not " + shown(value));
        }
        return value.getAsJsonArray();
    }

    /** Whatever the field holds, for those that may be of several kinds; null if it is missing. */
    public JsonElement element(String key) {
        return get(key);
    }

    /** Whether the field is the given text. */
    public boolean is(String key, String text) {
        JsonElement value = get(key);
        return isText(value) && value.getAsString().equals(text);
    }

    /** A complaint that says where. */
    public BadInputException wrong(String what) {
        return new BadInputException(where + ": " + what);
    }

    /**
     * The field "padding": a number for all sides, [height, width], [top, left, bottom, right], or "same", which with
     * stride 1 gives an output as high and wide as the input.
     */
    Padding padding(Size kernel, Size dilation) {
        return is("padding", "same") ? Padding.same(kernel, dilation) : padding();
    }

    /** The field "padding" in numbers. */
    Padding padding() {
        JsonElement value = get("padding");
        if (value == null) {
            return Padding.NONE;
        }
        String right = "a whole number of at least 0, [height, width] or [top, left, bottom, right]";
        if (!(value instanceof JsonArray sides && (sides.size() == 2 || sides.size() == 4))) {
            return Padding.equal(Size.square(whole("padding", value, 0, right)));
        }
        int[] numbers = new int[sides.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = whole("padding", sides.get(i), 0, right);
        }
        Size leading = new Size(numbers[0], numbers[1]);
        return numbers.length == 2 ? Padding.equal(leading) : new Padding(leading, new Size(numbers[2], numbers[3]));
    }

    private JsonElement get(String key) {
        known.add(key);
        return object.get(key);
    }

    private int whole(String key, JsonElement value, int least, String right) {
        if (value instanceof JsonPrimitive primitive && primitive.isNumber()) {
            double number = primitive.getAsDouble();
            if (number == Math.rint(number) && number >= least && number <= Integer.MAX_VALUE) {
                return (int) number;
            }
        }
        throw wrong("\"" + key + "\" must be " + right + ", not " + shown(value));
    }

    private static boolean isText(JsonElement value) {
        return value instanceof JsonPrimitive primitive && primitive.isString();
    }

    private static String shown(JsonElement value) {
        if (value == null) {
            return "missing";
        }
        String text = value.toString();
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }

    private static JsonArray listOf(JsonElement value) {
        JsonArray array = new JsonArray();
        array.add(value);
        return array;
    }
}

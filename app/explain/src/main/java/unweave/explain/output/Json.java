package unweave.explain.output;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializationContext;
import com.google.gson.JsonSerializer;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * JSON text that is the same on every run and every JDK. Objects are indented, arrays of plain values stand on one
 * line. Keys keep the order of a {@link LinkedHashMap}, {@link SortedMap} or {@link EnumMap} and of the fields of a
 * class or record; any other map is sorted. Not-a-number and infinities become null, as JSON has none; other numbers
 * have the fewest digits that read back as the same float or double.
 */
public final class Json {

    private static final Gson GSON = new GsonBuilder()
            .serializeNulls()
            .disableHtmlEscaping()
            .registerTypeHierarchyAdapter(
                    Map.class, (JsonSerializer<Map<?, ?>>) (map, type, context) -> object(map, context))
            .registerTypeAdapter(Double.class, (JsonSerializer<Double>) (value, type, context) -> number(value))
            .registerTypeAdapter(double.class, (JsonSerializer<Double>) (value, type, context) -> number(value))
            .registerTypeAdapter(Float.class, (JsonSerializer<Float>) (value, type, context) -> number(value))
            .registerTypeAdapter(float.class, (JsonSerializer<Float>) (value, type, context) -> number(value))
            .create();

    /** Reads what {@link #pretty} wrote. */
    private static final Gson READER = new GsonBuilder()
            .registerTypeAdapter(double.class, new NumberOrNull<>(Double.NaN, JsonReader::nextDouble))
            .registerTypeAdapter(
                    float.class, new NumberOrNull<>(Float.NaN, reader -> Float.parseFloat(reader.nextString())))
            .create();

    /** Null stands for not-a-number. */
    private static final class NumberOrNull<T> extends TypeAdapter<T> {
        private final T none;
        private final Reading<T> reading;

        interface Reading<T> {
            T next(JsonReader reader) throws IOException;
        }

        NumberOrNull(T none, Reading<T> reading) {
            this.none = none;
            this.reading = reading;
        }

        @Override
        public T read(JsonReader reader) throws IOException {
            if (reader.peek() == JsonToken.NULL) {
                reader.nextNull();
                return none;
            }
            return reading.next(reader);
        }

        @Override
        public void write(JsonWriter writer, T value) {
            throw new UnsupportedOperationException("for reading only");
        }
    }

    private Json() {}

    /**
     * The record, list or array that a text stands for.
     *
     * @throws JsonParseException if it is not JSON, or does not describe a value of that type
     */
    @SuppressWarnings("TypeParameterUnusedInFormals") // as in Gson: a Type cannot carry T
    public static <T> T parse(String text, Type type) {
        return READER.fromJson(text, type);
    }

    /**
     * The value as indented JSON, ended by a line break. Values are records, maps, lists, arrays, strings, numbers,
     * booleans, null.
     */
    public static String pretty(Object value) {
        StringBuilder out = new StringBuilder();
        append(out, GSON.toJsonTree(value), "");
        return out.append('\n').toString();
    }

    /** The value as JSON on one line without a line break, for example one record per line on standard output. */
    public static String line(Object value) {
        return GSON.toJson(GSON.toJsonTree(value));
    }

    private static JsonElement object(Map<?, ?> map, JsonSerializationContext context) {
        boolean ordered = map instanceof LinkedHashMap || map instanceof SortedMap || map instanceof EnumMap;
        Map<String, Object> entries = ordered ? new LinkedHashMap<>() : new TreeMap<>();
        map.forEach((key, value) -> entries.put(String.valueOf(key), value));
        JsonObject object = new JsonObject();
        entries.forEach((key, value) -> object.add(key, value == null ? JsonNull.INSTANCE : context.serialize(value)));
        return object;
    }

    private static JsonElement number(double value) {
        return Double.isFinite(value)
                ? shortest(new BigDecimal(value), 17, text -> text.doubleValue() == value)
                : JsonNull.INSTANCE;
    }

    private static JsonElement number(float value) {
        return Float.isFinite(value)
                ? shortest(new BigDecimal(value), 9, text -> text.floatValue() == value)
                : JsonNull.INSTANCE;
    }

    /**
     * The fewest decimal digits that still denote the same number. Not {@code Double.toString}, which prints more than
     * needed for some values before JDK 19. Plain from 0.0001 up to 15 digits, with an exponent outside.
     */
    private static JsonElement shortest(BigDecimal exact, int mostDigits, Predicate<BigDecimal> same) {
        int digits = 1;
        while (digits < mostDigits && !same.test(exact.round(new MathContext(digits)))) {
            digits++;
        }
        BigDecimal rounded = exact.round(new MathContext(digits)).stripTrailingZeros();
        int magnitude = rounded.precision() - rounded.scale() - 1;
        boolean plain = rounded.signum() == 0 || (magnitude >= -4 && magnitude < 15);
        return new JsonPrimitive(plain ? rounded.setScale(Math.max(0, rounded.scale())) : rounded);
    }

    private static void append(StringBuilder out, JsonElement element, String indent) {
        if (element instanceof JsonObject object && object.size() > 0) {
            String separator = "{\n";
            for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
                out.append(separator)
                        .append(indent)
                        .append("  ")
                        .append(GSON.toJson(entry.getKey()))
                        .append(": ");
                append(out, entry.getValue(), indent + "  ");
                separator = ",\n";
            }
            out.append('\n').append(indent).append('}');
        } else if (element instanceof JsonArray array && array.size() > 0) {
            boolean nested = array.asList().stream().anyMatch(item -> item.isJsonObject() || item.isJsonArray());
            String separator = nested ? "[\n" + indent + "  " : "[";
            for (JsonElement item : array) {
                out.append(separator);
                append(out, item, indent + "  ");
                separator = nested ? ",\n" + indent + "  " : ", ";
            }
            out.append(nested ? "\n" + indent + "]" : "]");
        } else {
            out.append(GSON.toJson(element));
        }
    }
}

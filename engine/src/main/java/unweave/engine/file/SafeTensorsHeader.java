package unweave.engine.file;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON header of a safetensors file, checked before anything is believed: {"__metadata__": {text: text}, name:
 * {"dtype", "shape", "data_offsets": [begin, end]}}.
 */
final class SafeTensorsHeader {
    private static final String METADATA = "__metadata__";

    final Map<String, String> metadata = new LinkedHashMap<>();
    final Map<String, TensorEntry> entries = new LinkedHashMap<>();

    /** What is wrong with a header, in words that follow "not a valid safetensors file". */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String what) {
            super(what);
        }
    }

    /** @param dataBytes the length of what follows the header */
    SafeTensorsHeader(String json, long dataBytes) throws Malformed {
        for (Map.Entry<String, JsonElement> field : parse(json).entrySet()) {
            if (field.getKey().equals(METADATA) && field.getValue().isJsonNull()) {
                continue;
            }
            if (!field.getValue().isJsonObject()) {
                throw new Malformed("header field " + quoted(field.getKey()) + " is not an object");
            }
            JsonObject value = field.getValue().getAsJsonObject();
            if (field.getKey().equals(METADATA)) {
                readMetadata(value);
            } else {
                entries.put(field.getKey(), entry(field.getKey(), value, dataBytes));
            }
        }
        requireGapless(dataBytes);
    }

    /** Strict, as the format is: no comments, no single quotes, no key twice. */
    private static JsonObject parse(String json) throws Malformed {
        try (JsonReader reader = new JsonReader(new StringReader(json))) {
            reader.setStrictness(Strictness.STRICT);
            if (reader.peek() == JsonToken.BEGIN_OBJECT) {
                JsonObject header = object(reader);
                if (reader.peek() == JsonToken.END_DOCUMENT) {
                    return header;
                }
            }
        } catch (IOException | IllegalStateException | JsonParseException e) {
            // Reported below: where a binary file stops being JSON helps nobody.
        }
        throw new Malformed("the header is not a JSON object");
    }

    private static JsonObject object(JsonReader reader) throws IOException, Malformed {
        JsonObject object = new JsonObject();
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            if (object.has(name)) {
                throw new Malformed("the header has " + quoted(name) + " twice");
            }
            object.add(name, reader.peek() == JsonToken.BEGIN_OBJECT ? object(reader) : JsonParser.parseReader(reader));
        }
        reader.endObject();
        return object;
    }

    private void readMetadata(JsonObject object) throws Malformed {
        for (Map.Entry<String, JsonElement> field : object.entrySet()) {
            if (!(field.getValue() instanceof JsonPrimitive text && text.isString())) {
                throw new Malformed("metadata " + quoted(field.getKey()) + " is not a text");
            }
            metadata.put(field.getKey(), field.getValue().getAsString());
        }
    }

    private static TensorEntry entry(String name, JsonObject json, long dataBytes) throws Malformed {
        DataType type = type(name, json.get("dtype"));
        long[] shape = numbers(name, "shape", json.get("shape"));
        long[] offsets = numbers(name, "data_offsets", json.get("data_offsets"));
        if (offsets.length != 2 || offsets[0] > offsets[1]) {
            throw new Malformed("tensor " + quoted(name) + " has the data_offsets " + Arrays.toString(offsets));
        }
        if (offsets[1] > dataBytes) {
            throw new Malformed("tensor " + quoted(name) + " ends at byte " + offsets[1]
                    + " of the data, but there are " + dataBytes + "; the file may be truncated");
        }
        long bytes = type.bytes();
        List<Integer> lengths = new ArrayList<>();
        for (long length : shape) {
            if (length > Integer.MAX_VALUE || (length > 0 && bytes > Long.MAX_VALUE / length)) {
                throw new Malformed("tensor " + quoted(name) + " has the shape " + Arrays.toString(shape));
            }
            bytes *= length;
            lengths.add((int) length);
        }
        if (bytes != offsets[1] - offsets[0] || bytes / type.bytes() > Integer.MAX_VALUE - 8) {
            throw new Malformed("tensor " + quoted(name) + " of shape " + Arrays.toString(shape) + " and type " + type
                    + " cannot fill " + (offsets[1] - offsets[0]) + " bytes");
        }
        return new TensorEntry(type, lengths, offsets[0], offsets[1]);
    }

    private static DataType type(String name, JsonElement json) throws Malformed {
        if (json instanceof JsonPrimitive text && text.isString()) {
            for (DataType type : DataType.values()) {
                if (type.name().equals(text.getAsString())) {
                    return type;
                }
            }
        }
        throw new Malformed(
                "tensor " + quoted(name) + " has the type " + json + ", none of " + Arrays.toString(DataType.values()));
    }

    private static long[] numbers(String name, String field, JsonElement json) throws Malformed {
        if (json instanceof JsonArray array) {
            long[] numbers = new long[array.size()];
            boolean valid = true;
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = array.get(i) instanceof JsonPrimitive number && number.isNumber()
                        ? whole(number.getAsString())
                        : -1;
                valid &= numbers[i] >= 0;
            }
            if (valid) {
                return numbers;
            }
        }
        throw new Malformed("tensor " + quoted(name) + " has no valid " + field);
    }

    private static long whole(String number) {
        try {
            return Long.parseLong(number);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Tensors lie end to end and fill all of the data. */
    private void requireGapless(long dataBytes) throws Malformed {
        long covered = 0;
        String before = null;
        List<String> names = new ArrayList<>(entries.keySet());
        names.sort(Comparator.comparingLong((String name) -> entries.get(name).begin())
                .thenComparingLong(name -> entries.get(name).end()));
        for (String name : names) {
            if (entries.get(name).begin() < covered) {
                throw new Malformed("tensors " + quoted(before) + " and " + quoted(name) + " overlap");
            }
            if (entries.get(name).begin() > covered) {
                throw new Malformed(
                        "bytes " + covered + " to " + entries.get(name).begin() + " of the data, before tensor "
                                + quoted(name) + ", belong to none");
            }
            covered = entries.get(name).end();
            before = name;
        }
        if (covered < dataBytes) {
            throw new Malformed((dataBytes - covered) + " bytes behind the last tensor belong to none");
        }
    }

    private static String quoted(String name) {
        return '"' + (name.length() <= 60 ? name : name.substring(0, 60) + "...") + '"';
    }
}

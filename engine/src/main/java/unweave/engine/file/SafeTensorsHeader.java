package unweave.engine.file;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
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
        requireNoOverlap();
    }

    private static JsonObject parse(String json) throws Malformed {
        try {
            JsonElement header = JsonParser.parseString(json);
            if (header.isJsonObject()) {
                return header.getAsJsonObject();
            }
        } catch (JsonParseException e) {
            // Reported below: where a binary file stops being JSON helps nobody.
        }
        throw new Malformed("the header is not a JSON object");
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

    private void requireNoOverlap() throws Malformed {
        long covered = 0;
        String before = null;
        List<String> names = new ArrayList<>(entries.keySet());
        names.sort(Comparator.comparingLong((String name) -> entries.get(name).begin())
                .thenComparingLong(name -> entries.get(name).end()));
        for (String name : names) {
            if (entries.get(name).begin() < covered) {
                throw new Malformed("tensors " + quoted(before) + " and " + quoted(name) + " overlap");
            }
            covered = entries.get(name).end();
            before = name;
        }
    }

    private static String quoted(String name) {
        return '"' + (name.length() <= 60 ? name : name.substring(0, 60) + "...") + '"';
    }
}

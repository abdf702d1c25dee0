package unweave.engine.layer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.kernels.BadInputException;

/**
 * The list of the kinds of layers, and layers as JSON: {"name": "conv1", "kind": "conv", "filters": 8, "kernel": 3,
 * "padding": "same"}.
 */
public final class LayerKinds {
    private static final Map<String, Reader> KINDS = new LinkedHashMap<>();

    static {
        KINDS.put(Conv.KIND, Conv::read);
        KINDS.put(ConvTranspose.KIND, ConvTranspose::read);
        KINDS.put(MaxPool.KIND, MaxPool::read);
        KINDS.put(GlobalMaxPool.KIND, (fields, name, inputs) -> new GlobalMaxPool(name, inputs));
        KINDS.put(AvgPool.KIND, AvgPool::read);
        KINDS.put(AdaptiveAvgPool.KIND, AdaptiveAvgPool::read);
        KINDS.put(GlobalAvgPool.KIND, (fields, name, inputs) -> new GlobalAvgPool(name, inputs));
        KINDS.put(Dense.KIND, Dense::read);
        KINDS.put(Relu.KIND, (fields, name, inputs) -> new Relu(name, inputs));
        KINDS.put(Activate.KIND, Activate::read);
        KINDS.put(Dropout.KIND, Dropout::read);
        KINDS.put(BatchNorm.KIND, BatchNorm::read);
        KINDS.put(LayerNorm.KIND, LayerNorm::read);
        KINDS.put(Add.KIND, (fields, name, inputs) -> new Add(name, inputs));
        KINDS.put(Concat.KIND, (fields, name, inputs) -> new Concat(name, inputs));
        KINDS.put(Flatten.KIND, (fields, name, inputs) -> new Flatten(name, inputs));
    }

    private LayerKinds() {}

    /** Reads the settings of a layer of one kind. */
    private interface Reader {
        Layer read(JsonFields fields, String name, List<String> inputs);
    }

    /** All kinds, as written in JSON. */
    public static List<String> names() {
        return List.copyOf(KINDS.keySet());
    }

    /**
     * A layer from JSON.
     *
     * @param position of the layer in its network, from 1, for complaints about layers without a name
     * @throws BadInputException naming the layer and the field that is wrong
     */
    public static Layer read(JsonElement json, int position) {
        if (!json.isJsonObject()) {
            throw new BadInputException("layer " + position + ": must be an object {\"name\": ..., \"kind\": ...}");
        }
        JsonObject object = json.getAsJsonObject();
        boolean named = object.get("name") instanceof JsonPrimitive name && name.isString();
        JsonFields fields =
                new JsonFields("layer " + (named ? object.get("name").getAsString() : position), object);
        String name = fields.text("name");
        String kind = fields.text("kind");
        List<String> inputs = fields.texts("inputs");
        Reader reader = KINDS.get(kind);
        if (reader == null) {
            throw fields.wrong("unknown kind \"" + kind + "\"; the kinds are " + String.join(", ", names()));
        }
        Layer layer = reader.read(fields, name, inputs);
        fields.finish();
        return layer;
    }

    /** The JSON of a layer; {@link #read} reads it. */
    public static JsonObject write(Layer layer) {
        JsonObject json = new JsonObject();
        json.addProperty("name", layer.name());
        json.addProperty("kind", layer.kind());
        if (!layer.inputs().isEmpty()) {
            JsonArray inputs = new JsonArray();
            layer.inputs().forEach(inputs::add);
            json.add("inputs", inputs);
        }
        layer.write(json);
        return json;
    }
}

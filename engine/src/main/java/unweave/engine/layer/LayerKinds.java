package unweave.engine.layer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.kernels.BadInputException;
import unweave.kernels.Spelling;

/**
 * The list of the kinds of layers, and layers as JSON: {"name": "conv1", "kind": "conv", "filters": 8, "kernel": 3,
 * "padding": "same"}.
 */
public final class LayerKinds {
    private static final Map<String, Reader> READERS = new LinkedHashMap<>();
    private static final Map<Class<? extends Layer>, String> NAMES = new HashMap<>();

    static {
        add("conv", Conv.class, Conv::read);
        add("depthwise", Depthwise.class, Depthwise::read);
        add("convtranspose", ConvTranspose.class, ConvTranspose::read);
        add("maxpool", MaxPool.class, MaxPool::read);
        add("globalmaxpool", GlobalMaxPool.class, (fields, name, inputs) -> new GlobalMaxPool(name, inputs));
        add("avgpool", AvgPool.class, AvgPool::read);
        add("lppool", LpPool.class, LpPool::read);
        add("adaptiveavgpool", AdaptiveAvgPool.class, AdaptiveAvgPool::read);
        add("globalavgpool", GlobalAvgPool.class, (fields, name, inputs) -> new GlobalAvgPool(name, inputs));
        add("dense", Dense.class, Dense::read);
        add("relu", Relu.class, (fields, name, inputs) -> new Relu(name, inputs));
        add("activation", Activate.class, Activate::read);
        add("dropout", Dropout.class, Dropout::read);
        add("batchnorm", BatchNorm.class, BatchNorm::read);
        add("layernorm", LayerNorm.class, LayerNorm::read);
        add("groupnorm", GroupNorm.class, GroupNorm::read);
        add("instancenorm", InstanceNorm.class, InstanceNorm::read);
        add("softmax", Softmax.class, (fields, name, inputs) -> new Softmax(name, inputs));
        add("matmul", MatMul.class, MatMul::read);
        add("add", Add.class, (fields, name, inputs) -> new Add(name, inputs));
        add("subtract", Subtract.class, (fields, name, inputs) -> new Subtract(name, inputs));
        add("multiply", Multiply.class, Multiply::read);
        add("divide", Divide.class, (fields, name, inputs) -> new Divide(name, inputs));
        add("maximum", Maximum.class, (fields, name, inputs) -> new Maximum(name, inputs));
        add("minimum", Minimum.class, (fields, name, inputs) -> new Minimum(name, inputs));
        add("prelu", Prelu.class, Prelu::read);
        add("scale", Scale.class, Scale::read);
        add("shift", Shift.class, Shift::read);
        add("concat", Concat.class, Concat::read);
        add("flatten", Flatten.class, (fields, name, inputs) -> new Flatten(name, inputs));
        add("rearrange", Rearrange.class, Rearrange::read);
        add("pad", Pad.class, Pad::read);
        add("slice", Slice.class, Slice::read);
        add("take", Take.class, Take::read);
        add("upsample", Upsample.class, Upsample::read);
        add("constant", Constant.class, Constant::read);
        add("reduce", Reduce.class, Reduce::read);
        add("lstm", Lstm.class, Lstm::read);
        add("gru", Gru.class, Gru::read);
        add("rnn", Rnn.class, Rnn::read);
    }

    private LayerKinds() {}

    /** Reads the settings of a layer of one kind. */
    private interface Reader {
        Layer read(JsonFields fields, String name, List<String> inputs);
    }

    private static void add(String name, Class<? extends Layer> kind, Reader reader) {
        READERS.put(name, reader);
        NAMES.put(kind, name);
    }

    /** What a kind is called in JSON. */
    static String name(Class<? extends Layer> kind) {
        return NAMES.get(kind);
    }

    /** All kinds, as written in JSON. */
    public static List<String> names() {
        return List.copyOf(READERS.keySet());
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
        Reader reader = READERS.get(kind);
        if (reader == null) {
            throw fields.wrong("unknown kind \"" + kind + "\"" + Spelling.hint(kind, names()) + "; the kinds are "
                    + String.join(", ", names()));
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

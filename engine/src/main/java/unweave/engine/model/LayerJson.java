package unweave.engine.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import unweave.kernels.Activation;

/** A layer as JSON, such as {"name": "conv1", "kind": "conv", "filters": 8, "kernel": 3, "padding": "same"}. */
final class LayerJson {
    private static final Size ONE = Size.square(1);
    private static final Size ZERO = Size.square(0);

    private LayerJson() {}

    /** @param position of the layer in its network, from 1, for complaints about layers without a name */
    static LayerDescription read(JsonElement json, int position) {
        if (!json.isJsonObject()) {
            throw new IllegalArgumentException(
                    "layer " + position + ": must be an object {\"name\": ..., \"kind\": ...}");
        }
        JsonObject object = json.getAsJsonObject();
        boolean named = object.get("name") instanceof JsonPrimitive name && name.isString();
        JsonFields fields =
                new JsonFields("layer " + (named ? object.get("name").getAsString() : position), object);
        LayerDescription layer = read(fields, fields.text("name"), fields.text("kind"), fields.texts("inputs"));
        fields.finish();
        return layer;
    }

    private static LayerDescription read(JsonFields fields, String name, String kind, List<String> inputs) {
        return switch (kind) {
            case "conv" -> conv(fields, name, inputs);
            case "maxpool" -> {
                Size window = fields.size("window", 1, null);
                yield new LayerDescription.MaxPool(
                        name, inputs, window, fields.size("stride", 1, window), fields.size("padding", 0, ZERO));
            }
            case "avgpool" -> {
                Size window = fields.size("window", 1, null);
                yield new LayerDescription.AvgPool(
                        name, inputs, window, fields.size("stride", 1, window), fields.size("padding", 0, ZERO));
            }
            case "convtranspose" -> {
                Size kernel = fields.size("kernel", 1, null);
                yield new ConvTranspose(
                        name,
                        inputs,
                        fields.whole("filters", 1),
                        kernel,
                        fields.size("stride", 1, ONE),
                        fields.size("padding", 0, ZERO),
                        fields.size("extra", 0, ZERO),
                        fields.flag("bias", true));
            }
            case "globalmaxpool" -> new GlobalMaxPool(name, inputs);
            case "adaptiveavgpool" -> new AdaptiveAvgPool(name, inputs, fields.size("size", 1, null));
            case "activation" -> activation(fields, name, inputs);
            case "layernorm" -> new LayerNorm(name, inputs, fields.number("epsilon", 1e-5f));
            case "concat" -> new Concat(name, inputs);
            case "globalavgpool" -> new LayerDescription.GlobalAvgPool(name, inputs);
            case "dense" ->
                new LayerDescription.Dense(name, inputs, fields.whole("units", 1), fields.flag("bias", true));
            case "relu" -> new LayerDescription.Relu(name, inputs);
            case "dropout" -> new LayerDescription.Dropout(name, inputs, fields.number("probability", 0.5f));
            case "batchnorm" ->
                new LayerDescription.BatchNorm(
                        name, inputs, fields.number("epsilon", 1e-5f), fields.number("momentum", 0.1f));
            case "add" -> new LayerDescription.Add(name, inputs);
            case "flatten" -> new LayerDescription.Flatten(name, inputs);
            default ->
                throw fields.wrong(
                        "unknown kind \"" + kind + "\"; the kinds are " + String.join(", ", LayerDescription.KINDS));
        };
    }

    private static LayerDescription activation(JsonFields fields, String name, List<String> inputs) {
        String function = fields.text("function");
        Activation known = Arrays.stream(Activation.values())
                .filter(f -> functionName(f).equals(function))
                .findFirst()
                .orElseThrow(() -> fields.wrong("unknown function \"" + function + "\"; the functions are "
                        + Arrays.stream(Activation.values())
                                .map(LayerJson::functionName)
                                .collect(Collectors.joining(", "))
                        + "; ReLU is a kind of its own"));
        return new Activate(name, inputs, known, fields.number("constant", Activate.usualConstant(known)));
    }

    /** Such as "leaky-relu". */
    private static String functionName(Activation function) {
        return function.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static LayerDescription conv(JsonFields fields, String name, List<String> inputs) {
        int filters = fields.whole("filters", 1);
        Size kernel = fields.size("kernel", 1, null);
        Size stride = fields.size("stride", 1, ONE);
        Size dilation = fields.size("dilation", 1, ONE);
        Size padding =
                fields.is("padding", "same") ? keepingSize(fields, kernel, dilation) : fields.size("padding", 0, ZERO);
        return new LayerDescription.Conv(
                name,
                inputs,
                filters,
                kernel,
                stride,
                padding,
                dilation,
                fields.whole("groups", 1, 1),
                fields.flag("bias", true));
    }

    /** The padding "same": with stride 1 the output is as high and wide as the input. */
    private static Size keepingSize(JsonFields fields, Size kernel, Size dilation) {
        int vertical = dilation.height() * (kernel.height() - 1);
        int horizontal = dilation.width() * (kernel.width() - 1);
        if (vertical % 2 != 0 || horizontal % 2 != 0) {
            throw fields.wrong("padding \"same\" needs a kernel of odd height and width, not " + kernel);
        }
        return new Size(vertical / 2, horizontal / 2);
    }

    /** All options are written, also those with default values, so that the meaning of a file never changes. */
    static JsonObject write(LayerDescription layer) {
        JsonObject json = new JsonObject();
        json.addProperty("name", layer.name());
        json.addProperty("kind", layer.kind());
        if (!layer.inputs().isEmpty()) {
            JsonArray inputs = new JsonArray();
            layer.inputs().forEach(inputs::add);
            json.add("inputs", inputs);
        }
        writeOptions(layer, json);
        return json;
    }

    private static void writeOptions(LayerDescription layer, JsonObject json) {
        if (layer instanceof LayerDescription.Conv conv) {
            json.addProperty("filters", conv.filters());
            json.add("kernel", pair(conv.kernel()));
            json.add("stride", pair(conv.stride()));
            json.add("padding", pair(conv.padding()));
            json.add("dilation", pair(conv.dilation()));
            json.addProperty("groups", conv.groups());
            json.addProperty("bias", conv.bias());
        } else if (layer instanceof LayerDescription.MaxPool pool) {
            writeWindow(json, pool.window(), pool.stride(), pool.padding());
        } else if (layer instanceof LayerDescription.AvgPool pool) {
            writeWindow(json, pool.window(), pool.stride(), pool.padding());
        } else if (layer instanceof LayerDescription.Dense dense) {
            json.addProperty("units", dense.units());
            json.addProperty("bias", dense.bias());
        } else if (layer instanceof ConvTranspose conv) {
            json.addProperty("filters", conv.filters());
            json.add("kernel", pair(conv.kernel()));
            json.add("stride", pair(conv.stride()));
            json.add("padding", pair(conv.padding()));
            json.add("extra", pair(conv.extra()));
            json.addProperty("bias", conv.bias());
        } else if (layer instanceof AdaptiveAvgPool pool) {
            json.add("size", pair(pool.size()));
        } else if (layer instanceof Activate activation) {
            json.addProperty("function", functionName(activation.function()));
            json.addProperty("constant", activation.constant());
        } else if (layer instanceof LayerNorm norm) {
            json.addProperty("epsilon", norm.epsilon());
        } else if (layer instanceof LayerDescription.Dropout dropout) {
            json.addProperty("probability", dropout.probability());
        } else if (layer instanceof LayerDescription.BatchNorm norm) {
            json.addProperty("epsilon", norm.epsilon());
            json.addProperty("momentum", norm.momentum());
        }
    }

    private static void writeWindow(JsonObject json, Size window, Size stride, Size padding) {
        json.add("window", pair(window));
        json.add("stride", pair(stride));
        json.add("padding", pair(padding));
    }

    private static JsonArray pair(Size size) {
        JsonArray pair = new JsonArray();
        pair.add(size.height());
        pair.add(size.width());
        return pair;
    }
}

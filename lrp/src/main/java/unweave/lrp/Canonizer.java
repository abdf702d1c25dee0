package unweave.lrp;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import unweave.engine.layer.ChannelMap;
import unweave.engine.layer.Layer;
import unweave.engine.layer.LinearWeights;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;

/**
 * Brings a model into the form that propagation rules are meant for (Hui and Binder 2019): batch normalisation, which
 * outside training is an affine map of each channel, becomes part of the convolution or dense layer before it, or of
 * the one behind it. The result is a model of its own with the same outputs; the given one stays as it is, and closing
 * the result undoes everything.
 *
 * <p>With w_n = gamma / sqrt(variance + eps) and b_n = beta - mean w_n, a layer z = x w + b with the normalisation
 * behind it becomes w' = w w_n, b' = b w_n + b_n, and one with the normalisation before it w' = w_n w, b' = b + b_n w.
 * The latter is exact only without padding, since the padding's zeros are not normalised: there, and where other layers
 * read what lies between, the normalisation stays a layer and follows its rule. Residual additions need no such
 * treatment: on the tape they are layers like any other, with a rule of their own.
 */
public final class Canonizer {
    private final ModelDescription original;
    private final Map<String, float[]> weights;
    private final Map<String, JsonObject> layers = new LinkedHashMap<>();
    private final Map<String, List<String>> inputs = new HashMap<>();
    /** Normalisations that are gone, and the layers that they are part of now. */
    private final Map<String, String> merged = new LinkedHashMap<>();

    private Canonizer(ModelDescription original, Map<String, float[]> weights) {
        this.original = original;
        this.weights = new HashMap<>(weights);
        String previous = "input";
        JsonArray list = original.toJson().getAsJsonArray("layers");
        for (JsonElement element : list) {
            JsonObject layer = element.getAsJsonObject();
            String name = layer.get("name").getAsString();
            List<String> read = original.layer(name).inputs();
            inputs.put(name, new ArrayList<>(read.isEmpty() ? List.of(previous) : read));
            layers.put(name, layer);
            previous = name;
        }
    }

    /**
     * A model with the same outputs and as few batch normalisations as possible; belongs to the caller, on the backend
     * of {@code model}.
     *
     * @param model not modified, and not needed by the result
     */
    public static Model canonical(Model model) {
        Canonizer canonizer = new Canonizer(model.description(), model.weights());
        canonizer.merge();
        return canonizer.build(model.backend());
    }

    private void merge() {
        for (Layer layer : original.layers()) {
            Optional<ChannelMap> map = channelMap(layer);
            if (map.isPresent() && !mergeBackward(layer.name(), map.get())) {
                mergeForward(layer.name(), map.get());
            }
            if (merged.containsKey(layer.name())) {
                remove(layer.name());
            }
        }
    }

    /**
     * Says what became of a layer that {@link #canonical} leaves out: "bn1 was merged into conv1; take conv1 or relu1".
     *
     * @param description of the network as it is, with its batch normalisations
     * @return empty for a layer that stays
     */
    public static Optional<String> merged(ModelDescription description, String layer) {
        boolean normalises = description.layers().stream()
                .anyMatch(one -> one.name().equals(layer)
                        && one.channelMap(role -> new float[0]).isPresent());
        if (!normalises) {
            return Optional.empty();
        }
        Map<String, float[]> anyWeights = new HashMap<>();
        description.parameters().forEach(parameter -> anyWeights.put(parameter.name(), new float[parameter.size()]));
        Canonizer canonizer = new Canonizer(description, anyWeights);
        List<String> behind = canonizer.readers(layer);
        canonizer.merge();
        String into = canonizer.merged.get(layer);
        if (into == null) {
            return Optional.empty();
        }
        String other = behind.isEmpty() || behind.get(0).equals(into) ? "" : " or " + behind.get(0);
        return Optional.of(layer + " was merged into " + into + "; take " + into + other);
    }

    /** Whether anything in a model would change: it has batch normalisations. */
    public static boolean applies(ModelDescription description) {
        return description.layers().stream()
                .anyMatch(layer -> layer.channelMap(role -> new float[0]).isPresent());
    }

    private Optional<ChannelMap> channelMap(Layer layer) {
        return layer.channelMap(role -> weights.get(layer.name() + "." + role.suffix()));
    }

    /** Into the layer that the normalisation reads, if nobody else reads that. */
    private boolean mergeBackward(String norm, ChannelMap map) {
        String before = inputs.get(norm).get(0);
        Optional<LinearWeights> linear = linear(before);
        if (linear.isEmpty() || readers(before).size() != 1) {
            return false;
        }
        float[] weight = weights.get(before + ".weight").clone();
        int outputs = linear.get().outputs();
        for (int i = 0; i < weight.length; i++) {
            weight[i] = (float) (weight[i] * map.scale()[linear.get().output(i)]);
        }
        float[] bias =
                weights.getOrDefault(before + ".bias", new float[outputs]).clone();
        for (int o = 0; o < outputs; o++) {
            bias[o] = (float) (bias[o] * map.scale()[o] + map.shift()[o]);
        }
        replace(norm, before, weight, bias);
        return true;
    }

    /**
     * Into the one convolution without padding or dense layer that reads the normalisation, perhaps through flatten.
     */
    private boolean mergeForward(String norm, ChannelMap map) {
        List<String> readers = readers(norm);
        if (readers.size() == 1 && original.layer(readers.get(0)).isView()) {
            readers = readers(readers.get(0));
        }
        String behind = readers.size() == 1 ? readers.get(0) : Layer.INPUT;
        LinearWeights linear = linear(behind).orElse(null);
        if (linear == null || linear.padded()) {
            return false;
        }
        float[] weight = weights.get(behind + ".weight").clone();
        int outputs = linear.outputs();
        int rows = weight.length / outputs; // of the weights: taps x input channels per group, or features
        int channels = map.scale().length;
        int perGroup = channels / linear.groups();
        double[] bias = new double[outputs];
        for (int r = 0; r < rows; r++) {
            for (int o = 0; o < outputs; o++) {
                int channel = o / (outputs / linear.groups()) * perGroup % channels + r % perGroup;
                bias[o] += weight[r * outputs + o] * map.shift()[channel];
                weight[r * outputs + o] = (float) (weight[r * outputs + o] * map.scale()[channel]);
            }
        }
        float[] own = weights.getOrDefault(behind + ".bias", new float[outputs]);
        float[] total = new float[outputs];
        for (int o = 0; o < outputs; o++) {
            total[o] = (float) (own[o] + bias[o]);
        }
        replace(norm, behind, weight, total);
        return true;
    }

    private void replace(String norm, String layer, float[] weight, float[] bias) {
        merged.put(norm, layer);
        weights.put(layer + ".weight", weight);
        weights.put(layer + ".bias", bias);
        layers.get(layer).addProperty("bias", true);
    }

    private void remove(String norm) {
        String source = inputs.get(norm).get(0);
        layers.remove(norm);
        inputs.remove(norm);
        inputs.values().forEach(read -> read.replaceAll(name -> name.equals(norm) ? source : name));
    }

    private Model build(Backend backend) {
        if (merged.isEmpty()) {
            return Model.of(original, backend, parameter -> weights.get(parameter.name()));
        }
        JsonObject json = original.toJson();
        JsonArray list = new JsonArray();
        layers.forEach((name, layer) -> {
            JsonArray read = new JsonArray();
            inputs.get(name).forEach(read::add);
            layer.add("inputs", read);
            list.add(layer);
        });
        json.add("layers", list);
        return Model.of(ModelDescription.fromJson(json), backend, parameter -> weights.get(parameter.name()));
    }

    /** The weights of a layer of the form x * w + b that is still there. */
    private Optional<LinearWeights> linear(String layer) {
        return layers.containsKey(layer)
                ? original.layer(layer)
                        .linearWeights(original.inputShapes(layer).get(0))
                : Optional.empty();
    }

    private List<String> readers(String layer) {
        return inputs.entrySet().stream()
                .filter(entry -> entry.getValue().contains(layer))
                .map(Map.Entry::getKey)
                .toList();
    }
}

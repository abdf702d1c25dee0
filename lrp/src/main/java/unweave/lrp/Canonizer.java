package unweave.lrp;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.engine.model.LayerDescription;
import unweave.engine.model.LayerShape;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;

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
    private final Model original;
    private final Map<String, float[]> weights;
    private final Map<String, JsonObject> layers = new LinkedHashMap<>();
    private final Map<String, List<String>> inputs = new HashMap<>();
    private final List<String> merged = new ArrayList<>();

    private Canonizer(Model original) {
        this.original = original;
        this.weights = new HashMap<>(original.weights());
        String previous = "input";
        JsonArray list = original.description().toJson().getAsJsonArray("layers");
        for (JsonElement element : list) {
            JsonObject layer = element.getAsJsonObject();
            String name = layer.get("name").getAsString();
            List<String> read = original.description().layer(name).inputs();
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
        Canonizer canonizer = new Canonizer(model);
        for (LayerDescription layer : model.description().layers()) {
            if (layer instanceof LayerDescription.BatchNorm norm
                    && (canonizer.mergeBackward(norm) || canonizer.mergeForward(norm))) {
                canonizer.remove(norm.name());
            }
        }
        return canonizer.build();
    }

    /** Whether anything in a model would change: it has batch normalisations. */
    public static boolean applies(ModelDescription description) {
        return description.layers().stream().anyMatch(LayerDescription.BatchNorm.class::isInstance);
    }

    /** Into the layer that the normalisation reads, if nobody else reads that. */
    private boolean mergeBackward(LayerDescription.BatchNorm norm) {
        String before = inputs.get(norm.name()).get(0);
        if (!isLinear(before) || readers(before).size() != 1) {
            return false;
        }
        Affine affine = affine(norm);
        float[] weight = weights.get(before + ".weight").clone();
        boolean transposed = kind(before).equals("convtranspose");
        int outputs = affine.scale.length;
        int inner = transposed ? inputChannels(before) : 1;
        for (int i = 0; i < weight.length; i++) {
            weight[i] = (float) (weight[i] * affine.scale[i / inner % outputs]);
        }
        float[] bias =
                weights.getOrDefault(before + ".bias", new float[outputs]).clone();
        for (int o = 0; o < outputs; o++) {
            bias[o] = (float) (bias[o] * affine.scale[o] + affine.shift[o]);
        }
        replace(before, weight, bias);
        return true;
    }

    /**
     * Into the one convolution without padding or dense layer that reads the normalisation, perhaps through flatten.
     */
    private boolean mergeForward(LayerDescription.BatchNorm norm) {
        List<String> readers = readers(norm.name());
        if (readers.size() == 1 && kind(readers.get(0)).equals("flatten")) {
            readers = readers(readers.get(0));
        }
        if (readers.size() != 1 || !readsExactly(readers.get(0))) {
            return false;
        }
        String behind = readers.get(0);
        Affine affine = affine(norm);
        float[] weight = weights.get(behind + ".weight").clone();
        LayerDescription layer = original.description().layer(behind);
        int outputs = original.description().outputShape(behind).channels();
        int rows = weight.length / outputs; // of the weights: taps x input channels per group, or features
        int groups = layer instanceof LayerDescription.Conv conv ? conv.groups() : 1;
        int channels = affine.scale.length;
        int perGroup = layer instanceof LayerDescription.Conv ? channels / groups : channels;
        double[] bias = new double[outputs];
        for (int r = 0; r < rows; r++) {
            for (int o = 0; o < outputs; o++) {
                int channel = o / (outputs / groups) * perGroup % channels + r % perGroup;
                bias[o] += weight[r * outputs + o] * affine.shift[channel];
                weight[r * outputs + o] = (float) (weight[r * outputs + o] * affine.scale[channel]);
            }
        }
        float[] own = weights.getOrDefault(behind + ".bias", new float[outputs]);
        float[] total = new float[outputs];
        for (int o = 0; o < outputs; o++) {
            total[o] = (float) (own[o] + bias[o]);
        }
        replace(behind, weight, total);
        return true;
    }

    private boolean readsExactly(String layer) {
        LayerDescription description = original.description().layer(layer);
        if (description instanceof LayerDescription.Conv conv) {
            return conv.padding().height() == 0 && conv.padding().width() == 0;
        }
        return description instanceof LayerDescription.Dense;
    }

    private record Affine(double[] scale, double[] shift) {}

    private Affine affine(LayerDescription.BatchNorm norm) {
        float[] gamma = weights.get(norm.name() + ".weight");
        float[] beta = weights.get(norm.name() + ".bias");
        float[] mean = weights.get(norm.name() + ".running_mean");
        float[] variance = weights.get(norm.name() + ".running_var");
        double[] scale = new double[gamma.length];
        double[] shift = new double[gamma.length];
        for (int c = 0; c < scale.length; c++) {
            scale[c] = gamma[c] / Math.sqrt((double) variance[c] + norm.epsilon());
            shift[c] = beta[c] - mean[c] * scale[c];
        }
        return new Affine(scale, shift);
    }

    private void replace(String layer, float[] weight, float[] bias) {
        weights.put(layer + ".weight", weight);
        weights.put(layer + ".bias", bias);
        layers.get(layer).addProperty("bias", true);
    }

    private void remove(String norm) {
        String source = inputs.get(norm).get(0);
        layers.remove(norm);
        inputs.remove(norm);
        inputs.values().forEach(read -> read.replaceAll(name -> name.equals(norm) ? source : name));
        merged.add(norm);
    }

    private Model build() {
        ModelDescription description = original.description();
        if (merged.isEmpty()) {
            return Model.of(description, original.backend(), parameter -> weights.get(parameter.name()));
        }
        JsonObject json = description.toJson();
        JsonArray list = new JsonArray();
        layers.forEach((name, layer) -> {
            JsonArray read = new JsonArray();
            inputs.get(name).forEach(read::add);
            layer.add("inputs", read);
            list.add(layer);
        });
        json.add("layers", list);
        return Model.of(
                ModelDescription.fromJson(json), original.backend(), parameter -> weights.get(parameter.name()));
    }

    private boolean isLinear(String layer) {
        return layers.containsKey(layer)
                && List.of("conv", "convtranspose", "dense").contains(kind(layer));
    }

    private String kind(String layer) {
        return original.description().layer(layer).kind();
    }

    private int inputChannels(String layer) {
        String source = inputs.get(layer).get(0);
        LayerShape shape = source.equals("input")
                ? original.description().input()
                : original.description().outputShape(source);
        return shape.channels();
    }

    private List<String> readers(String layer) {
        return inputs.entrySet().stream()
                .filter(entry -> entry.getValue().contains(layer))
                .map(Map.Entry::getKey)
                .toList();
    }
}

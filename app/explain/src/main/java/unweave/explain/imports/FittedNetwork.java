package unweave.explain.imports;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import unweave.audio.spectral.Dct;
import unweave.audio.spectral.FrontEnd;
import unweave.engine.layer.Layer;
import unweave.engine.layer.LayerShape;
import unweave.engine.model.ModelDescription;
import unweave.explain.frontend.FrontEndSpec;

/**
 * A network that reads what a front end makes. Two things come before the layers of the original where they are needed:
 * an exchange of the axes, if it reads time before frequency, and the cosine transform of MFCCs, as a convolution over
 * all mel bands: y[n, t] = sum_m matrix[n, m] x[m, t] + bias[n]. So maps lie on the mel bands.
 */
record FittedNetwork(ModelDescription description, Map<String, float[]> weights, FrontEnd frontEnd) {

    /** @throws unweave.kernels.BadInputException in one line, if the front end makes inputs of another size */
    static FittedNetwork of(FrontEndSpec spec, ModelDescription network, Map<String, float[]> weights) {
        LayerShape input = network.input();
        boolean transposed = spec.transposed(input);
        int rows = transposed ? input.width() : input.height();
        int columns = transposed ? input.height() : input.width();
        FrontEnd frontEnd = spec.fit(LayerShape.image(rows, columns, input.channels()));
        List<JsonObject> before = new ArrayList<>();
        Map<String, float[]> all = new HashMap<>(weights);
        Set<String> taken = new HashSet<>(network.layerNames());
        if (frontEnd.dct().isPresent()) {
            Dct dct = frontEnd.dct().get();
            String name = free("dct", taken);
            before.add(transform(name, dct, frontEnd.rows()));
            before.add(rearrange(
                    free("dct-image", taken), List.of(columns, dct.coefficients()), List.of(1, 0), rows, columns));
            all.put(name + ".weight", columnsFirst(dct.matrix()));
            all.put(name + ".bias", dct.bias());
        }
        if (transposed) {
            before.add(rearrange(free("time-first", taken), List.of(rows, columns), List.of(1, 0), columns, rows));
        }
        if (before.isEmpty()) {
            return new FittedNetwork(network, weights, frontEnd);
        }
        LayerShape read = LayerShape.image(frontEnd.rows(), frontEnd.columns(), 1);
        return new FittedNetwork(prepended(before, network, read), all, frontEnd);
    }

    private static String free(String name, Set<String> taken) {
        String free = name;
        while (!taken.add(free)) {
            free += "-";
        }
        return free;
    }

    private static JsonObject transform(String name, Dct dct, int mels) {
        JsonObject layer = new JsonObject();
        layer.addProperty("name", name);
        layer.addProperty("kind", "conv");
        layer.addProperty("filters", dct.coefficients());
        layer.add("kernel", array(List.of(mels, 1)));
        return layer;
    }

    private static JsonObject rearrange(String name, List<Integer> split, List<Integer> order, int height, int width) {
        JsonObject layer = new JsonObject();
        layer.addProperty("name", name);
        layer.addProperty("kind", "rearrange");
        layer.add("split", array(split));
        layer.add("order", array(order));
        layer.add("to", array(List.of(height, width, 1)));
        return layer;
    }

    private static JsonArray array(List<Integer> values) {
        JsonArray array = new JsonArray();
        values.forEach(array::add);
        return array;
    }

    /** [coefficients][mels] as the weights of a convolution, mels x 1 x 1 x coefficients. */
    private static float[] columnsFirst(float[][] matrix) {
        float[] weights = new float[matrix.length * matrix[0].length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = matrix[i % matrix.length][i / matrix.length];
        }
        return weights;
    }

    private static ModelDescription prepended(List<JsonObject> before, ModelDescription network, LayerShape read) {
        String last = before.get(before.size() - 1).get("name").getAsString();
        JsonArray layers = new JsonArray();
        before.forEach(layers::add);
        JsonObject json = network.toJson();
        for (JsonElement element : json.getAsJsonArray("layers")) {
            JsonObject layer = element.getAsJsonObject();
            if (layer.has("inputs")) {
                JsonArray inputs = new JsonArray();
                for (JsonElement name : layer.getAsJsonArray("inputs")) {
                    inputs.add(name.getAsString().equals(Layer.INPUT) ? new JsonPrimitive(last) : name);
                }
                layer.add("inputs", inputs);
            }
            layers.add(layer);
        }
        JsonObject input = new JsonObject();
        input.addProperty("height", read.height());
        input.addProperty("width", read.width());
        input.addProperty("channels", read.channels());
        json.add("input", input);
        json.add("layers", layers);
        return ModelDescription.fromJson(json);
    }
}

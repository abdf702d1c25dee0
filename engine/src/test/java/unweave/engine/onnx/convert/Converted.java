package unweave.engine.onnx.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.OnnxGraph;
import unweave.engine.onnx.evaluate.Evaluator;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

/** A converted graph, run beside the graph's own definition in float64. */
final class Converted {
    private final OnnxGraph graph;
    private final Conversion conversion;

    Converted(OnnxGraph graph, ConversionOptions options) {
        this(graph, Conversion.of(graph, options));
    }

    Converted(OnnxGraph graph, Conversion conversion) {
        this.graph = graph;
        this.conversion = conversion;
    }

    Conversion conversion() {
        return conversion;
    }

    /** The kinds of the layers; an activation by its function. */
    List<String> kinds() {
        List<String> kinds = new ArrayList<>();
        for (JsonElement layer : conversion.network().getAsJsonArray("layers")) {
            JsonObject object = layer.getAsJsonObject();
            kinds.add(object.get(object.has("function") ? "function" : "kind").getAsString());
        }
        return kinds;
    }

    List<String> names() {
        List<String> names = new ArrayList<>();
        conversion
                .network()
                .getAsJsonArray("layers")
                .forEach(layer -> names.add(layer.getAsJsonObject().get("name").getAsString()));
        return names;
    }

    ModelDescription description() {
        JsonObject json = conversion.network();
        JsonArray classes = new JsonArray();
        IntStream.range(0, conversion.classes()).forEach(i -> classes.add("class " + i));
        json.add("classes", classes);
        return ModelDescription.fromJson(json);
    }

    /** What the network answers to an array in the file's layout. */
    float[] predict(float[] values, int... dims) {
        Map<String, float[]> weights = conversion.weights();
        try (Backend backend = CpuBackend.create(1);
                Model model = Model.of(description(), backend, p -> weights.get(p.name()))) {
            return model.predict(conversion.toNetwork(values, dims), conversion.inputDims()[0] < 0 ? dims[0] : 1);
        }
    }

    /** The logits by the definitions of the graph's operators. */
    double[] definition(NdArray values) {
        String tensor = conversion.logitsTensor();
        NdArray logits = Evaluator.run(graph, Map.of(conversion.input(), values), List.of(tensor))
                .get(tensor);
        return conversion.logits(logits.numbers(), logits.dims());
    }

    /** Compares both on two random inputs, one by one for the graph, which may hold a batch of 1 only. */
    void requireAgreement() {
        int[] dims = conversion.inputDims();
        boolean batch = dims[0] < 0;
        dims[0] = batch ? 2 : dims[0];
        int size = IntStream.of(dims).reduce(1, (a, b) -> a * b);
        Random random = new Random(7);
        double[] values = random.doubles(size, -2, 2).map(v -> (float) v).toArray();
        float[] floats = new float[size];
        IntStream.range(0, size).forEach(i -> floats[i] = (float) values[i]);
        float[] ours = predict(floats, dims);
        int inputs = batch ? 2 : 1;
        dims[0] /= inputs;
        int classes = conversion.classes();
        assertEquals(inputs * classes, ours.length);
        for (int n = 0; n < inputs; n++) {
            double[] one = Arrays.copyOfRange(values, n * size / inputs, (n + 1) * size / inputs);
            double[] definition = definition(NdArray.of(one, dims));
            assertEquals(classes, definition.length);
            double largest = 0;
            double worst = 0;
            for (int i = 0; i < classes; i++) {
                largest = Math.max(largest, Math.abs(definition[i]));
                worst = Math.max(worst, Math.abs(definition[i] - ours[n * classes + i]));
            }
            assertTrue(largest > 0, "all outputs are 0");
            assertTrue(worst <= 2e-5 * largest, "differs by " + worst + " of " + largest);
        }
    }
}

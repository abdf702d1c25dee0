package unweave.engine.onnx.convert;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.engine.layer.LayerShape;
import unweave.engine.onnx.OnnxNode;

/** A layer in the making. It gets its name when it is known which layers the network's output needs. */
final class Draft {
    static final int HEIGHT = 0;
    static final int WIDTH = 1;
    static final int CHANNELS = 2;
    /** The axes of an image as layers call them. A vector has channels alone. */
    static final List<String> PLACES = List.of("height", "width", "channels");

    private final String kind;
    private final List<Draft> inputs;
    private final LayerShape shape;
    private final JsonObject fields = new JsonObject();
    /** By the suffix of the parameter's name; in the order of memory. */
    private final Map<String, float[]> weights = new LinkedHashMap<>();

    private OnnxNode node;
    /** The name of the tensor of weights, without ".weight"; null if it has none. */
    private String module;

    private List<Pointwise> pointwise = List.of();
    private ChannelwiseMap affine;
    private String name;

    Draft(String kind, LayerShape shape, Draft... inputs) {
        this.kind = kind;
        this.shape = shape;
        this.inputs = List.of(inputs);
    }

    /** The same layer with another output shape or kind: all settings and weights, which may then be replaced. */
    Draft copy() {
        Draft copy = new Draft(kind, shape, inputs.toArray(Draft[]::new));
        fields.entrySet().forEach(entry -> copy.fields.add(entry.getKey(), entry.getValue()));
        copy.weights.putAll(weights);
        copy.module = module;
        copy.node = node;
        return copy;
    }

    String kind() {
        return kind;
    }

    List<Draft> inputs() {
        return inputs;
    }

    LayerShape shape() {
        return shape;
    }

    JsonObject fields() {
        return fields;
    }

    Map<String, float[]> weights() {
        return weights;
    }

    OnnxNode node() {
        return node;
    }

    void node(OnnxNode maker) {
        node = maker;
    }

    String module() {
        return module;
    }

    String name() {
        return name;
    }

    void name(String given) {
        name = given;
    }

    /** What this layer computes from earlier ones value by value, the earliest first; at the end from itself. */
    List<Pointwise> pointwise() {
        List<Pointwise> all = new ArrayList<>(pointwise);
        all.add(new Pointwise(this, x -> x));
        return all;
    }

    void pointwise(List<Pointwise> known) {
        int first = Math.max(0, known.size() - Pointwise.LONGEST_CHAIN);
        pointwise = List.copyOf(known.subList(first, known.size()));
    }

    /** What this layer computes from an earlier one by a product and a sum with constants; null for others. */
    ChannelwiseMap affine() {
        return affine;
    }

    void affine(ChannelwiseMap known) {
        affine = known;
    }

    /** Height, width and channels; 1, 1 and the features of a vector. */
    int[] lengths() {
        return lengths(shape);
    }

    static int[] lengths(LayerShape shape) {
        return shape.flat()
                ? new int[] {1, 1, shape.features()}
                : new int[] {shape.height(), shape.width(), shape.channels()};
    }

    /** How far apart in memory neighbours along each place are. */
    int[] strides() {
        int[] lengths = lengths();
        return new int[] {lengths[WIDTH] * lengths[CHANNELS], lengths[CHANNELS], 1};
    }

    Draft set(String field, Number value) {
        fields.addProperty(field, value);
        return this;
    }

    Draft set(String field, boolean value) {
        fields.addProperty(field, value);
        return this;
    }

    Draft set(String field, String value) {
        fields.addProperty(field, value);
        return this;
    }

    Draft set(String field, int[] values) {
        JsonArray array = new JsonArray();
        Arrays.stream(values).forEach(array::add);
        fields.add(field, array);
        return this;
    }

    Draft setTexts(String field, List<String> values) {
        JsonArray array = new JsonArray();
        values.forEach(array::add);
        fields.add(field, array);
        return this;
    }

    Draft weight(String suffix, float[] values) {
        weights.put(suffix, values);
        return this;
    }

    /** Names the layer after its tensor of weights: "features.0.weight" gives "features.0". */
    Draft named(String tensor) {
        if (module == null) {
            module = tensor;
        }
        return this;
    }
}

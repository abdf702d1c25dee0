package unweave.engine.model;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import unweave.engine.layer.Conv;
import unweave.engine.layer.Dense;
import unweave.engine.layer.Dropout;
import unweave.engine.layer.Flatten;
import unweave.engine.layer.JsonFields;
import unweave.engine.layer.Layer;
import unweave.engine.layer.LayerKinds;
import unweave.engine.layer.LayerShape;
import unweave.engine.layer.MaxPool;
import unweave.engine.layer.ParameterDescription;
import unweave.engine.layer.ReceptiveField;
import unweave.engine.layer.Relu;
import unweave.engine.layer.Size;
import unweave.kernels.BadInputException;
import unweave.kernels.Spelling;

/**
 * Everything about a network but its weights: the size of its input, its layers, the names of its classes, and two JSON
 * objects that it keeps unchanged: how inputs are prepared, and how the weights were trained. Immutable. The last layer
 * gives one logit per class; {@link #probabilities} says what they mean.
 */
public final class ModelDescription {
    private static final Gson COMPACT = new GsonBuilder().disableHtmlEscaping().create();
    private static final Gson PRETTY =
            new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

    private final LayerShape input;
    private final Graph graph;
    private final List<String> classNames;
    private final JsonObject preprocessing;
    private final JsonObject trainingRecord;
    private final Probabilities probabilities;

    /**
     * A network whose classes exclude each other.
     *
     * @throws BadInputException in one line, naming the layer that does not fit
     */
    public ModelDescription(
            LayerShape input,
            List<Layer> layers,
            List<String> classNames,
            JsonObject preprocessing,
            JsonObject trainingRecord) {
        this(input, new Graph(input, layers), classNames, preprocessing, trainingRecord, Probabilities.SOFTMAX);
    }

    private ModelDescription(
            LayerShape input,
            Graph graph,
            List<String> classNames,
            JsonObject preprocessing,
            JsonObject trainingRecord,
            Probabilities probabilities) {
        this.input = input;
        this.graph = graph;
        this.classNames = List.copyOf(classNames);
        this.preprocessing = preprocessing.deepCopy();
        this.trainingRecord = trainingRecord.deepCopy();
        this.probabilities = probabilities;
        requireClassifier(graph.layers());
    }

    private void requireClassifier(List<Layer> layers) {
        if (layers.isEmpty()) {
            throw new BadInputException("a network needs at least one layer");
        }
        if (classNames.isEmpty() || new HashSet<>(classNames).size() != classNames.size()) {
            throw new BadInputException(
                    "a network needs at least one class, and every class its own name, not " + classNames);
        }
        String last = layers.get(layers.size() - 1).name();
        LayerShape output = graph.shape(last);
        if (!output.flat() || output.features() != classNames.size()) {
            throw new BadInputException("layer " + last + ": the last layer must give one value for each of the "
                    + classNames.size() + " classes, not " + output);
        }
    }

    /**
     * The networks of the thesis (3.1): five blocks of 3 x 3 convolution (conv1 ... conv5), ReLU and 2 x 2 max-pooling
     * (one block per entry of {@code filters}), then three dense layers dense1, dense2, dense3 with ReLU between them,
     * and dropout after the first two if {@code dropout} is not 0. Inputs have one channel; classes are named "class 1"
     * and so on.
     *
     * @param size height and width of the input, in mel bins and frames
     */
    public static ModelDescription cnn(int size, int[] filters, int denseUnits, int classes, float dropout) {
        List<Layer> layers = new ArrayList<>();
        int block = 0;
        for (int count : filters) {
            block++;
            layers.add(Conv.same("conv" + block, count, 3));
            layers.add(new Relu("relu" + block, List.of()));
            layers.add(new MaxPool("pool" + block, List.of(), Size.square(2), Size.square(2), Size.square(0)));
        }
        layers.add(new Flatten("flatten", List.of()));
        for (int i = 1; i <= 2; i++) {
            layers.add(new Dense("dense" + i, List.of(), denseUnits, true));
            layers.add(new Relu("relu" + (block + i), List.of()));
            if (dropout != 0f) {
                layers.add(new Dropout("dropout" + i, List.of(), dropout));
            }
        }
        layers.add(new Dense("dense3", List.of(), classes, true));
        return new ModelDescription(
                LayerShape.image(size, size, 1), layers, numbered(classes), new JsonObject(), new JsonObject());
    }

    /** The network for the synthetic sounds: 64 x 64 inputs, filters 8 8 16 16 16, dense 64, 20, 20, 2. */
    public static ModelDescription toy() {
        return cnn(64, new int[] {8, 8, 16, 16, 16}, 20, 2, 0f);
    }

    /**
     * The network for music genres: 128 x 128 inputs, filters 32 32 64 64 128, dense 2048, 128, 128, 10, dropout one
     * half.
     */
    public static ModelDescription gtzan() {
        return cnn(128, new int[] {32, 32, 64, 64, 128}, 128, 10, 0.5f);
    }

    public LayerShape input() {
        return input;
    }

    /** The layers, in the order in which they run. */
    public List<Layer> layers() {
        return graph.layers();
    }

    /** The names of the layers, in the order in which they run. */
    public List<String> layerNames() {
        return layers().stream().map(Layer::name).toList();
    }

    /** The layer of this name. */
    public Layer layer(String name) {
        requireLayer(name);
        return graph.layer(name);
    }

    /** The shape of a layer's output for one input. */
    public LayerShape outputShape(String layer) {
        requireLayer(layer);
        return graph.shape(layer);
    }

    /** The shapes of what a layer reads, for one input of the network. */
    public List<LayerShape> inputShapes(String layer) {
        requireLayer(layer);
        return graph.inputShapes(layer);
    }

    /**
     * What each position of a layer sees of the input. Vectors have one position, which sees what all of their features
     * see.
     *
     * @throws BadInputException if there is no such layer; the message lists the layers
     */
    public ReceptiveField receptiveField(String layer) {
        requireLayer(layer);
        Map<String, ReceptiveField> fields = new HashMap<>();
        fields.put(Layer.INPUT, ReceptiveField.ofInput(input));
        for (Layer one : layers()) {
            List<ReceptiveField> read =
                    graph.inputs(one.name()).stream().map(fields::get).toList();
            fields.put(one.name(), one.receptiveField(read, graph.inputShapes(one.name())));
        }
        return fields.get(layer);
    }

    public List<String> classNames() {
        return classNames;
    }

    /** How inputs are prepared; a copy. */
    public JsonObject preprocessing() {
        return preprocessing.deepCopy();
    }

    /** How the weights were trained; a copy. */
    public JsonObject trainingRecord() {
        return trainingRecord.deepCopy();
    }

    /** What the logits mean. */
    public Probabilities probabilities() {
        return probabilities;
    }

    /** All parameters, in the order of the layers. */
    public List<ParameterDescription> parameters() {
        return layers().stream()
                .flatMap(layer -> layer.parameters(graph.inputShapes(layer.name())).stream())
                .toList();
    }

    public ModelDescription withClassNames(List<String> names) {
        return new ModelDescription(input, graph, names, preprocessing, trainingRecord, probabilities);
    }

    public ModelDescription withPreprocessing(JsonObject values) {
        return new ModelDescription(input, graph, classNames, values, trainingRecord, probabilities);
    }

    public ModelDescription withTrainingRecord(JsonObject values) {
        return new ModelDescription(input, graph, classNames, preprocessing, values, probabilities);
    }

    public ModelDescription withProbabilities(Probabilities values) {
        return new ModelDescription(input, graph, classNames, preprocessing, trainingRecord, values);
    }

    /** Input and layers as compact JSON: what the weights depend on. Equal for equal architectures. */
    public String architecture() {
        return COMPACT.toJson(architectureJson());
    }

    private JsonObject architectureJson() {
        JsonObject size = new JsonObject();
        size.addProperty("height", input.height());
        size.addProperty("width", input.width());
        size.addProperty("channels", input.channels());
        JsonArray list = new JsonArray();
        layers().forEach(layer -> list.add(LayerKinds.write(layer)));
        JsonObject json = new JsonObject();
        json.add("input", size);
        json.add("layers", list);
        return json;
    }

    /** The whole description; {@link #fromJson} reads it. */
    public JsonObject toJson() {
        JsonObject json = architectureJson();
        JsonArray names = new JsonArray();
        classNames.forEach(names::add);
        json.add("classes", names);
        if (probabilities != Probabilities.SOFTMAX) {
            json.addProperty("probabilities", probabilities.keyword()); // files without it mean softmax
        }
        json.add("preprocessing", preprocessing());
        json.add("training", trainingRecord());
        return json;
    }

    /** The whole description as indented text. */
    public String toText() {
        return PRETTY.toJson(toJson());
    }

    /**
     * Reads {"input": {"height", "width", "channels"}, "layers": [...], "classes": [...], "probabilities": "softmax" or
     * "sigmoid" (default softmax), "preprocessing": {...}, "training": {...}}.
     */
    public static ModelDescription fromJson(JsonObject json) {
        return read(new JsonFields("model description", json), true, List.of());
    }

    /**
     * As {@link #fromJson(JsonObject)}, for networks whose classes stand elsewhere.
     *
     * @param classNames the names; if empty those of the JSON, or "class 1" and so on where it has none either
     * @throws BadInputException also if there are not as many names as outputs
     */
    public static ModelDescription network(JsonObject json, List<String> classNames) {
        return read(new JsonFields("model description", json), false, classNames);
    }

    private static ModelDescription read(JsonFields fields, boolean namesClasses, List<String> given) {
        JsonFields size = new JsonFields("model description, input", fields.object("input"));
        LayerShape input =
                LayerShape.image(size.whole("height", 1), size.whole("width", 1), size.whole("channels", 1, 1));
        size.finish();
        List<Layer> layers = new ArrayList<>();
        for (JsonElement layer : fields.array("layers")) {
            layers.add(LayerKinds.read(layer, layers.size() + 1));
        }
        if (namesClasses) {
            fields.array("classes");
        }
        List<String> own = fields.texts("classes");
        List<String> names = given.isEmpty() ? own : given;
        Graph graph = new Graph(input, layers);
        if (names.isEmpty() && !namesClasses && !layers.isEmpty()) {
            names = numbered(graph.shape(layers.get(layers.size() - 1).name()).features());
        }
        Probabilities probabilities = fields.element("probabilities") == null
                ? Probabilities.SOFTMAX
                : Probabilities.named(fields.text("probabilities"));
        ModelDescription description = new ModelDescription(
                input, graph, names, fields.object("preprocessing"), fields.object("training"), probabilities);
        fields.finish();
        return description;
    }

    private static List<String> numbered(int classes) {
        return IntStream.rangeClosed(1, classes).mapToObj(i -> "class " + i).toList();
    }

    /** As {@link #fromJson(JsonObject)}, from text. */
    public static ModelDescription parse(String text) {
        return fromJson(object(text));
    }

    private static JsonObject object(String text) {
        return JsonText.object("model description", text, "{\"input\": ..., \"layers\": ..., \"classes\": ...}");
    }

    /** Reads a description file; complaints begin with its name. */
    public static ModelDescription read(Path file) throws IOException {
        return read(file, ModelDescription::parse);
    }

    /** As {@link #network}, from a file; complaints begin with its name. */
    public static ModelDescription readNetwork(Path file, List<String> classNames) throws IOException {
        return read(file, text -> network(object(text), classNames));
    }

    private static ModelDescription read(Path file, Function<String, ModelDescription> parser) throws IOException {
        String text = JsonText.read(String.valueOf(file.getFileName()), file);
        try {
            return parser.apply(text);
        } catch (BadInputException e) {
            throw new BadInputException(file.getFileName() + ": " + e.getMessage(), e);
        }
    }

    Graph graph() {
        return graph;
    }

    void requireLayer(String name) {
        if (!graph.contains(name)) {
            throw new BadInputException("unknown layer \"" + name + "\"" + Spelling.hint(name, layerNames())
                    + "; the layers are " + String.join(", ", layerNames()));
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ModelDescription that && toJson().equals(that.toJson());
    }

    @Override
    public int hashCode() {
        return toJson().hashCode();
    }

    @Override
    public String toString() {
        return COMPACT.toJson(toJson());
    }
}

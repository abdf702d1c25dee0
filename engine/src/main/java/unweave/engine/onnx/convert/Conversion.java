package unweave.engine.onnx.convert;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import unweave.engine.layer.LayerKinds;
import unweave.engine.layer.LayerShape;
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.OnnxDimension;
import unweave.engine.onnx.OnnxGraph;
import unweave.engine.onnx.OnnxNode;
import unweave.engine.onnx.OnnxValue;
import unweave.engine.onnx.evaluate.Evaluator;
import unweave.kernels.BadInputException;

/**
 * An ONNX graph, or a part of it, as a network: its layers, and their weights. One input of a batch is converted; what
 * mixes the inputs of a batch is refused. A softmax or sigmoid at the end is cut away, so that the network gives
 * logits.
 */
public final class Conversion {
    private final OnnxGraph graph;
    private final String input;
    private final String output;
    private final InputLayout layout;
    private final GraphConverter converter;
    private Ending ending;
    /** The last tensor of the network. */
    private View logits;

    private List<Draft> layers = List.of();

    private Conversion(OnnxGraph graph, ConversionOptions options) {
        this(graph, options, tensor -> {
            int[] dims = dims(graph, options, tensor);
            return InputLayout.of(graph, tensor, dims, options.timeFirst());
        });
    }

    private Conversion(OnnxGraph graph, ConversionOptions options, Function<String, InputLayout> layouts) {
        this.graph = graph;
        Tensors tensors = new Tensors(graph);
        input = tensors.input(options.input());
        output = tensors.output(options.output());
        layout = layouts.apply(input);
        converter = new GraphConverter(graph, input, layout);
    }

    /** As {@link #of(OnnxGraph, ConversionOptions)} with time behind frequency and all sizes from the file. */
    public static Conversion of(OnnxGraph graph, String input, String output) {
        return of(graph, new ConversionOptions(input, output, false, null));
    }

    /**
     * Converts the part of a graph between two tensors.
     *
     * @throws unweave.engine.file.ModelFileException in one line, naming the node that is in the way
     * @throws BadInputException if there is no such tensor; the message lists tensors
     */
    public static Conversion of(OnnxGraph graph, ConversionOptions options) {
        return new Conversion(graph, options).finished();
    }

    /** A graph that reads one array without a batch, of up to three axes. */
    static Conversion withoutBatch(OnnxGraph graph, String output, int... dims) {
        ConversionOptions options = new ConversionOptions(null, output, false, null);
        return new Conversion(graph, options, tensor -> InputLayout.withoutBatch(tensor, dims)).finished();
    }

    private Conversion finished() {
        converter.convert(GraphConverter.needed(graph, input, output));
        finish();
        return this;
    }

    /** The sizes of a tensor's axes: from the file, or from the graph before it. */
    private static int[] dims(OnnxGraph graph, ConversionOptions options, String input) {
        OnnxValue declared = graph.value(input);
        boolean known = declared != null
                && declared.dims() != null
                && declared.dims().stream().skip(1).allMatch(OnnxDimension::isFixed);
        boolean inner = graph.producer(input) != null;
        if (inner && !known && options.dims() == null) {
            String whole = new Tensors(graph).input(null);
            int[] dims = dims(graph, options, whole);
            NdArray nothing = NdArray.of(new double[NdArray.size(dims)], dims);
            return Evaluator.run(graph, Map.of(whole, nothing), List.of(input))
                    .get(input)
                    .dims();
        }
        return InputLayout.dims(graph, declared == null ? new OnnxValue(input, null, null) : declared, options.dims());
    }

    private void finish() {
        ending = Ending.of(graph, output, converter);
        Value value = converter.value(ending.tensor());
        if (value instanceof Value.Refused refused) {
            throw new BadInputException(refused.reason());
        }
        if (!(value instanceof View view)) {
            throw graph.refusal("output \"" + output + "\" does not depend on input \"" + input + "\"");
        }
        logits = view;
        Draft last = converter.sketch().vector(view).layer();
        if (last == converter.sketch().input()) {
            throw graph.refusal("between \"" + input + "\" and \"" + output + "\" there is no layer");
        }
        layers = needed(last);
        Names.give(layers);
        requireFit();
    }

    /** The layers that the last one needs, in the order in which they were made. */
    private List<Draft> needed(Draft last) {
        Set<Draft> needed = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Draft> open = new ArrayDeque<>(List.of(last));
        while (!open.isEmpty()) {
            Draft draft = open.pop();
            if (needed.add(draft)) {
                draft.inputs().forEach(open::push);
            }
        }
        if (!needed.contains(converter.sketch().input())) {
            throw graph.refusal("output \"" + output + "\" does not depend on input \"" + input + "\"");
        }
        return converter.sketch().drafts().stream().filter(needed::contains).toList();
    }

    /** Every layer must read what it gets and give what this conversion expects of it. */
    private void requireFit() {
        int position = 0;
        for (Draft draft : layers) {
            LayerShape shape;
            try {
                shape = LayerKinds.read(json(draft), ++position)
                        .outputShape(draft.inputs().stream().map(Draft::shape).toList());
            } catch (BadInputException e) {
                throw draft.node() == null ? e : draft.node().refusal(e.getMessage());
            }
            if (shape.flat() != draft.shape().flat()
                    || (shape.flat() ? shape.features() != draft.shape().features() : !shape.equals(draft.shape()))) {
                throw new IllegalStateException(json(draft) + " gives " + shape + ", not " + draft.shape());
            }
        }
    }

    private static JsonObject json(Draft draft) {
        JsonObject json = new JsonObject();
        json.addProperty("name", draft.name());
        json.addProperty("kind", draft.kind());
        JsonArray inputs = new JsonArray();
        draft.inputs().forEach(of -> inputs.add(of.name()));
        json.add("inputs", inputs);
        draft.fields().entrySet().forEach(entry -> json.add(entry.getKey(), entry.getValue()));
        return json;
    }

    /** {"input": {"height", "width", "channels"}, "layers": [...]}; the classes are for the caller to name. */
    public JsonObject network() {
        LayerShape shape = layout.shape();
        JsonObject size = new JsonObject();
        size.addProperty("height", shape.height());
        size.addProperty("width", shape.width());
        size.addProperty("channels", shape.channels());
        JsonArray list = new JsonArray();
        layers.forEach(draft -> list.add(json(draft)));
        JsonObject network = new JsonObject();
        network.add("input", size);
        network.add("layers", list);
        return network;
    }

    /** The values of all parameters by name, in the order of memory. */
    public Map<String, float[]> weights() {
        Map<String, float[]> weights = new LinkedHashMap<>();
        for (Draft draft : layers) {
            draft.weights().forEach((suffix, values) -> weights.put(draft.name() + "." + suffix, values));
        }
        return weights;
    }

    /** The tensor at which the network begins. */
    public String input() {
        return input;
    }

    /** The tensor that the network was asked for; what {@link #cutAway} says lies between the logits and it. */
    public String output() {
        return output;
    }

    /** "softmax", "log-softmax" or "sigmoid", cut away behind the logits; "" if nothing was. */
    public String cutAway() {
        return ending.cutAway();
    }

    /** The tensor of the file that holds the logits: {@link #output} unless something was cut away. */
    public String logitsTensor() {
        return ending.tensor();
    }

    /** The number of logits. */
    public int classes() {
        return layers.get(layers.size() - 1).shape().features();
    }

    /** The sizes of the axes of {@link #input} in the file, the batch first as -1. */
    public int[] inputDims() {
        return layout.dims();
    }

    /**
     * Inputs in the file's own layout as N H W C.
     *
     * @param values not modified
     * @param dims of the array, batch first
     * @throws BadInputException if the array has other axes; the message says the right ones
     */
    public float[] toNetwork(float[] values, int[] dims) {
        return layout.toNetwork(values, dims);
    }

    /**
     * What the file's output holds, as N x classes.
     *
     * @param values not modified
     * @param dims of the array, batch first
     * @throws BadInputException if the array has another number of values
     */
    public double[] logits(double[] values, int[] dims) {
        int inputs = values.length / classes();
        if (values.length == 0 || values.length % classes() != 0 || (inputs > 1 && logits.batch() < 0)) {
            throw new BadInputException("an array of " + Arrays.toString(dims) + " for output \"" + output
                    + "\", which has " + classes() + " values for each input"
                    + (logits.batch() < 0 ? " and one input only" : ""));
        }
        int before = 1;
        for (int axis = 0; axis < logits.batch(); axis++) {
            before *= logits.size(axis);
        }
        int behind = classes() / before;
        double[] placed = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int n = i / behind % inputs;
            placed[n * classes() + i / (behind * inputs) * behind + i % behind] = values[i];
        }
        return placed;
    }

    /** One line for each node: what it became, or why it is in the way. Never stops at an obstacle. */
    public static List<String> inspect(OnnxGraph graph, ConversionOptions options) {
        boolean open = options.output() == null && graph.outputs().size() > 1;
        Set<String> outputs =
                open ? graph.outputs().stream().map(OnnxValue::name).collect(Collectors.toSet()) : new HashSet<>();
        Conversion conversion;
        try {
            String first = open ? graph.outputs().get(0).name() : options.output();
            conversion = new Conversion(
                    graph, new ConversionOptions(options.input(), first, options.timeFirst(), options.dims()));
        } catch (BadInputException e) {
            return Inspection.unread(graph, e.getMessage());
        }
        outputs.add(conversion.output);
        Set<OnnxNode> needed = new HashSet<>();
        outputs.forEach(output -> needed.addAll(GraphConverter.needed(graph, conversion.input, output)));
        conversion.converter.convert(needed);
        String obstacle = open ? "choose one of the outputs with --output: " + String.join(", ", outputs) : "";
        try {
            if (!open) {
                conversion.finish();
            }
        } catch (BadInputException e) {
            obstacle = e.getMessage();
        }
        if (conversion.layers.isEmpty()) {
            conversion.layers = conversion.converter.sketch().drafts();
            Names.give(conversion.layers);
        }
        List<String> lines = Inspection.lines(graph, needed, conversion.converter, conversion.layers);
        lines.add(
                obstacle.isEmpty()
                        ? "nothing is in the way: " + conversion.layers.size() + " layers from \"" + conversion.input
                                + "\" to \"" + conversion.ending.tensor() + "\""
                                + (conversion.cutAway().isEmpty() ? "" : ", " + conversion.cutAway() + " cut away")
                        : obstacle);
        return lines;
    }
}

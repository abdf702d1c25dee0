package unweave.engine.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code ModelProto} and {@code GraphProto}. */
final class GraphReader {
    /** The versions of the default domain whose operators are known here. */
    static final int FIRST_OPSET = 7;

    static final int LAST_OPSET = 22;

    private final Path file;
    private long irVersion;
    private String producer = "";
    private final Map<String, Integer> opsets = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private String name = "";
    private final List<OnnxNode> nodes = new ArrayList<>();
    private final Map<String, OnnxTensor> initializers = new LinkedHashMap<>();
    private final Map<String, OnnxValue> inputs = new LinkedHashMap<>();
    private final Map<String, OnnxValue> outputs = new LinkedHashMap<>();
    private final Map<String, OnnxValue> values = new LinkedHashMap<>();

    private GraphReader(Path file) {
        this.file = file;
    }

    static OnnxGraph read(Path file, ProtobufMessage model) throws IOException {
        GraphReader reader = new GraphReader(file);
        ProtobufMessage graph = reader.readModel(model);
        if (graph == null) {
            throw new Malformed("is no ONNX model: it holds no graph");
        }
        reader.checkOpset();
        reader.readGraph(graph);
        return reader.graph();
    }

    /** Everything but the graph, whose nodes can be read once the versions of the operators are known. */
    private ProtobufMessage readModel(ProtobufMessage model) throws IOException {
        ProtobufMessage graph = null;
        while (model.next()) {
            switch (model.field()) {
                case 1 -> irVersion = model.varint();
                case 2 -> producer = model.text();
                case 7 -> {
                    if (graph != null) {
                        throw new Malformed("is no ONNX model, or is damaged: it holds two graphs");
                    }
                    graph = model.message();
                }
                case 8 -> readOpset(model.message());
                case 14 -> {
                    Map.Entry<String, String> entry = TensorReader.entry(model.message());
                    metadata.put(entry.getKey(), entry.getValue());
                }
                default -> {}
            }
        }
        return graph;
    }

    private void readOpset(ProtobufMessage message) {
        String domain = "";
        long version = 0;
        while (message.next()) {
            if (message.field() == 1) {
                domain = domain(message.text());
            } else if (message.field() == 2) {
                version = message.varint();
            }
        }
        opsets.put(domain, (int) Math.max(0, Math.min(Integer.MAX_VALUE, version)));
    }

    /** The default domain has two names. */
    static String domain(String domain) {
        return domain.equals("ai.onnx") ? "" : domain;
    }

    private void checkOpset() {
        Integer version = opsets.get("");
        if (version == null) {
            throw new Malformed("does not say which version of ONNX' operators it uses; export it with opset "
                    + FIRST_OPSET + " to " + LAST_OPSET);
        }
        if (version < FIRST_OPSET || version > LAST_OPSET) {
            throw new Malformed("uses opset " + version + ", known are " + FIRST_OPSET + " to " + LAST_OPSET
                    + "; export it with opset_version=17");
        }
    }

    private void readGraph(ProtobufMessage graph) throws IOException {
        NodeReader nodeReader = new NodeReader(file, opsets);
        while (graph.next()) {
            switch (graph.field()) {
                case 1 -> nodes.add(nodeReader.read(graph.message()));
                case 2 -> name = graph.text();
                case 5 -> addInitializer(TensorReader.read(file, graph.message()));
                case 11 -> addValue(inputs, "input", value(graph.message()));
                case 12 -> addValue(outputs, "output", value(graph.message()));
                case 13 -> {
                    OnnxValue value = value(graph.message());
                    values.put(value.name(), value);
                }
                case 15 ->
                    throw new Malformed("has a sparse initializer \""
                            + TensorReader.shortened(sparseName(graph.message())) + "\"; export it as a dense tensor");
                default -> {}
            }
        }
    }

    private void addInitializer(OnnxTensor tensor) {
        if (tensor.name().isEmpty() || initializers.put(tensor.name(), tensor) != null) {
            throw new Malformed("has "
                    + (tensor.name().isEmpty()
                            ? "an initializer without a name"
                            : "two initializers \"" + TensorReader.shortened(tensor.name()) + "\""));
        }
    }

    private static void addValue(Map<String, OnnxValue> to, String what, OnnxValue value) {
        if (value.name().isEmpty() || to.put(value.name(), value) != null) {
            throw new Malformed("has "
                    + (value.name().isEmpty() ? "an " : "two graph ")
                    + what
                    + (value.name().isEmpty()
                            ? " without a name"
                            : "s \"" + TensorReader.shortened(value.name()) + "\""));
        }
    }

    /** The name of a {@code SparseTensorProto} is that of its values. */
    private String sparseName(ProtobufMessage sparse) {
        while (sparse.next()) {
            if (sparse.field() == 1) {
                ProtobufMessage values = sparse.message();
                while (values.next()) {
                    if (values.field() == 8) {
                        return values.text();
                    }
                }
            }
        }
        return "";
    }

    /** A {@code ValueInfoProto}. */
    private static OnnxValue value(ProtobufMessage message) {
        String name = "";
        OnnxValue described = new OnnxValue("", ElementType.UNDEFINED, null);
        while (message.next()) {
            if (message.field() == 1) {
                name = message.text();
            } else if (message.field() == 2) {
                ProtobufMessage type = message.message();
                while (type.next()) {
                    if (type.field() == 1) {
                        described = tensorType(type.message());
                    }
                }
            }
        }
        return new OnnxValue(name, described.type(), described.dims());
    }

    private static OnnxValue tensorType(ProtobufMessage message) {
        ElementType type = ElementType.UNDEFINED;
        List<OnnxDimension> dims = null;
        while (message.next()) {
            if (message.field() == 1) {
                type = ElementType.of(message.varint());
            } else if (message.field() == 2) {
                dims = new ArrayList<>();
                ProtobufMessage shape = message.message();
                while (shape.next()) {
                    if (shape.field() == 1) {
                        dims.add(dimension(shape.message()));
                    }
                }
            }
        }
        return new OnnxValue("", type, dims == null ? null : List.copyOf(dims));
    }

    private static OnnxDimension dimension(ProtobufMessage message) {
        long size = -1;
        String symbol = "";
        while (message.next()) {
            if (message.field() == 1) {
                size = Math.max(-1, message.varint());
            } else if (message.field() == 2) {
                symbol = message.text();
            }
        }
        return new OnnxDimension(size, symbol);
    }

    private OnnxGraph graph() {
        // Files of before 2020 list their initializers among the inputs; they are constants all the same.
        inputs.keySet().removeAll(initializers.keySet());
        inputs.forEach((input, value) -> values.put(input, value));
        outputs.forEach((output, value) -> values.put(output, value));
        List<OnnxNode> sorted = GraphOrder.sort(nodes, inputs.keySet(), initializers.keySet(), outputs.keySet());
        return new OnnxGraph(
                file,
                name,
                irVersion,
                producer,
                Collections.unmodifiableMap(opsets),
                List.copyOf(inputs.values()),
                List.copyOf(outputs.values()),
                Collections.unmodifiableMap(initializers),
                sorted,
                values,
                Collections.unmodifiableMap(metadata));
    }
}

package unweave.engine.onnx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.engine.file.ModelFileException;

/** The graph of an ONNX file: every tensor has a name, and is an input, a constant, or the output of one node. */
public final class OnnxGraph {
    private final Path file;
    private final String name;
    private final long irVersion;
    private final String producerName;
    private final Map<String, Integer> opsets;
    private final List<OnnxValue> inputs;
    private final List<OnnxValue> outputs;
    private final Map<String, OnnxTensor> initializers;
    private final List<OnnxNode> nodes;
    private final Map<String, OnnxValue> values;
    private final Map<String, String> metadata;
    private final Map<String, OnnxNode> producers = new HashMap<>();
    private final Map<String, List<OnnxNode>> consumers = new LinkedHashMap<>();

    OnnxGraph(
            Path file,
            String name,
            long irVersion,
            String producerName,
            Map<String, Integer> opsets,
            List<OnnxValue> inputs,
            List<OnnxValue> outputs,
            Map<String, OnnxTensor> initializers,
            List<OnnxNode> nodes,
            Map<String, OnnxValue> values,
            Map<String, String> metadata) {
        this.file = file;
        this.name = name;
        this.irVersion = irVersion;
        this.producerName = producerName;
        this.opsets = opsets;
        this.inputs = inputs;
        this.outputs = outputs;
        this.initializers = initializers;
        this.nodes = nodes;
        this.values = values;
        this.metadata = metadata;
        for (OnnxNode node : nodes) {
            node.outputs().forEach(output -> producers.put(output, node));
            node.inputs().stream().filter(input -> !input.isEmpty()).distinct().forEach(input -> consumers
                    .computeIfAbsent(input, key -> new ArrayList<>())
                    .add(node));
        }
        producers.remove("");
    }

    /** The file that it was read from. */
    public Path file() {
        return file;
    }

    /** The graph's name, may be empty. */
    public String name() {
        return name;
    }

    /** The version of the file format. */
    public long irVersion() {
        return irVersion;
    }

    /** What wrote the file ({@code pytorch}), may be empty. */
    public String producerName() {
        return producerName;
    }

    /** The version of ONNX' own operators, 7 to 22. */
    public int opset() {
        return opsets.get("");
    }

    /** The version of the operators of each domain; ONNX' own is the empty one. */
    public Map<String, Integer> opsets() {
        return opsets;
    }

    /** The inputs, without those that have a constant value. */
    public List<OnnxValue> inputs() {
        return inputs;
    }

    /** The outputs. */
    public List<OnnxValue> outputs() {
        return outputs;
    }

    /** The constant tensors by name. */
    public Map<String, OnnxTensor> initializers() {
        return initializers;
    }

    /** The nodes; each stands behind those whose outputs it reads. */
    public List<OnnxNode> nodes() {
        return nodes;
    }

    /** What the file declares of an input, an output or a tensor between, or null. */
    public OnnxValue value(String tensor) {
        return values.get(tensor);
    }

    /** The node that computes a tensor, or null: then it is an input, a constant or unknown. */
    public OnnxNode producer(String tensor) {
        return producers.get(tensor);
    }

    /** The nodes that read a tensor, each once, in order. */
    public List<OnnxNode> consumers(String tensor) {
        return consumers.getOrDefault(tensor, List.of());
    }

    /** What else the file says about itself. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** What to throw where the graph cannot be used: the file and the reason. */
    public ModelFileException refusal(String what) {
        return new ModelFileException(file, what);
    }
}

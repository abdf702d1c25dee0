package unweave.engine.onnx;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One of ONNX' own tests of its operators: a model of one node, mostly, with its inputs and expected outputs. Debian's
 * package {@code libonnx-testdata} holds 932 of them; the property {@code onnx.testdata} names another folder.
 *
 * @param name what is tested
 * @param graph the model
 * @param inputs the values of the graph's inputs, in their order
 * @param outputs the expected values of its outputs
 */
public record NodeCase(String name, OnnxGraph graph, List<OnnxTensor> inputs, List<OnnxTensor> outputs) {
    private static final Path FOLDER =
            Path.of(System.getProperty("onnx.testdata", "/usr/share/libonnx-testdata/data/node"));

    /** What a test does with a case. */
    public interface Check {
        void of(Path caseFolder) throws IOException;
    }

    /** Goes through all cases; skips the test that calls it where they are not installed. */
    public static void forEach(Check check) throws IOException {
        assumeTrue(
                Files.isDirectory(FOLDER),
                "no test data of ONNX at " + FOLDER
                        + " (Debian: apt install libonnx-testdata; else -Donnx.testdata=...)");
        List<Path> folders;
        try (Stream<Path> found = Files.list(FOLDER)) {
            folders = found.filter(Files::isDirectory).sorted().toList();
        }
        for (Path folder : folders) {
            check.of(folder);
        }
    }

    /**
     * Reads a case.
     *
     * @throws unweave.engine.file.ModelFileException if its model is refused, or its values are no tensors
     */
    public static NodeCase read(Path folder) throws IOException {
        OnnxGraph graph = OnnxFile.open(folder.resolve("model.onnx"));
        Path data = folder.resolve("test_data_set_0");
        return new NodeCase(
                folder.getFileName().toString(),
                graph,
                tensors(data, "input_", graph.inputs().size()),
                tensors(data, "output_", graph.outputs().size()));
    }

    private static List<OnnxTensor> tensors(Path data, String prefix, int count) throws IOException {
        List<OnnxTensor> tensors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tensors.add(OnnxFile.readTensor(data.resolve(prefix + i + ".pb")));
        }
        return tensors;
    }

    /** The inputs by name. */
    public Map<String, NdArray> values() {
        Map<String, NdArray> values = new LinkedHashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            values.put(graph.inputs().get(i).name(), values(graph.inputs().get(i), inputs.get(i)));
        }
        return values;
    }

    /** The expected values of an output. */
    public NdArray expected(int output) {
        return values(graph.outputs().get(output), outputs.get(output));
    }

    /** Some of the data call numbers of bfloat16 unsigned integers, of the same bits. */
    private static NdArray values(OnnxValue declared, OnnxTensor tensor) {
        NdArray values = tensor.values();
        if (declared.type() != ElementType.BFLOAT16 || values.type() != ElementType.UINT16) {
            return values;
        }
        double[] numbers = new double[values.size()];
        Arrays.setAll(numbers, i -> Float.intBitsToFloat((int) values.integer(i) << 16));
        return NdArray.of(ElementType.BFLOAT16, values.dims(), numbers);
    }

    /** The names of the outputs. */
    public List<String> outputNames() {
        return graph.outputs().stream().map(OnnxValue::name).toList();
    }

    /** The model with all inputs but the first as constants: weights and settings, which are inputs in these tests. */
    public OnnxGraph withConstants() {
        Map<String, OnnxTensor> constants = new LinkedHashMap<>(graph.initializers());
        for (int i = 1; i < inputs.size(); i++) {
            constants.put(graph.inputs().get(i).name(), inputs.get(i));
        }
        Map<String, OnnxValue> values = new LinkedHashMap<>();
        Stream.concat(graph.inputs().stream(), graph.outputs().stream())
                .forEach(value -> values.put(value.name(), value));
        return new OnnxGraph(
                graph.file(),
                graph.name(),
                graph.irVersion(),
                graph.producerName(),
                graph.opsets(),
                graph.inputs().subList(0, Math.min(1, inputs.size())),
                graph.outputs(),
                constants,
                graph.nodes(),
                values,
                graph.metadata());
    }

    /**
     * The largest difference of a value from the expected one, as a part of the largest expected one (at least 1).
     *
     * @return infinite if the dims or the type differ, or where a value is not finite and should be, or should not
     */
    public static double difference(NdArray expected, NdArray actual) {
        if (!Arrays.equals(expected.dims(), actual.dims()) || expected.type() != actual.type()) {
            return Double.POSITIVE_INFINITY;
        }
        double largest = 1;
        double difference = 0;
        for (int i = 0; i < expected.size(); i++) {
            double a = expected.number(i);
            double b = actual.number(i);
            if (Double.compare(a, b) == 0) {
                continue;
            }
            if (!Double.isFinite(a) || !Double.isFinite(b)) {
                return Double.POSITIVE_INFINITY;
            }
            largest = Math.max(largest, Math.abs(a));
            difference = Math.max(difference, Math.abs(a - b));
        }
        return difference / largest;
    }
}

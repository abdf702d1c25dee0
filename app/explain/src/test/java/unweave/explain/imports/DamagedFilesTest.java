package unweave.explain.imports;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.engine.file.Damage;
import unweave.engine.model.ModelDescription;
import unweave.engine.onnx.MutatedOnnxTest;
import unweave.engine.torch.TensorNames;
import unweave.explain.AudioModel;
import unweave.explain.ExampleNetwork;
import unweave.explain.data.SoundCollection;
import unweave.explain.frontend.FrontEnds;
import unweave.explain.preset.ClassWeights;
import unweave.explain.preset.Preset;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

/**
 * Files of every kind that commands read beside sounds, damaged: each is read, or refused in one line that names it.
 */
class DamagedFilesTest {
    @TempDir
    Path folder;

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text, StandardCharsets.UTF_8);
    }

    @Test
    void models() throws IOException {
        try (Backend backend = CpuBackend.create(1)) {
            ExampleNetwork.writeFiles(folder, backend);
            Damage.ofSafeTensors(folder.resolve("model.safetensors"), file -> AudioModel.load(file, backend)
                    .close());
        }
    }

    @Test
    void graphs() throws IOException {
        Files.write(folder.resolve("net.data"), new byte[32]);
        Path graph = Files.write(folder.resolve("net.onnx"), MutatedOnnxTest.model());
        try (Backend backend = CpuBackend.create(1)) {
            Damage.ofBytes(graph, file -> ImportedNetwork.open(new ImportRequest(file), backend)
                    .close());
            Damage.ofBytes(graph, file -> ImportedNetwork.inspect(new ImportRequest(file)));
        }
    }

    @Test
    void presets() throws IOException {
        Damage.ofText(write("thesis.json", Preset.text("toy")), file -> Preset.of(file.toString()));
        Damage.ofText(
                write(
                        "layers.json",
                        Preset.text("toy")
                                .replaceAll("(?s)\"network\": \\{.*?\\}", "\"network\": {\"layers\": " + LAYERS + "}")),
                file -> Preset.of(file.toString()).description(List.of("a", "b", "c")));
    }

    @Test
    void frontEnds() throws IOException {
        for (String name : List.of("torchaudio-mfcc", "vggish", "crepe")) {
            Damage.ofText(write(name + ".json", FrontEnds.text(name)), file -> FrontEnds.of(file.toString()));
        }
    }

    private static final String LAYERS =
            """
            [{"name": "conv", "kind": "conv", "filters": 4, "kernel": [3, 1], "padding": "same", "bias": false},
             {"name": "bn", "kind": "batchnorm", "epsilon": 1e-5}, {"name": "pool3", "kind": "relu"},
             {"name": "pool", "kind": "maxpool", "window": [2, 2], "inputs": ["pool3"]},
             {"name": "flatten", "kind": "flatten"}, {"name": "out", "kind": "dense"}]
            """;

    @Test
    void networks() throws IOException {
        String network = "{\"input\": {\"height\": 4, \"width\": 6, \"channels\": 2}, \"layers\": "
                + LAYERS.replace("\"dense\"", "\"dense\", \"units\": 3") + "}";
        Damage.ofText(write("layers.json", network), file -> ModelDescription.readNetwork(file, List.of()));
    }

    @Test
    void names() throws IOException {
        Damage.ofText(
                write(
                        "names.json",
                        "{\"conv1\": \"features.0\", \"pos.value\": \"pos_embed\", \"leave out\": [\"decoder\", \"head\"]}"),
                TensorNames::read);
    }

    @Test
    void labels() throws IOException {
        Damage.ofText(write("labels.txt", "down\ngo\nleft\nno\nright\nstop\nfl\u00f6te\nyes\n"), file -> {
            for (String name : Labels.read(file)) {
                assertFalse(name.contains("\uFFFD"), "a replacement character");
            }
        });
    }

    @Test
    void classWeights() throws IOException {
        Damage.ofText(
                write("weights.txt", "# many cats\ncat=1\ndog=2.5\nfl\u00f6te=0.25\n"),
                file -> ClassWeights.parse(file.toString()));
    }

    @Test
    void manifests() throws IOException {
        for (String name : List.of("a.wav", "b.wav", "c, d.wav")) {
            ExampleNetwork.writeTone(folder.resolve(name), 500, 800);
        }
        Damage.ofText(
                write(
                        "manifest.csv",
                        """
                path,label,split,track
                a.wav,one,train,1
                # remark
                b.wav,"flöte
                2",test,2
                "c, d.wav",one,validation,3
                """),
                file -> {
                    for (String name : SoundCollection.open(file).classNames()) {
                        assertFalse(name.contains("\uFFFD"), "a replacement character");
                    }
                });
    }
}

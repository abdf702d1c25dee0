package unweave.engine.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

class ModelFileTest {
    private static final ModelDescription DESCRIPTION = ModelDescription.parse(
            """
      {"input": {"height": 4, "width": 2, "channels": 2}, "classes": ["yes", "no"], "layers": [
        {"name": "conv1", "kind": "conv", "filters": 6, "kernel": [3, 1], "padding": "same", "groups": 2},
        {"name": "norm1", "kind": "batchnorm"}, {"name": "relu1", "kind": "relu"}, {"name": "flatten",
          "kind": "flatten"},
        {"name": "norm2", "kind": "batchnorm"}, {"name": "dense1", "kind": "dense", "units": 2, "bias": false}],
       "preprocessing": {"sampleRate": 16000}}""");

    private static Backend backend;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() {
        backend = CpuBackend.create(1);
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    @Test
    void aSavedModelIsTheSameModel() throws IOException {
        Path file = folder.resolve("model.safetensors");
        JsonObject record = new JsonObject();
        record.addProperty("epochs", 40);
        try (Model model = Model.create(DESCRIPTION, backend, 1)) {
            ModelFile.save(file, model, record);
            try (Model loaded = ModelFile.load(file, backend)) {
                assertEquals(DESCRIPTION.withTrainingRecord(record), loaded.description());
                model.weights()
                        .forEach((name, values) ->
                                assertArrayEquals(values, loaded.weights().get(name), name));
                assertEquals(ModelFile.fingerprint(model), ModelFile.fingerprint(loaded));
                byte[] bytes = Files.readAllBytes(file);
                ModelFile.save(file, loaded);
                assertArrayEquals(bytes, Files.readAllBytes(file));
            }
        }
        assertEquals(List.of("yes", "no"), ModelFile.description(file).classNames());
    }

    @Test
    void tensorsHaveTheLayoutOfPyTorch() throws IOException {
        Path file = folder.resolve("model.safetensors");
        try (Model model = Model.create(DESCRIPTION, backend, 1)) {
            ModelFile.save(file, model);
            float[] conv = model.weights().get("conv1.weight");
            float[] dense = model.weights().get("dense1.weight");
            try (SafeTensors tensors = SafeTensors.open(file)) {
                assertEquals(List.of(6, 1, 3, 1), tensors.shape("conv1.weight"));
                assertEquals(List.of(2, 48), tensors.shape("dense1.weight"));
                assertEquals(List.of(6), tensors.shape("norm1.running_var"));
                // Filter 4, row 2: memory has H W I O, the file O I H W.
                assertEquals(conv[2 * 6 + 4], tensors.floats("conv1.weight")[4 * 3 + 2]);
                // Output 1 of pixel (3, 1), channel 5: memory counts H W C, the file C H W.
                assertEquals(
                        dense[((3 * 2 + 1) * 6 + 5) * 2 + 1], tensors.floats("dense1.weight")[48 + 5 * 8 + 3 * 2 + 1]);
            }
        }
    }

    @Test
    void theFingerprintCoversArchitectureAndWeightsOnly() {
        try (Model model = Model.create(DESCRIPTION, backend, 1);
                Model renamed = Model.create(DESCRIPTION.withClassNames(List.of("a", "b")), backend, 1);
                Model other = Model.create(DESCRIPTION, backend, 2)) {
            String fingerprint = ModelFile.fingerprint(model);
            assertTrue(fingerprint.matches("[0-9a-f]{16}"), fingerprint);
            assertEquals(fingerprint, ModelFile.fingerprint(renamed));
            assertNotEquals(fingerprint, ModelFile.fingerprint(other));
            float[] bias = {0, 0, 0, 0, 0, 1e-7f};
            backend.upload(bias, 0, model.parameter("conv1.bias").value(), 0, 6);
            assertNotEquals(fingerprint, ModelFile.fingerprint(model));
        }
    }

    @Test
    void filesThatAreNoModelsAreRefused() throws IOException {
        Path foreign = folder.resolve("foreign.safetensors");
        new SafeTensorsWriter()
                .add("features.0.weight", new float[] {1}, 1, 1, 1, 1)
                .write(foreign);
        assertMessage(
                "foreign.safetensors: is not a model of this program, its metadata has no description; PyTorch "
                        + "weights must be imported into a"
                        + " model description first (TorchImport)",
                foreign);
        Path newer = folder.resolve("newer.safetensors");
        new SafeTensorsWriter()
                .metadata("format", "unweave-model/9")
                .metadata("description", "{}")
                .write(newer);
        assertMessage("newer.safetensors: has the format unweave-model/9, this version reads unweave-model/1", newer);
        Path broken = folder.resolve("broken.safetensors");
        new SafeTensorsWriter()
                .metadata("format", ModelFile.FORMAT)
                .metadata("description", "{\"layers\": []}")
                .write(broken);
        assertMessage(
                "broken.safetensors: model description, input: \"height\" must be a whole number of at least 1, "
                        + "not missing",
                broken);
        Path lacking = folder.resolve("lacking.safetensors");
        new SafeTensorsWriter()
                .metadata("format", ModelFile.FORMAT)
                .metadata("description", DESCRIPTION.toString())
                .write(lacking);
        assertMessage("lacking.safetensors: has no tensor \"conv1.weight\"; it holds none", lacking);
        Path wrong = folder.resolve("wrong.safetensors");
        new SafeTensorsWriter()
                .metadata("format", ModelFile.FORMAT)
                .metadata("description", DESCRIPTION.toString())
                .add("conv1.weight", new float[18], 3, 1, 1, 6)
                .write(wrong);
        assertMessage(
                "wrong.safetensors: tensor conv1.weight has the shape [3, 1, 1, 6], but conv1.weight of the "
                        + "model has [6, 1, 3, 1]",
                wrong);
    }

    @Test
    void everyDamageToTheHeaderIsBadInput() throws IOException {
        Path file = folder.resolve("model.safetensors");
        try (Model model = Model.create(DESCRIPTION, backend, 1)) {
            ModelFile.save(file, model);
        }
        Damage.ofSafeTensors(file, damaged -> ModelFile.load(damaged, backend).close());
    }

    private static void assertMessage(String message, Path file) {
        assertEquals(
                message,
                assertThrows(ModelFileException.class, () -> ModelFile.load(file, backend))
                        .getMessage());
    }
}

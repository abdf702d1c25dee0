package unweave.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.audio.file.SoundFiles;
import unweave.engine.file.ModelFile;
import unweave.engine.file.SafeTensorsWriter;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.cpu.CpuBackend;

/** A file that is no model is called what it is, with the command that leads on. */
class OtherFileTest {
    @TempDir
    Path folder;

    private Path file(String name, String latin1) throws IOException {
        return Files.write(folder.resolve(name), latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void said(Path file, String... parts) {
        try (Backend backend = CpuBackend.create(1)) {
            String message = assertThrows(BadInputException.class, () -> AudioModel.load(file, backend))
                    .getMessage();
            for (String part : parts) {
                assertTrue(message.contains(part), part + " in: " + message);
            }
            assertTrue(message.startsWith(file.toString()), message);
        }
    }

    @Test
    void networksOfOtherPrograms() throws IOException {
        said(file("net.pt", "PK\3\4 and so on"), "is a PyTorch file", "unweave import ", "--network");
        said(file("net.onnx", "\10\10\22\0"), "is an ONNX network", "unweave import ", "net.onnx --front-end librosa");
        said(file("named otherwise", "\10\10\22\0"), "is an ONNX network");
        said(file("net.h5", "\u0089HDF\r\n\u001a\n"), "is an HDF5 file, as Keras writes them", "tf2onnx");
        said(file("net.tflite", "\34\0\0\0TFL3"), "is a TensorFlow Lite network");
        said(file("net.gguf", "GGUF\3\0\0\0"), "is a GGUF file");
    }

    @Test
    void filesOfUnweave() throws IOException {
        Path weights = folder.resolve("weights.safetensors");
        new SafeTensorsWriter().add("conv1.weight", new float[] {1}, 1).write(weights);
        said(weights, "holds weights without their network", "unweave import ");
        Path subspaces = folder.resolve("subspaces.safetensors");
        new SafeTensorsWriter()
                .metadata("format", "unweave-subspaces/1")
                .add("x", new float[] {1}, 1)
                .write(subspaces);
        said(subspaces, "holds subspaces, not a model; give it as --subspaces");
        Path checkpoint = folder.resolve("checkpoint.safetensors");
        new SafeTensorsWriter()
                .metadata("format", "unweave-checkpoint/1")
                .add("x", new float[] {1}, 1)
                .write(checkpoint);
        said(checkpoint, "is the checkpoint of a training that was not finished", "--resume");
        said(file("mine.json", "{\"training\": {}}"), "is JSON, not a model", "--preset");
    }

    @Test
    void soundsAndFolders() throws IOException {
        Path sound = folder.resolve("dog.wav");
        Files.write(sound, SoundFiles.wavBytes(new float[] {0.1f, 0.2f}, 8000));
        said(sound, "is a WAV file, not a model; the model comes first");
        said(Files.createDirectories(folder.resolve("run")), "is a folder, not a model; give a file that");
        Path model = folder.resolve("run/model.safetensors");
        try (Backend backend = CpuBackend.create(1);
                Model network = Model.create(ModelDescription.toy(), backend, 1)) {
            ModelFile.save(model, network);
        }
        said(folder.resolve("run"), "is a folder, not a model; give " + model);
        assertEquals(java.util.Optional.empty(), OtherFile.named(model));
        assertEquals(java.util.Optional.empty(), OtherFile.named(folder.resolve("missing")));
    }
}

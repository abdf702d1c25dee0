package unweave.explain;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import unweave.audio.file.SoundFiles;
import unweave.audio.file.SoundKind;
import unweave.engine.file.SafeTensors;
import unweave.engine.onnx.OnnxFile;
import unweave.engine.torch.TorchFile;

/** What a file is that was given as a model and is none, and how to get to a model from there. */
final class OtherFile {
    private static final int BEGINNING = 16;

    private OtherFile() {}

    /** One line that names the file, or nothing where it is not there, is a model, or nothing that is known. */
    static Optional<String> named(Path file) throws IOException {
        return kind(file).map(kind -> file + ": " + kind);
    }

    private static Optional<String> kind(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            Path inside = file.resolve("model.safetensors");
            return Optional.of(
                    Files.exists(inside)
                            ? "is a folder, not a model; give " + inside
                            : "is a folder, not a model; give a file that 'unweave train' or 'unweave import' wrote");
        }
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        byte[] first;
        try (InputStream in = Files.newInputStream(file)) {
            first = in.readNBytes(BEGINNING);
        }
        String text = new String(first, StandardCharsets.ISO_8859_1);
        String ending = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (text.startsWith("\u0089HDF")) {
            return Optional.of("is an HDF5 file, as Keras writes them; export the network to ONNX (tf2onnx), then: "
                    + graph("network.onnx"));
        }
        if (text.startsWith("TFL3", 4)) {
            return Optional.of(
                    "is a TensorFlow Lite network; export it to ONNX (tf2onnx), then: " + graph("network.onnx"));
        }
        Optional<SoundKind> sound = SoundFiles.kind(file);
        if (sound.isPresent()) {
            return Optional.of("is " + sound.get().title() + ", not a model; the model comes first: "
                    + "unweave explain MODEL SOUND --out DIR");
        }
        if (TorchFile.looksLikeOne(file)) {
            return Optional.of("is a PyTorch file; make a model of it: " + weights(file));
        }
        if (ending.endsWith(".onnx") || (!text.startsWith("{", 8) && OnnxFile.looksLikeOne(file))) {
            return Optional.of("is an ONNX network; make a model of it: " + graph(file.toString()));
        }
        if (text.startsWith("GGUF")) {
            return Optional.of("is a GGUF file, which holds no audio network that Unweave reads");
        }
        if (text.startsWith("{", 8)) {
            return tensors(file);
        }
        if (text.stripLeading().startsWith("{")) {
            return Optional.of("is JSON, not a model; a preset is for 'unweave train DATA --preset " + file + "'");
        }
        return Optional.empty();
    }

    private static Optional<String> tensors(Path file) throws IOException {
        try (SafeTensors tensors = SafeTensors.open(file)) {
            String format = tensors.metadata().getOrDefault("format", "");
            if (format.startsWith("unweave-model/")) {
                return Optional.empty();
            }
            if (format.startsWith("unweave-subspaces/")) {
                return Optional.of("holds subspaces, not a model; give it as --subspaces, and the model that they were"
                        + " found in first");
            }
            if (format.startsWith("unweave-checkpoint/")) {
                return Optional.of("is the checkpoint of a training that was not finished; 'unweave train' with"
                        + " --resume goes on with it, and writes the model");
            }
            return Optional.of("holds weights without their network; make a model of it: " + weights(file));
        }
    }

    private static String graph(String file) {
        return "unweave import " + file + " --front-end librosa --out model.safetensors";
    }

    private static String weights(Path file) {
        return "unweave import " + file + " --network network.json --front-end librosa --out model.safetensors";
    }
}

package unweave.engine.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import unweave.engine.file.InputFile;
import unweave.engine.file.ModelFileException;

/** Reads ONNX files of opset 7 to 22, whose tensors may lie in second files beside them. */
public final class OnnxFile {
    private OnnxFile() {}

    /** Whether a file is called {@code .onnx}, or begins as one: with the version of the format, which is small. */
    public static boolean looksLikeOne(Path file) throws IOException {
        InputFile.require(file);
        if (file.toString().toLowerCase(Locale.ROOT).endsWith(".onnx")) {
            return true;
        }
        try (var in = Files.newInputStream(file)) {
            byte[] first = in.readNBytes(3);
            return first.length == 3 && first[0] == 0x08 && first[1] > 0 && first[1] < 32 && first[2] == 0x12;
        }
    }

    /**
     * Reads a file and checks its graph.
     *
     * @throws ModelFileException if the file is missing, damaged, no ONNX model, or one of another opset; if a second
     *     file is missing or too short; or if the graph reads a tensor that is not there, computes one twice, or runs
     *     in a circle
     */
    public static OnnxGraph open(Path file) throws IOException {
        try {
            return GraphReader.read(file, new ProtobufMessage(bytes(file)));
        } catch (Malformed e) {
            throw new ModelFileException(file, e.getMessage(), e);
        }
    }

    /**
     * Reads a file that holds one tensor ({@code TensorProto}), as test data of ONNX are.
     *
     * @throws ModelFileException if the file is missing or damaged
     */
    public static OnnxTensor readTensor(Path file) throws IOException {
        try {
            return TensorReader.read(file, new ProtobufMessage(bytes(file)));
        } catch (Malformed e) {
            throw new ModelFileException(file, e.getMessage(), e);
        }
    }

    private static ByteBuffer bytes(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new Malformed("no such file (looked for it at " + file.toAbsolutePath() + ")");
        }
        if (Files.isDirectory(file)) {
            throw new Malformed("is a folder, not an ONNX model");
        }
        InputFile.require(file);
        long size = Files.size(file);
        if (size > Integer.MAX_VALUE - 8) {
            throw new Malformed("holds " + size + " bytes, more than 2 GB; export it with its weights in a second file"
                    + " (external data)");
        }
        if (size > Runtime.getRuntime().maxMemory() / 2) {
            throw new Malformed("holds " + (size >> 20) + " MB, too much for the "
                    + (Runtime.getRuntime().maxMemory() >> 20) + " MB that Java may use; give it more with -Xmx");
        }
        return ByteBuffer.wrap(Files.readAllBytes(file));
    }
}

package unweave.engine.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Reads what {@code numpy.save} wrote of a row-major float32 array. */
public final class NpyFloats {
    private NpyFloats() {}

    public static NdArray read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int headerLength = bytes.getShort(8);
        String header =
                StandardCharsets.US_ASCII.decode(bytes.slice(10, headerLength)).toString();
        if (!header.contains("'<f4'") || !header.contains("'fortran_order': False")) {
            throw new IOException(file + ": " + header);
        }
        String shape = header.substring(header.indexOf('(') + 1, header.indexOf(')'));
        int[] dims = Arrays.stream(shape.split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
        FloatBuffer floats = bytes.position(10 + headerLength)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        return NdArray.of(
                IntStream.range(0, floats.remaining()).mapToDouble(floats::get).toArray(), dims);
    }
}

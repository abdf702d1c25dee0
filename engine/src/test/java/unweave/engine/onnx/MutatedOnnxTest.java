package unweave.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.engine.file.ModelFileException;

/** A damaged file is refused with one line, or read: within 2 s and 512 MB, and with no other exception. */
public class MutatedOnnxTest {
    private static final int FILES = Integer.getInteger("mutants", 10_000);

    @TempDir
    Path folder;

    /** A small network with everything that files have. */
    public static byte[] model() {
        return new OnnxWriter(17)
                .input("x", -1, 1, 4, 4)
                .output("y", -1, 6)
                .value(13, "c", ElementType.FLOAT, -1, 2, 3, 3)
                .initializer("w", new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 1, 2, 2)
                .initializer("shape", new long[] {0, -1}, 2)
                .initializer(new ProtobufWriter()
                        .packedVarints(1, 18, 6)
                        .varint(2, 1)
                        .text(8, "dense")
                        .packedFloats(4, new float[108]))
                .initializer(new ProtobufWriter()
                        .varint(1, 6)
                        .varint(2, 1)
                        .text(8, "bias")
                        .message(13, new ProtobufWriter().text(1, "location").text(2, "net.data"))
                        .message(13, new ProtobufWriter().text(1, "offset").text(2, "8"))
                        .varint(14, 1))
                .node(
                        "Conv",
                        List.of("x", "w"),
                        "c",
                        OnnxWriter.attribute("strides", new long[] {1, 1}),
                        OnnxWriter.attribute("auto_pad", "VALID"))
                .node(
                        "Constant",
                        List.of(),
                        "slope",
                        OnnxWriter.attribute(
                                "value", OnnxWriter.tensor("", ElementType.FLOAT, ProtobufWriter.bytes(0.1f), 1)))
                .node("PRelu", List.of("c", "slope"), "r")
                .node("Reshape", List.of("r", "shape"), "f", OnnxWriter.attribute("allowzero", 0))
                .node("Gemm", List.of("f", "dense", "bias"), "y", OnnxWriter.attribute("alpha", 1f))
                .toBytes();
    }

    /** Changes, removes, repeats or inserts bytes, or cuts the file, as a seed says. */
    public static byte[] mutate(byte[] original, Random random) {
        byte[] bytes = original.clone();
        int changes = 1 + random.nextInt(4);
        for (int change = 0; change < changes && bytes.length > 0; change++) {
            int at = random.nextInt(bytes.length);
            int length = Math.min(1 + random.nextInt(8), bytes.length - at);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> Arrays.fill(bytes, at, at + length, (byte) 0xff);
                case 3 -> bytes = joined(bytes, at, new byte[0], at + length);
                case 4 -> bytes = joined(bytes, at, Arrays.copyOfRange(bytes, at, at + length), at);
                default -> bytes = random.nextInt(8) == 0 ? Arrays.copyOf(bytes, at) : bytes;
            }
        }
        return bytes;
    }

    private static byte[] joined(byte[] bytes, int end, byte[] middle, int start) {
        byte[] all = Arrays.copyOf(bytes, end + middle.length + bytes.length - start);
        System.arraycopy(middle, 0, all, end, middle.length);
        System.arraycopy(bytes, start, all, end + middle.length, bytes.length - start);
        return all;
    }

    @Test
    void readsOrRefuses() throws IOException {
        Files.write(folder.resolve("net.data"), new byte[32]);
        Path file = folder.resolve("net.onnx");
        byte[] model = model();
        OnnxFile.open(Files.write(file, model));
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int refused = 0;
        for (int seed = 0; seed < FILES; seed++) {
            Files.write(file, mutate(model, new Random(seed)));
            long allocated = thread.getCurrentThreadAllocatedBytes();
            long begin = System.nanoTime();
            try {
                OnnxGraph graph = OnnxFile.open(file);
                graph.initializers().values().forEach(MutatedOnnxTest::decode);
            } catch (ModelFileException e) {
                refused++;
                assertFalse(e.getMessage().contains("\n"), e.getMessage());
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
            long seconds = (System.nanoTime() - begin) / 1_000_000_000;
            long megabytes = (thread.getCurrentThreadAllocatedBytes() - allocated) >> 20;
            assertTrue(seconds < 2, "seed " + seed + " took " + seconds + " s");
            assertTrue(megabytes < 512, "seed " + seed + " took " + megabytes + " MB");
        }
        assertTrue(refused > FILES / 4 && refused < FILES, refused + " were refused");
    }

    private static void decode(OnnxTensor tensor) {
        tensor.floats();
    }

    @Test
    void refusesEveryTruncation() throws IOException {
        Files.write(folder.resolve("net.data"), new byte[32]);
        Path file = folder.resolve("net.onnx");
        byte[] model = model();
        int graphEnd = model.length - 6;
        for (int length = 0; length < graphEnd; length++) {
            Files.write(file, Arrays.copyOf(model, length));
            try {
                OnnxFile.open(file);
                throw new AssertionError("read " + length + " of " + model.length + " bytes");
            } catch (ModelFileException e) {
                assertTrue(e.getMessage().startsWith("net.onnx: "), e.getMessage());
            }
        }
    }
}

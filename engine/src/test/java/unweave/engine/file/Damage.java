package unweave.engine.file;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import unweave.kernels.BadInputException;

/** Changes a safetensors file in many places, one at a time. */
public final class Damage {
    private Damage() {}

    /** Reads a file. */
    public interface Reader {
        void read(Path file) throws IOException;
    }

    /** Whatever one character of the header is changed into, reading succeeds or names the file as bad input. */
    public static void assertNamed(Path file, Reader reader) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        int header = Math.toIntExact(
                ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong());
        Random random = new Random(3);
        for (int i = 0; i < 3000; i++) {
            byte[] damaged = whole.clone();
            damaged[8 + random.nextInt(header)] = (byte) (32 + random.nextInt(95));
            Files.write(file, damaged);
            try {
                reader.read(file);
            } catch (BadInputException e) {
                assertTrue(e.getMessage().startsWith(file.getFileName() + ": "), e.getMessage());
                assertTrue(!e.getMessage().contains("\n"), e.getMessage());
            }
        }
    }
}

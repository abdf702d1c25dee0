package unweave.explain.output;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyWriterTest {

    @TempDir
    Path folder;

    @Test
    void theFileParsesBackToHeaderAndValues() throws IOException {
        float[] values = {0, -1.5f, Float.MIN_VALUE, Float.NaN, 3e38f, 1f / 3};
        ByteBuffer file = written(values, 2, 3);
        byte[] magic = new byte[8];
        file.get(magic);
        assertArrayEquals(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}, magic);
        byte[] header = new byte[file.getShort()];
        file.get(header);
        String text = new String(header, StandardCharsets.US_ASCII);
        assertEquals("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", text.strip());
        assertTrue(text.endsWith("\n"));
        assertEquals(0, file.position() % 64, "data starts at a multiple of 64");
        for (float value : values) {
            assertEquals(Float.floatToRawIntBits(value), file.getInt());
        }
        assertEquals(0, file.remaining());
    }

    @Test
    void oneAndNoDimensionsAreWrittenAsPythonWritesThem() throws IOException {
        assertTrue(text(written(new float[2], 2)).contains("'shape': (2,), }"));
        assertTrue(text(written(new float[1])).contains("'shape': (), }"));
        assertTrue(text(written(new float[0], 4, 0)).contains("'shape': (4, 0), }"));
    }

    @Test
    void arraysLongerThanOneChunkAreComplete() throws IOException {
        float[] values = new float[100_003];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        ByteBuffer file = written(values, values.length);
        file.position(file.capacity() - values.length * Float.BYTES);
        for (float value : values) {
            assertEquals(value, file.getFloat());
        }
    }

    @Test
    void theShapeMustHoldTheValues() {
        assertThrows(
                IllegalArgumentException.class, () -> NpyWriter.write(folder.resolve("a.npy"), new float[5], 2, 3));
        assertTrue(Files.notExists(folder.resolve("a.npy")));
    }

    @Test
    void rowsAreFlattenedInOrder() {
        assertArrayEquals(new float[] {1, 2, 3, 4}, NpyWriter.flatten(new float[][] {{1, 2}, {3, 4}}));
        assertThrows(IllegalArgumentException.class, () -> NpyWriter.flatten(new float[][] {{1, 2}, {3}}));
    }

    private ByteBuffer written(float[] values, int... shape) throws IOException {
        Path file = folder.resolve("array.npy");
        NpyWriter.write(file, values, shape);
        return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String text(ByteBuffer file) {
        return StandardCharsets.ISO_8859_1.decode(file.duplicate().rewind()).toString();
    }
}

package unweave.explain.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.engine.file.Damage;
import unweave.explain.output.NpyWriter;
import unweave.kernels.BadInputException;

class NpyFileTest {
    private static final double[] SIX = {1, 2, 3, 4, 5, 6};

    @TempDir
    Path folder;

    private Path file(int version, String header, ByteOrder order, int bytes, Consumer<ByteBuffer> values)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        byte[] text = (header + "\n").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < (version == 1 ? 2 : 4); i++) {
            out.write(text.length >> (8 * i));
        }
        out.write(text);
        ByteBuffer data = ByteBuffer.allocate(bytes).order(order);
        values.accept(data);
        out.write(data.array());
        return Files.write(folder.resolve("array.npy"), out.toByteArray());
    }

    private static String header(String type, boolean fortran, String shape) {
        return "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape
                + ", }";
    }

    @Test
    void numbersOfEveryKindVersionAndByteOrderAreRead() throws IOException {
        Path doubles = file(1, header("<f8", false, "(2, 3)"), ByteOrder.LITTLE_ENDIAN, 48, data -> {
            for (double value : SIX) {
                data.putDouble(value);
            }
        });
        assertEquals(List.of(2, 3), NpyFile.read(doubles).shape());
        assertArrayEquals(SIX, NpyFile.read(doubles).values());
        Path floats = file(2, header(">f4", false, "(6,)"), ByteOrder.BIG_ENDIAN, 24, data -> {
            for (double value : SIX) {
                data.putFloat((float) value);
            }
        });
        assertArrayEquals(SIX, NpyFile.read(floats).values());
        Path halves =
                file(3, header("<f2", false, "(2,)"), ByteOrder.LITTLE_ENDIAN, 4, data -> data.putShort((short) 0x3c00)
                        .putShort((short) 0xc000));
        assertArrayEquals(new double[] {1, -2}, NpyFile.read(halves).values());
        Path longs = file(1, header(">i8", false, "()"), ByteOrder.BIG_ENDIAN, 8, data -> data.putLong(-7));
        assertEquals(List.of(), NpyFile.read(longs).shape());
        assertArrayEquals(new double[] {-7}, NpyFile.read(longs).values());
        Path bytes = file(1, header("|u1", false, "(2,)"), ByteOrder.BIG_ENDIAN, 2, data -> data.put((byte) 200)
                .put((byte) 3));
        assertArrayEquals(new double[] {200, 3}, NpyFile.read(bytes).values());
    }

    /** array(((1, 2), (3, 4), (5, 6))) of shape (3, 2): its columns lie one behind the other. */
    @Test
    void fortranOrderBecomesCOrder() throws IOException {
        Path file = file(1, header("<i2", true, "(3, 2)"), ByteOrder.LITTLE_ENDIAN, 12, data -> {
            for (int value : new int[] {1, 3, 5, 2, 4, 6}) {
                data.putShort((short) value);
            }
        });
        assertArrayEquals(SIX, NpyFile.read(file).values());
    }

    @Test
    void whatTheWriterWroteIsReadBack() throws IOException {
        Path file = folder.resolve("array.npy");
        NpyWriter.write(file, new float[] {1, 2, 3, 4, 5, 6}, 1, 2, 3);
        assertEquals(List.of(1, 2, 3), NpyFile.read(file).shape());
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, NpyFile.read(file).floats());
    }

    @Test
    void otherFilesAreRefusedInOneLine() throws IOException {
        assertComplaint("array.npy: is a folder", Files.createDirectories(folder.resolve("d/array.npy")));
        assertComplaint("none.npy: no such file", folder.resolve("none.npy"));
        assertComplaint("array.npy: ends in the middle of its header", Files.write(path(), new byte[3]));
        assertComplaint("array.npy: is no array of numpy.save", Files.write(path(), new byte[99]));
        assertComplaint("array.npy: holds values of type 'O'", array(header("O", false, "(1,)"), 8));
        assertComplaint("array.npy: holds values of type '<c8'", array(header("<c8", false, "(1,)"), 8));
        assertComplaint(
                "array.npy: has a header that is none of a plain array of numbers",
                array("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", 4));
        assertComplaint(
                "array.npy: holds 8 bytes of values where an array of shape [3] has 12",
                array(header("<f4", false, "(3,)"), 8));
        assertComplaint(
                "array.npy: holds 16 bytes of values where an array of shape [3] has 12",
                array(header("<f4", false, "(3,)"), 16));
        assertComplaint("array.npy: has the shape (-1,)", array(header("<f4", false, "(-1,)"), 4));
        assertComplaint(
                "array.npy: holds an array of shape [99999, 99999, 99999], which is too large",
                array(header("<f4", false, "(99999, 99999, 99999)"), 4));
        assertComplaint("array.npy: has a header of 10001 bytes", array(" ".repeat(10_000), 0));
    }

    private Path path() {
        return folder.resolve("array.npy");
    }

    private Path array(String header, int bytes) throws IOException {
        return file(2, header, ByteOrder.LITTLE_ENDIAN, bytes, data -> {});
    }

    private static void assertComplaint(String start, Path file) {
        String message =
                assertThrows(BadInputException.class, () -> NpyFile.read(file)).getMessage();
        assertTrue(message.startsWith(start), message);
        assertEquals(1, message.lines().count());
    }

    @Test
    void mutatedFilesAreReadOrRefused() throws IOException {
        Path file = path();
        NpyWriter.write(file, new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        Damage.ofBytes(file, NpyFile::read);
    }
}

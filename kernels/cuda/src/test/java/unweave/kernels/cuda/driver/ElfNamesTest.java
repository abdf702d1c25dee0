package unweave.kernels.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ElfNamesTest {
    private static final String LIBRARY = "/lib/libJCublas2-12.6.0-linux-x86_64.so";

    /** Known hashes: those that the GNU linker writes for these versions ({@code readelf -V}, {@code objdump -p}). */
    @Test
    void hashesAreThoseOfTheLinker() {
        assertEquals(0x09691a75, ElfNames.hash("GLIBC_2.2.5"));
        assertEquals(0x0d696914, ElfNames.hash("GLIBC_2.4"));
        assertEquals(0, ElfNames.hash(""));
    }

    @Test
    void jcublasAsksForTheNextVersion() throws IOException {
        byte[] before = library();
        byte[] after = ElfNames.rename(before, "libcublas.so.12", "libcublas.so.13");

        assertEquals(0, count(after, "libcublas.so.12\0".getBytes(StandardCharsets.ISO_8859_1)));
        assertTrue(count(after, "libcublas.so.13\0".getBytes(StandardCharsets.ISO_8859_1)) > 0);
        assertEquals(1, count(before, hashBytes("libcublas.so.12")));
        assertEquals(0, count(after, hashBytes("libcublas.so.12")));
        assertEquals(1, count(after, hashBytes("libcublas.so.13")));
        assertArrayEquals(before, ElfNames.rename(after, "libcublas.so.13", "libcublas.so.12"));
    }

    @Test
    void whatCannotBeRenamedIsRefused() throws IOException {
        byte[] library = library();
        assertThrows(
                IllegalArgumentException.class, () -> ElfNames.rename(library, "libcublas.so.12", "libcublas.so.9"));
        assertThrows(
                IllegalArgumentException.class, () -> ElfNames.rename(library, "libcublas.so.11", "libcublas.so.13"));
        assertThrows(
                IllegalArgumentException.class,
                () -> ElfNames.rename(new byte[100], "libcublas.so.12", "libcublas.so.13"));
    }

    private static byte[] library() throws IOException {
        try (InputStream stream = ElfNamesTest.class.getResourceAsStream(LIBRARY)) {
            return stream.readAllBytes();
        }
    }

    private static byte[] hashBytes(String name) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(ElfNames.hash(name))
                .array();
    }

    private static int count(byte[] file, byte[] part) {
        int count = 0;
        for (int at = 0; at + part.length <= file.length; at++) {
            int i = 0;
            while (i < part.length && file[at + i] == part[i]) {
                i++;
            }
            count += i == part.length ? 1 : 0;
        }
        return count;
    }
}

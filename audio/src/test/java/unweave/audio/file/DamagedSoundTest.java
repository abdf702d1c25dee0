package unweave.audio.file;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damaged sounds of every format are read or refused in one line, soon and in little memory. More of them than by
 * default: {@code -Dmutants=5000}.
 */
class DamagedSoundTest {
    private static final int MUTANTS = Integer.getInteger("mutants", 80);
    private static final long MOST_BYTES = 512L << 20;
    private static final long LONGEST_NANOSECONDS = 2_000_000_000L;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"wav", "au", "aiff", "flac", "mp3", "ogg", "w64", "caf"})
    void damagedSoundsAreReadOrRefused(String format) throws IOException {
        byte[] whole = whole(format);
        Random random = new Random(format.hashCode());
        Path file = folder.resolve("damaged." + format);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int mutant = 0; mutant < MUTANTS; mutant++) {
            byte[] damaged = damage(whole, random);
            if (format.equals("ogg") && mutant % 2 == 0) {
                repairCheckSums(damaged);
            }
            Files.write(file, damaged);
            long before = threads.getCurrentThreadAllocatedBytes();
            long start = System.nanoTime();
            try {
                assertTrue(SoundFiles.read(file).length() > 0);
            } catch (SoundFormatException expected) {
                String message = expected.getMessage();
                assertTrue(message.startsWith(file + ": ") && message.length() <= 300, message);
                assertFalse(message.contains("\n"), message);
            } catch (RuntimeException | Error e) {
                keep(damaged, format, mutant);
                throw e;
            }
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            if (System.nanoTime() - start > LONGEST_NANOSECONDS || bytes > MOST_BYTES) {
                keep(damaged, format, mutant);
                fail(format + " mutant " + mutant + " took " + (System.nanoTime() - start) / 1e9 + " s and " + bytes
                        + " bytes");
            }
        }
    }

    private static void keep(byte[] damaged, String format, int mutant) throws IOException {
        Files.write(Path.of("target", "mutant-" + mutant + "." + format), damaged);
    }

    private byte[] whole(String format) throws IOException {
        return switch (format) {
            case "flac", "mp3", "ogg" -> resource("chirp." + format);
            case "w64" -> SoundBytes.wave64(8000, new float[500]);
            case "caf" -> SoundBytes.coreAudio(8000, new float[500]);
            default -> {
                Path file = folder.resolve("whole." + format);
                SoundFiles.write(file, Sound.ofMono(new float[500], 8000), SampleFormat.FLOAT_32);
                yield Files.readAllBytes(file);
            }
        };
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = DamagedSoundTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    /** Bytes changed, bits turned, parts cut out or written twice, the end cut off. */
    private static byte[] damage(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        for (int k = random.nextInt(4); k >= 0 && bytes.length > 1; k--) {
            int region = random.nextBoolean() ? Math.min(bytes.length, 120) : bytes.length;
            int at = random.nextInt(region);
            int length = Math.min(bytes.length - at, 1 + random.nextInt(40));
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> Arrays.fill(bytes, at, at + Math.min(length, 4), (byte) (random.nextBoolean() ? -1 : 0));
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                case 3 -> bytes = join(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at + length, bytes.length));
                case 4 -> bytes = join(Arrays.copyOf(bytes, at + length), Arrays.copyOfRange(bytes, at, bytes.length));
                default -> bytes[at] = (byte) random.nextInt(256);
            }
        }
        return bytes;
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    /** Writes the check sums of all Ogg pages anew (RFC 3533), so that damage inside them reaches the decoder. */
    private static void repairCheckSums(byte[] bytes) {
        for (int at = 0; at + 27 < bytes.length; at++) {
            if (bytes[at] != 'O' || bytes[at + 1] != 'g' || bytes[at + 2] != 'g' || bytes[at + 3] != 'S') {
                continue;
            }
            int segments = bytes[at + 26] & 0xFF;
            int length = 27 + segments;
            for (int i = 0; i < segments && at + 27 + i < bytes.length; i++) {
                length += bytes[at + 27 + i] & 0xFF;
            }
            if (at + length > bytes.length) {
                return;
            }
            ByteBuffer sum = ByteBuffer.wrap(bytes, at + 22, 4).order(ByteOrder.LITTLE_ENDIAN);
            sum.putInt(at + 22, 0);
            int crc = 0;
            for (int i = at; i < at + length; i++) {
                crc ^= bytes[i] << 24;
                for (int bit = 0; bit < 8; bit++) {
                    crc = crc << 1 ^ (crc < 0 ? 0x04C11DB7 : 0);
                }
            }
            sum.putInt(at + 22, crc);
        }
    }
}

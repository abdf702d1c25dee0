package unweave.engine.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import unweave.kernels.BadInputException;

/**
 * Changes a file in many ways. Whatever becomes of it, reading it succeeds or names it as bad input in one line, within
 * 2 s of computing and 512 MB. So many times as {@code -Dmutants=20000} says, else 500.
 */
public final class Damage {
    private static final int MUTANTS = Integer.getInteger("mutants", 500);
    private static final long MOST_BYTES = 512L << 20;
    private static final long LONGEST_NANOSECONDS = 2_000_000_000L;
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE]-?\\d+)?");
    private static final Pattern VALUE = Pattern.compile("\\\\?\"[^\"\\\\]*\\\\?\"|-?\\d[\\d.eE+-]*|true|false|null");
    private static final List<String> NUMBERS = List.of(
            "0",
            "-1",
            "1",
            "3",
            "0.5",
            "65536",
            "1000000",
            "16777216",
            "1073741824",
            "2147483647",
            "2147483648",
            "1e308",
            "-1e308",
            "1e999",
            "1e-300",
            "9223372036854775807",
            "99999999999999999999",
            "NaN",
            "2000000000");
    private static final List<String> VALUES =
            List.of("null", "[]", "{}", "true", "0", "[null]", "[1e9]", "[[]]", "{\"a\":1}", "\"\"", "\"x\"");

    private Damage() {}

    /** Reads a file. */
    public interface Reader {
        void read(Path file) throws IOException;
    }

    /** Changes a safetensors file: its header as text, or any of its bytes. */
    public static void ofSafeTensors(Path file, Reader reader) throws IOException {
        campaign(
                file, reader, (whole, random) -> random.nextInt(4) == 0 ? bytes(whole, random) : header(whole, random));
    }

    /** Changes a text file. */
    public static void ofText(Path file, Reader reader) throws IOException {
        campaign(file, reader, (whole, random) -> random.nextInt(3) == 0 ? bytes(whole, random) : text(whole, random));
    }

    /** Changes any bytes of a file. */
    public static void ofBytes(Path file, Reader reader) throws IOException {
        campaign(file, reader, Damage::bytes);
    }

    private interface Change {
        byte[] of(byte[] whole, Random random);
    }

    private static void campaign(Path file, Reader reader, Change change) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        reader.read(file); // the undamaged one is read
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int refused = 0;
        for (int mutant = 0; mutant < MUTANTS; mutant++) {
            byte[] damaged = change.of(whole, new Random(mutant));
            Files.write(file, damaged);
            long before = threads.getCurrentThreadAllocatedBytes();
            long start = threads.getCurrentThreadCpuTime();
            try {
                reader.read(file);
            } catch (BadInputException e) {
                refused++;
                String message = e.getMessage();
                assertTrue(message.contains(file.getFileName() + ": "), message);
                assertEquals(1, message.lines().count(), message);
                assertFalse(message.contains("\u001b"), message);
            } catch (IOException | RuntimeException | Error e) {
                throw new AssertionError(kept(file, damaged, mutant), e);
            }
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            long nanoseconds = threads.getCurrentThreadCpuTime() - start;
            if (nanoseconds > LONGEST_NANOSECONDS || bytes > MOST_BYTES) {
                fail(kept(file, damaged, mutant) + " took " + nanoseconds / 1e9 + " s and " + bytes + " bytes");
            }
        }
        assertTrue(refused > MUTANTS / 20, refused + " of " + MUTANTS + " were refused");
        Files.write(file, whole);
    }

    /** Where the file that failed can be found. */
    private static String kept(Path file, byte[] damaged, int mutant) {
        try {
            return "mutant " + mutant + ", kept as "
                    + Files.write(Path.of("target", "mutant-" + mutant + "-" + file.getFileName()), damaged);
        } catch (IOException e) {
            return "mutant " + mutant;
        }
    }

    /** Bits and bytes changed, parts cut out or written twice, the end cut off. */
    private static byte[] bytes(byte[] whole, Random random) {
        byte[] bytes = whole;
        for (int k = random.nextInt(4); k >= 0 && bytes.length > 1; k--) {
            int at = random.nextInt(random.nextBoolean() ? Math.min(bytes.length, 120) : bytes.length);
            int end = Math.min(bytes.length, at + 1 + random.nextInt(40));
            bytes = switch (random.nextInt(6)) {
                case 0 -> joined(bytes, at, new byte[] {(byte) (bytes[at] ^ 1 << random.nextInt(8))}, at + 1);
                case 1 -> joined(bytes, at, new byte[] {-1, -1, -1, 127}, Math.min(bytes.length, at + 4));
                case 2 -> Arrays.copyOf(bytes, at);
                case 3 -> joined(bytes, at, new byte[0], end);
                case 4 -> joined(bytes, end, Arrays.copyOfRange(bytes, at, end), end);
                default -> joined(bytes, at, new byte[] {(byte) random.nextInt(256)}, at + 1);
            };
        }
        return bytes;
    }

    private static byte[] joined(byte[] bytes, int end, byte[] middle, int start) {
        byte[] all = Arrays.copyOf(bytes, end + middle.length + bytes.length - start);
        System.arraycopy(middle, 0, all, end, middle.length);
        System.arraycopy(bytes, start, all, end + middle.length, bytes.length - start);
        return all;
    }

    private static byte[] header(byte[] whole, Random random) {
        int length = Math.toIntExact(
                ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong());
        byte[] header = text(Arrays.copyOfRange(whole, 8, 8 + length), random);
        byte[] damaged = joined(whole, 8, header, 8 + length);
        ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length);
        return damaged;
    }

    /** Numbers and other values exchanged, parts cut out or written twice, other characters, other encodings. */
    private static byte[] text(byte[] whole, Random random) {
        String text = new String(whole, StandardCharsets.UTF_8);
        for (int k = random.nextInt(3); k >= 0; k--) {
            text = changed(text, random);
        }
        return text.getBytes(
                switch (random.nextInt(40)) {
                    case 0 -> StandardCharsets.ISO_8859_1;
                    case 1 -> StandardCharsets.UTF_16;
                    default -> StandardCharsets.UTF_8;
                });
    }

    private static String changed(String text, Random random) {
        int at = random.nextInt(text.length() + 1);
        int end = Math.min(text.length(), at + random.nextInt(30));
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> exchanged(text, NUMBER, any(NUMBERS, random), random);
            case 3, 4 -> exchanged(text, VALUE, any(VALUES, random), random);
            case 5 -> exchanged(text, VALUE, any(VALUES, random).replace("\"", "\\\""), random);
            case 6 -> text.substring(0, at) + text.substring(end);
            case 7 -> text.substring(0, end) + text.substring(at);
            case 8 ->
                text.substring(0, at)
                        + any(List.of("\u00fc", "\u001b[31m", "\n", ",", "\"", "\t;"), random)
                        + text.substring(at);
            default ->
                random.nextInt(10) > 0
                        ? exchanged(text, VALUE, any(VALUES, random), random)
                        : text.substring(0, at) + "[".repeat(100_000) + text.substring(at);
        };
    }

    private static String exchanged(String text, Pattern what, String by, Random random) {
        List<MatchResult> places = what.matcher(text).results().toList();
        if (places.isEmpty()) {
            return text;
        }
        MatchResult place = places.get(random.nextInt(places.size()));
        return text.substring(0, place.start()) + by + text.substring(place.end());
    }

    private static String any(List<String> some, Random random) {
        return some.get(random.nextInt(some.size()));
    }
}

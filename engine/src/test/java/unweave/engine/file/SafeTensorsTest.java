package unweave.engine.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTensorsTest {
    @TempDir
    Path folder;

    @Test
    void everythingWrittenIsReadBack() throws IOException {
        Path file = folder.resolve("a.safetensors");
        float[] large = new float[700_001];
        for (int i = 0; i < large.length; i++) {
            large[i] = i;
        }
        new SafeTensorsWriter()
                .metadata("who", "\"ü\" <b>")
                .metadata("what", "test")
                .add("z", new float[] {1.5f, -0f, Float.NaN, 3}, 2, 2)
                .add("a", new double[] {Math.PI})
                .add("i", new int[] {-7, 8}, 2)
                .add("l", new long[] {Long.MIN_VALUE}, 1)
                .add("none", new float[0], 0, 3)
                .add("large", large, 700_001)
                .write(file);
        try (SafeTensors tensors = SafeTensors.open(file)) {
            assertEquals(Map.of("who", "\"ü\" <b>", "what", "test"), tensors.metadata());
            assertEquals(List.of("z", "a", "i", "l", "none", "large"), List.copyOf(tensors.names()));
            assertEquals(List.of(2, 2), tensors.shape("z"));
            assertEquals(List.of(), tensors.shape("a"));
            assertArrayEquals(new float[] {1.5f, -0f, Float.NaN, 3}, tensors.floats("z"));
            assertArrayEquals(new double[] {Math.PI}, tensors.doubles("a"));
            assertArrayEquals(new int[] {-7, 8}, tensors.ints("i"));
            assertArrayEquals(new float[] {-7, 8}, tensors.floats("i"));
            assertArrayEquals(new long[] {Long.MIN_VALUE}, tensors.longs("l"));
            assertEquals(0, tensors.floats("none").length);
            assertArrayEquals(large, tensors.floats("large"));
            assertEquals(DataType.F64, tensors.entry("a").type());
        }
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count(), "no temporary file is left");
        }
    }

    @Test
    void theDataBeginsAtAMultipleOfEightAndEqualContentGivesEqualBytes() throws IOException {
        for (String name : List.of("a", "ab", "abc", "abcd")) {
            Path file = folder.resolve(name);
            new SafeTensorsWriter().add(name, new float[] {1}, 1).write(file);
            byte[] bytes = Files.readAllBytes(file);
            assertEquals(
                    0, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8);
            new SafeTensorsWriter().add(name, new float[] {1}, 1).write(file);
            assertArrayEquals(bytes, Files.readAllBytes(file));
        }
    }

    @Test
    void smallTypesAreWidened() throws IOException {
        Path file = folder.resolve("small.safetensors");
        ByteBuffer data = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        data.putShort((short) 0x3C00)
                .putShort((short) 0xC000)
                .putShort((short) 0x3F80)
                .putShort((short) 0xC040);
        data.put((byte) 200).put((byte) 1).put((byte) 0).put((byte) -3);
        write(
                file,
                "{\"h\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[4,8]},"
                        + "\"u\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[8,9]},\"t\":{\"dtype\":\"BOOL\",\"shape\":[2],\"data_offsets\":[9,11]},"
                        + "\"s\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[11,12]}}",
                data.array());
        try (SafeTensors tensors = SafeTensors.open(file)) {
            assertArrayEquals(new float[] {1, -2}, tensors.floats("h"));
            assertArrayEquals(new double[] {1, -3}, tensors.doubles("b"));
            assertArrayEquals(new int[] {200}, tensors.ints("u"));
            assertArrayEquals(new float[] {1, 0}, tensors.floats("t"));
            assertArrayEquals(new long[] {-3}, tensors.longs("s"));
        }
    }

    @Test
    void tensorsOfAnyTypeMayLieBesideThoseThatAreRead() throws IOException {
        Path file = folder.resolve("beside.safetensors");
        ByteBuffer data = ByteBuffer.allocate(14).order(ByteOrder.LITTLE_ENDIAN);
        data.putLong(-1).putInt(-2).putShort((short) -3);
        write(
                file,
                "{\"__metadata__\":null,\"counter\":{\"dtype\":\"U64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                        + "\"i\":{\"dtype\":\"U32\",\"shape\":[1],\"data_offsets\":[8,12]},"
                        + "\"none\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[14,14]},"
                        + "\"s\":{\"dtype\":\"U16\",\"shape\":[],\"data_offsets\":[12,14]}}  ",
                data.array());
        try (SafeTensors tensors = SafeTensors.open(file)) {
            assertEquals(Map.of(), tensors.metadata());
            assertArrayEquals(new double[] {0x1p64}, tensors.doubles("counter"));
            assertArrayEquals(new long[] {0xfffffffeL}, tensors.longs("i"));
            assertArrayEquals(new int[] {0xfffd}, tensors.ints("s"));
            assertEquals(0, tensors.floats("none").length);
            assertMessage(
                    "beside.safetensors: tensor \"counter\" holds 18446744073709551615, more than 63 bits",
                    () -> tensors.longs("counter"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0x0000, 0",
        "0x8000, -0.0",
        "0x0001, 5.9604645e-8",
        "0x03ff, 6.097555e-5",
        "0x0400, 6.1035156e-5",
        "0x7bff, 65504",
        "0xfc00, -Infinity",
        "0x7e00, NaN",
        "0x3555, 0.33325195"
    })
    void halfPrecisionIsDecoded(String bits, float value) {
        assertEquals(value, DataType.half((short) (int) Integer.decode(bits)));
    }

    @Test
    void fractionsAndWideNumbersAreNotSilentlyInts() throws IOException {
        Path file = folder.resolve("n.safetensors");
        new SafeTensorsWriter()
                .add("f", new float[] {1}, 1)
                .add("wide", new long[] {1L << 40}, 1)
                .write(file);
        try (SafeTensors tensors = SafeTensors.open(file)) {
            assertMessage("n.safetensors: tensor \"f\" holds F32, not whole numbers", () -> tensors.ints("f"));
            assertMessage(
                    "n.safetensors: tensor \"wide\" holds 1099511627776, more than 32 bits",
                    () -> tensors.ints("wide"));
            assertMessage("n.safetensors: has no tensor \"x\"; it holds f, wide", () -> tensors.floats("x"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | the header is not a JSON object",
                "{\"a\": | the header is not a JSON object",
                "{\"a\": 1} | header field \"a\" is not an object",
                "{\"__metadata__\": {\"k\": 1}} | metadata \"k\" is not a text",
                "{\"a\": {\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}} | tensor \"a\" has the type "
                        + "\"F31\", none of [F16, BF16, F32, F64, I8, I16, I32, I64, U8, U16, U32, U64, BOOL]",
                "{\"a\": {\"shape\":[1],\"data_offsets\":[0,4]}} | tensor \"a\" has the type null, none of "
                        + "[F16, BF16, F32, F64, I8, I16, I32, I64, U8, U16, U32, U64, BOOL]",
                "{\"a\": {\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}} | tensor \"a\" has no valid shape",
                "{\"a\": {\"dtype\":\"F32\",\"shape\":[1e99],\"data_offsets\":[0,4]}} | tensor \"a\" has no "
                        + "valid shape",
                "{\"a\": {\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}} | tensor \"a\" has the "
                        + "data_offsets [0]",
                "{\"a\": {\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}} | tensor \"a\" has the "
                        + "data_offsets [4, 0]",
                "{\"a\": {\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}} | tensor \"a\" has no valid "
                        + "data_offsets",
                "{\"a\": {\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}} | tensor \"a\" ends at byte "
                        + "12 of the data, but there are 8; the file may be truncated",
                "{\"a\": {\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | tensor \"a\" of shape [2] "
                        + "and type F32 cannot fill 4 bytes",
                "{\"a\": "
                        + "{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,2147483647],\"data_offsets\":[0,4]}} | tensor \"a\" has the shape [2147483647, 2147483647, 2147483647]",
                "{\"a\": {\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}, \"b\": "
                        + "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}} | tensors \"a\" and \"b\" overlap",
                "{\"a\": {\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | bytes 0 to 4 of the data, before"
                        + " tensor \"a\", belong to none",
                "{\"a\": {\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | 4 bytes behind the last tensor"
                        + " belong to none",
                "{\"a\": {\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}, \"a\": "
                        + "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | the header has \"a\" twice",
                "{\"a\": {\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | the header"
                        + " has \"dtype\" twice",
                "# no JSON {\"a\": {\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | the header is not a JSON"
                        + " object",
                "{'a': {'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | the header is not a JSON object",
                "{\"a\": {\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} {} | the header is not a JSON"
                        + " object"
            })
    void malformedHeadersAreRefused(String header, String reason) throws IOException {
        Path file = folder.resolve("bad.safetensors");
        write(file, header, new byte[8]);
        assertMessage("bad.safetensors: not a valid safetensors file (" + reason + ")", () -> SafeTensors.open(file));
    }

    @Test
    void filesOfOtherKindsAreRefused() throws IOException {
        Path wave = folder.resolve("x.wav");
        Files.write(wave, Arrays.copyOf("RIFF....WAVEfmt ".getBytes(StandardCharsets.US_ASCII), 100));
        assertMessage(
                "x.wav: not a safetensors file (the header length would be 3327647950955759954 in a file of 100 bytes)",
                () -> SafeTensors.open(wave));
        Path empty = folder.resolve("empty");
        Files.write(empty, new byte[3]);
        assertMessage("empty: not a safetensors file (only 3 bytes long)", () -> SafeTensors.open(empty));
        assertMessage(
                "no: no such file (looked for it at " + folder.resolve("no") + ")",
                () -> SafeTensors.open(folder.resolve("no")));
        Path one = Files.createDirectory(folder.resolve("one"));
        assertMessage("one: is a folder, not a safetensors file", () -> SafeTensors.open(one));
        Path inside = Files.createFile(one.resolve("subspaces.safetensors"));
        assertMessage("one: is a folder, not a safetensors file; give " + inside, () -> SafeTensors.open(one));
        Files.createFile(one.resolve("other.safetensors"));
        assertMessage("one: is a folder, not a safetensors file", () -> SafeTensors.open(one));
        Path negative = folder.resolve("negative");
        Files.write(negative, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0});
        assertMessage(
                "negative: not a safetensors file (the header length would be 18446744073709551615 in a file of "
                        + "10 bytes)",
                () -> SafeTensors.open(negative));
    }

    @Test
    void aFileCutAnywhereIsRefused() throws IOException {
        Path file = folder.resolve("whole");
        new SafeTensorsWriter()
                .metadata("k", "v")
                .add("a", new float[] {1, 2, 3}, 3)
                .write(file);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Path cut = folder.resolve("cut");
            Files.write(cut, Arrays.copyOf(whole, length));
            assertThrows(ModelFileException.class, () -> SafeTensors.open(cut).close(), "at " + length);
        }
    }

    @Test
    void deepNestingDoesNotOverflowTheStack() throws IOException {
        Path file = folder.resolve("deep");
        write(file, "[".repeat(200_000), new byte[0]);
        assertMessage(
                "deep: not a valid safetensors file (the header is not a JSON object)", () -> SafeTensors.open(file));
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNoTemporaryOne() throws IOException {
        Path file = folder.resolve("kept");
        new SafeTensorsWriter().add("a", new float[] {1}, 1).write(file);
        byte[] before = Files.readAllBytes(file);
        ModelFileException failure = assertThrows(
                ModelFileException.class,
                () -> AtomicFile.write(file, out -> {
                    out.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
                    throw new IOException("No space left on device");
                }));
        assertTrue(failure.getMessage().startsWith("kept: cannot be written to ")
                && failure.getMessage().endsWith("(No space left on device)"));
        assertArrayEquals(before, Files.readAllBytes(file));
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
        Path nowhere = folder.resolve("none").resolve("a");
        assertMessage(
                "a: cannot be written, there is no folder " + folder.resolve("none"),
                () -> new SafeTensorsWriter().write(nowhere));
        assertFalse(Files.exists(nowhere.getParent()));
    }

    @Test
    void tensorsThatDoNotFitTheirShapeAreRefused() {
        SafeTensorsWriter writer = new SafeTensorsWriter().add("a", new float[] {1}, 1);
        assertThrows(IllegalArgumentException.class, () -> writer.add("b", new float[] {1}, 2));
        assertThrows(IllegalArgumentException.class, () -> writer.add("a", new float[] {1}, 1));
    }

    private static void write(Path file, String header, byte[] data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        Files.write(
                file,
                ByteBuffer.allocate(8 + json.length + data.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(json.length)
                        .put(json)
                        .put(data)
                        .array());
    }

    private static void assertMessage(String message, Executable action) {
        assertEquals(message, assertThrows(ModelFileException.class, action).getMessage());
    }
}

package unweave.engine.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.engine.file.Damage;
import unweave.engine.file.ModelFileException;
import unweave.engine.file.StateDict;
import unweave.engine.torch.PickleWriter.Name;
import unweave.engine.torch.PickleWriter.Values;

class TorchFileTest {
    @TempDir
    Path folder;

    private static Map<String, Object> weights(String wrapper) {
        Map<String, Object> weights = new LinkedHashMap<>();
        weights.put(wrapper + "conv.weight", Values.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2, 1));
        weights.put(wrapper + "conv.bias", Values.of(new float[] {7, 8, 9}, 3));
        return weights;
    }

    @Test
    void bothFormatsGiveTheTensorsWhereverCheckpointsKeepThem() throws IOException {
        Map<String, Object> nested = new LinkedHashMap<>();
        nested.put("epoch", 12);
        nested.put("optimizer_state_dict", Map.of("state", Map.of(), "lr", Values.of(new float[] {1}, 1)));
        nested.put("model_state_dict", weights("module._orig_mod."));
        for (Object saved : List.of(weights(""), weights("module."), nested, Map.of("ema", weights("")))) {
            for (Path file : List.of(
                    PickleWriter.zip(folder.resolve("net.pth"), saved),
                    PickleWriter.legacy(folder.resolve("old.pth"), saved))) {
                assertTrue(TorchFile.looksLikeOne(file));
                try (StateDict tensors = TorchFile.open(file)) {
                    assertEquals(Set.of("conv.weight", "conv.bias"), tensors.names());
                    assertEquals(List.of(3, 2, 1), tensors.shape("conv.weight"));
                    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, tensors.floats("conv.weight"));
                    assertArrayEquals(new float[] {7, 8, 9}, tensors.floats("conv.bias"));
                }
            }
        }
    }

    @Test
    void viewsAreReadInTheOrderOfTheirIndices() throws IOException {
        Values transposed =
                new Values(new float[] {0, 1, 2, 3, 4, 5, 6}, List.of(3, 2), List.of(1L, 3L), 1); // [2][3] transposed
        Values scalar = new Values(new float[] {0, 1, 42}, List.of(), List.of(), 2);
        Path file = PickleWriter.zip(folder.resolve("net.pth"), Map.of("t", transposed, "s", scalar));
        try (StateDict tensors = TorchFile.open(file)) {
            assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, tensors.floats("t"));
            assertArrayEquals(new float[] {42}, tensors.floats("s"));
        }
    }

    @Test
    void whatCannotBeReadIsSaidInOneLine() throws IOException {
        assertRefused("names os.system, which is none of the functions", Map.of("a", new Name("os", "system")));
        assertRefused("holds a whole module (__main__.Net)", Map.of("a", new Name("__main__", "Net")));
        assertRefused("holds no dictionary of tensors", List.of(1, 2));
        assertRefused("holds no state dict, neither by itself", Map.of("epoch", 3));
        assertRefused(
                "tensors lie under the keys [a, b]",
                new java.util.TreeMap<>(Map.of("a", weights(""), "b", weights(""))));
        assertRefused(
                "a tensor of shape [4] reaches beyond its storage of 3 values",
                Map.of("t", Values.of(new float[] {1, 2, 3}, 4)));
        assertRefused(
                "more values than an array can hold",
                Map.of("t", new Values(new float[1], List.of(65536, 65536), List.of(0L, 0L), 0)));
    }

    @Test
    void storagesThatSayTheyAreLargerThanTheFileAreRefused() throws IOException {
        for (long count : new long[] {4, 1L << 31, 1L << 62, Long.MAX_VALUE}) {
            Values lying = new Values(new float[3], List.of(3), List.of(1L), 0, count);
            for (Path file : List.of(
                    PickleWriter.zip(folder.resolve("net.pth"), Map.of("t", lying)),
                    PickleWriter.legacy(folder.resolve("old.pth"), Map.of("t", lying)))) {
                try (StateDict tensors = TorchFile.open(file)) {
                    String message = assertThrows(ModelFileException.class, () -> tensors.floats("t"))
                            .getMessage();
                    assertTrue(message.contains("tensor \"t\": "), message);
                }
            }
        }
    }

    @Test
    void tensorsHaveAtMostAsManyDimensionsAsPyTorchAllows() throws IOException {
        assertRefused(
                "a tensor has 100000 dimensions; PyTorch allows 64",
                Map.of(
                        "t",
                        new Values(
                                new float[1], Collections.nCopies(100_000, 1), Collections.nCopies(100_000, 1L), 0)));
    }

    private void assertRefused(String part, Object saved) throws IOException {
        for (Path file : List.of(
                PickleWriter.zip(folder.resolve("bad.pth"), saved),
                PickleWriter.legacy(folder.resolve("bad.pth"), saved))) {
            String message = message(file);
            assertTrue(message.startsWith("bad.pth: ") && message.contains(part), message);
            assertEquals(1, message.lines().count());
        }
    }

    private static String message(Path file) {
        return assertThrows(ModelFileException.class, () -> TorchFile.open(file))
                .getMessage();
    }

    @Test
    void otherArchivesAreRefusedByWhatTheyAre() throws IOException {
        byte[] pickle = {(byte) 0x80, 2, '}', '.'};
        Path file = folder.resolve("net.pt");
        PickleWriter.zip(file, Map.of("net/data.pkl", pickle, "net/constants.pkl", pickle), ZipEntry.STORED);
        assertTrue(message(file).contains("TorchScript"), message(file));
        PickleWriter.zip(file, Map.of("net/data.pkl", pickle), ZipEntry.DEFLATED);
        assertTrue(message(file).contains("has a compressed net/data.pkl"), message(file));
        PickleWriter.zip(file, Map.of("other", pickle), ZipEntry.STORED);
        assertTrue(message(file).contains("without a data.pkl"), message(file));
        Files.writeString(file, "not a model\n", StandardCharsets.UTF_8);
        assertTrue(message(file).contains("pickle of protocol 2 to 5 should start here"), message(file));
        assertTrue(message(folder.resolve("none.pt")).contains("no such file"));
        assertTrue(message(folder).contains("is a folder"));
    }

    @Test
    void damagedFilesAreRefusedAndNothingElse() throws IOException {
        Map<String, Object> nested = Map.of("state_dict", weights("module."), "epoch", 5, "loss", List.of(1, true));
        Damage.ofBytes(PickleWriter.zip(folder.resolve("a.pth"), nested), TorchFileTest::readAll);
        Damage.ofBytes(PickleWriter.legacy(folder.resolve("b.pth"), nested), TorchFileTest::readAll);
    }

    private static void readAll(Path file) throws IOException {
        try (StateDict tensors = TorchFile.open(file)) {
            for (String name : tensors.names()) {
                tensors.floats(name);
            }
        }
    }
}

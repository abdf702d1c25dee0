package unweave.explain.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.engine.model.ModelDescription;
import unweave.engine.torch.TensorNames;
import unweave.kernels.BadInputException;

/** Files beside the weights, changed at random: each is read, or refused in one line that names it. */
class MutatedFilesTest {
    private static final int MUTATIONS = 10_000;

    @TempDir
    Path folder;

    private interface Reader {
        void read(Path file) throws IOException;
    }

    private void mutate(String name, String text, int seed, Reader reader) throws IOException {
        byte[] whole = text.getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve(name);
        Files.write(file, whole);
        reader.read(file);
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            int length = random.nextInt(4) == 0 ? 1 + random.nextInt(whole.length) : whole.length;
            byte[] bytes = Arrays.copyOf(whole, length);
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                bytes[random.nextInt(length)] =
                        random.nextBoolean() ? (byte) random.nextInt(256) : whole[random.nextInt(whole.length)];
            }
            Files.write(file, bytes);
            try {
                reader.read(file);
            } catch (BadInputException e) {
                refused++;
                assertTrue(e.getMessage().startsWith(name + ": "), e.getMessage());
                assertEquals(1, e.getMessage().lines().count(), e.getMessage());
            }
        }
        assertTrue(refused > MUTATIONS / 10, refused + " refused");
    }

    @Test
    void layers() throws IOException {
        String layers =
                """
                {"input": {"height": 4, "width": 6, "channels": 2}, "layers": [
                  {"name": "conv", "kind": "conv", "filters": 2, "kernel": [3, 1], "padding": "same", "bias": false},
                  {"name": "bn", "kind": "batchnorm", "epsilon": 1e-5}, {"name": "relu", "kind": "relu"},
                  {"name": "pool", "kind": "maxpool", "window": [2, 2], "inputs": ["relu"]},
                  {"name": "flatten", "kind": "flatten"}, {"name": "out", "kind": "dense", "units": 3}]}
                """;
        mutate("layers.json", layers, 1, file -> ModelDescription.readNetwork(file, List.of()));
    }

    @Test
    void names() throws IOException {
        mutate(
                "names.json",
                "{\"conv1\": \"features.0\", \"pos.value\": \"pos_embed\", \"leave out\": [\"decoder\", \"head\"]}",
                2,
                TensorNames::read);
    }

    @Test
    void labels() throws IOException {
        mutate("labels.txt", "down\ngo\nleft\nno\nright\nstop\nfl\u00f6te\nyes\n", 3, file -> {
            for (String name : Labels.read(file)) {
                assertFalse(name.contains("\uFFFD"), "a replacement character");
            }
        });
    }
}

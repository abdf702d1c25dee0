package unweave.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.engine.file.Damage;
import unweave.engine.file.ModelFileException;
import unweave.engine.file.SafeTensorsWriter;
import unweave.engine.model.ModelDescription;

class CheckpointTest {
    private static final ModelDescription DESCRIPTION = ModelDescription.parse(
            """
      {"input": {"height": 1, "width": 2}, "classes": ["a"], "layers": [
        {"name": "flatten", "kind": "flatten"}, {"name": "dense", "kind": "dense", "units": 1, "bias": false}]}""");

    @TempDir
    Path folder;

    @Test
    void everythingIsReadBack() throws IOException {
        Path file = folder.resolve("c.safetensors");
        EpochRecord first = new EpochRecord(1, 0.5, 0.75, Double.NaN, Double.NaN, 1.25);
        EpochRecord second = new EpochRecord(2, 1.0 / 3, 1, 0.1, 0.2, 2);
        new Checkpoint(
                        DESCRIPTION,
                        Map.of("seed", "7"),
                        Map.of("dense.weight", new float[] {1, 2}),
                        12,
                        Map.of("m/dense.weight", new float[] {3, 4}),
                        List.of(first, second),
                        1,
                        Map.of("dense.weight", new float[] {5, 6}))
                .write(file);
        Checkpoint read = Checkpoint.read(file);
        assertEquals(DESCRIPTION, read.description());
        assertEquals(Map.of("seed", "7"), read.settings());
        assertEquals(12, read.step());
        assertEquals(List.of(first, second), read.history());
        assertEquals(1, read.bestEpoch());
        assertArrayEquals(new float[] {1, 2}, read.weights().get("dense.weight"));
        assertArrayEquals(new float[] {3, 4}, read.optimizerValues().get("m/dense.weight"));
        assertArrayEquals(new float[] {5, 6}, read.bestWeights().get("dense.weight"));
    }

    @Test
    void aBestEpochThatItDoesNotListIsRefused() throws IOException {
        Path file = folder.resolve("c.safetensors");
        Map<String, float[]> weights = Map.of("dense.weight", new float[] {1, 2});
        List<EpochRecord> history = List.of(new EpochRecord(1, 0.5, 0.75, 1, 1, 1.25));
        for (int best : new int[] {-1, 2, 2_000_000_000}) {
            new Checkpoint(DESCRIPTION, Map.of(), weights, 12, Map.of(), history, best, weights).write(file);
            assertEquals(
                    "c.safetensors: is a damaged checkpoint (its best epoch is " + best + ", of 1 that it lists)",
                    message(file));
        }
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        Path file = folder.resolve("c.safetensors");
        new SafeTensorsWriter().metadata("format", "unweave-model/1").write(file);
        assertEquals(
                "c.safetensors: is not a checkpoint of a training (its format is unweave-model/1, not "
                        + "unweave-checkpoint/1)",
                message(file));
        new SafeTensorsWriter()
                .metadata("format", "unweave-checkpoint/1")
                .metadata("description", "{")
                .write(file);
        assertEquals(
                "c.safetensors: is a damaged checkpoint (model description: not JSON (End of input at line 1 "
                        + "column 2 path $.))",
                message(file));
        new SafeTensorsWriter().metadata("format", "unweave-checkpoint/1").write(file);
        assertEquals("c.safetensors: is a damaged checkpoint (its metadata has no description)", message(file));
    }

    @Test
    void everyDamageToTheHeaderIsBadInput() throws IOException {
        Path file = folder.resolve("c.safetensors");
        Map<String, float[]> weights = Map.of("dense.weight", new float[] {1, 2});
        EpochRecord epoch = new EpochRecord(1, 0.5, 0.75, 1, 1, 1.25);
        new Checkpoint(
                        DESCRIPTION,
                        Map.of("seed", "7"),
                        weights,
                        12,
                        Map.of("m/dense.weight", new float[] {3, 4}),
                        List.of(epoch),
                        1,
                        weights)
                .write(file);
        Damage.ofSafeTensors(file, Checkpoint::read);
    }

    private static String message(Path file) {
        return assertThrows(ModelFileException.class, () -> Checkpoint.read(file))
                .getMessage();
    }
}

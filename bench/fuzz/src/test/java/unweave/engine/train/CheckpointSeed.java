package unweave.engine.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import unweave.engine.model.ModelDescription;

/** A checkpoint to begin with, for the fuzzer, which lies in another package. */
public final class CheckpointSeed {
    private CheckpointSeed() {}

    /** Writes a checkpoint of a dense layer after its first epoch. */
    public static void write(Path folder) throws IOException {
        Map<String, float[]> weights = Map.of("dense.weight", new float[] {1, 2});
        ModelDescription description = ModelDescription.parse(
                """
                {"input": {"height": 1, "width": 2}, "classes": ["a"], "layers": [{"name": "flatten",
                  "kind": "flatten"}, {"name": "dense", "kind": "dense", "units": 1, "bias": false}]}""");
        Map<String, float[]> moments = Map.of("m/dense.weight", new float[] {3, 4});
        List<EpochRecord> history = List.of(new EpochRecord(1, 0.5, 0.75, 1, 1, 1.25));
        new Checkpoint(description, Map.of("seed", "7"), weights, 12, moments, history, 1, weights)
                .write(folder.resolve("first"));
    }
}

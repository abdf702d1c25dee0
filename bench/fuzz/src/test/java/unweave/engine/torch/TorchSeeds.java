package unweave.engine.torch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Files of {@code torch.save} to begin with, for the fuzzer, which lies in another package. */
public final class TorchSeeds {
    private TorchSeeds() {}

    /** Writes a state dict in both formats, as {@code zip} and {@code legacy}. */
    public static void write(Path folder) throws IOException {
        Map<String, Object> weights =
                Map.of("conv.weight", PickleWriter.Values.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2, 1));
        PickleWriter.zip(folder.resolve("zip"), weights);
        PickleWriter.legacy(folder.resolve("legacy"), weights);
    }
}

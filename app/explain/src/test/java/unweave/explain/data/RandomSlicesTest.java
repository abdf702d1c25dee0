package unweave.explain.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import unweave.audio.augment.Augmentation;
import unweave.audio.random.SeededRandom;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.train.Optimizer;
import unweave.engine.train.Trainer;
import unweave.engine.train.TrainingListener;
import unweave.engine.train.TrainingSettings;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

class RandomSlicesTest {
    private static final LogMel FRONT_END = new LogMel(SpectrogramSettings.toy());

    @Test
    void theNumberOfThreadsThatAugmentCannotBeSeenInTheWeights() throws IOException {
        List<Map<String, float[]>> weights = new ArrayList<>();
        for (int threads : new int[] {1, 3}) {
            try (Backend backend = CpuBackend.create(1);
                    Model model = Model.create(ModelDescription.toy(), backend, 1)) {
                TrainingSettings settings = new TrainingSettings(2, 5, 3, Optimizer.adam(1e-3f, 0), false, threads);
                new Trainer(model, slices(12, 0.1), null, settings, TrainingListener.NONE).run(null);
                weights.add(model.weights());
            }
        }
        weights.get(0)
                .forEach((name, values) ->
                        assertArrayEquals(values, weights.get(1).get(name), name));
    }

    @Test
    void aSilentTrackEndsTheTrainingWithItsName() {
        try (Backend backend = CpuBackend.create(1);
                Model model = Model.create(ModelDescription.toy(), backend, 1)) {
            TrainingSettings settings = new TrainingSettings(1, 5, 3, Optimizer.adam(1e-3f, 0), false, 3);
            Trainer trainer = new Trainer(model, slices(12, 0), null, settings, TrainingListener.NONE);
            assertEquals(
                    "track: found only silence at 20 random places; remove the file",
                    assertThrows(IllegalArgumentException.class, () -> trainer.run(null))
                            .getMessage());
        }
    }

    /** Tracks twice as long as an input. */
    private static RandomSlices slices(int count, double loudness) {
        float[][] tracks = new float[count][2 * FRONT_END.settings().samples()];
        for (int i = 0; i < count; i++) {
            SeededRandom random = new SeededRandom(i);
            for (int n = 0; n < tracks[i].length; n++) {
                tracks[i][n] = (float) (loudness * (Math.sin((0.02 + 0.01 * i) * n) + random.gaussian()));
            }
        }
        return new RandomSlices(
                Collections.nCopies(count, Path.of("track")),
                tracks,
                IntStream.range(0, count).map(i -> i % 2).toArray(),
                FRONT_END,
                Augmentation.GTZAN);
    }
}

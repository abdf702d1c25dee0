package unweave.explain.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

    @TempDir
    private Path temporary;

    @Test
    void theNumberOfThreadsThatAugmentCannotBeSeenInTheWeights() throws IOException {
        List<Map<String, float[]>> weights = new ArrayList<>();
        for (int threads : new int[] {1, 3}) {
            try (Backend backend = CpuBackend.create(1);
                    Model model = Model.create(ModelDescription.toy(), backend, 1)) {
                TrainingSettings settings = new TrainingSettings(2, 5, 3, Optimizer.adam(1e-3f, 0), false, threads);
                new Trainer(model, slices(12), null, settings, TrainingListener.NONE).run(null);
                weights.add(model.weights());
            }
        }
        weights.get(0)
                .forEach((name, values) ->
                        assertArrayEquals(values, weights.get(1).get(name), name));
    }

    /**
     * A click in a minute: a slice of a second holds it once in sixty times, and 20 tries find it in 28 % of visits.
     */
    @Test
    void everyVisitFindsTheSoundOfASparseTrack() throws IOException {
        float[] track = new float[60 * FRONT_END.sampleRate()];
        track[123_456] = 0.5f;
        RandomSlices slices = new RandomSlices(stored(track), new int[1], FRONT_END, Augmentation.NONE, Slicing.TEN);
        float[] input = new float[FRONT_END.rows() * FRONT_END.columns()];
        int highest = (FRONT_END.rows() - 1) * FRONT_END.columns();
        Set<Integer> frames = new TreeSet<>();
        int heard = 0;
        for (int seed = 0; seed < 100; seed++) {
            slices.load(0, seed, input, 0);
            int loudest = IntStream.range(0, FRONT_END.columns())
                    .reduce((a, b) -> input[highest + b] > input[highest + a] ? b : a)
                    .getAsInt();
            heard += input[highest + loudest] > FRONT_END.silence() ? 1 : 0;
            frames.add(loudest);
        }
        // The frames that the network keeps end 0.04 s before the slice does.
        assertTrue(heard >= 90, heard + " of 100 visits heard it");
        assertTrue(frames.size() > 30, "it lies anywhere in the slices, not in frames " + frames);
    }

    @Test
    void withAHopEveryPartOfALongTrackIsAnInput() throws IOException {
        int rate = FRONT_END.sampleRate();
        float[] track = new float[10 * rate];
        for (int second : new int[] {0, 1, 4, 9}) {
            track[second * rate + rate / 2] = 1;
        }
        Slicing everyTwo = new Slicing(2);
        RandomSlices slices = new RandomSlices(
                stored(track, new float[] {1}), new int[] {7, 8}, FRONT_END, Augmentation.NONE, everyTwo);
        // Slices begin at 0 to 2 s, 2 to 4 s and so on; those that begin at 6 to 8 s hold no click.
        assertEquals(
                List.of(7, 7, 7, 7, 8),
                IntStream.range(0, slices.size()).map(slices::label).boxed().toList());
    }

    /** Half of the samples in memory. */
    private SignalStore.Signal[] stored(float[]... tracks) throws IOException {
        SignalStore store = new SignalStore(
                Arrays.stream(tracks).mapToLong(track -> track.length).sum() / 2, temporary);
        SignalStore.Signal[] stored = new SignalStore.Signal[tracks.length];
        for (int i = 0; i < stored.length; i++) {
            stored[i] = store.add(SignalStoreTest.source(tracks[i]));
        }
        return stored;
    }

    /** Tracks twice as long as an input. */
    private RandomSlices slices(int count) throws IOException {
        float[][] tracks = new float[count][2 * FRONT_END.settings().samples()];
        for (int i = 0; i < count; i++) {
            SeededRandom random = new SeededRandom(i);
            for (int n = 0; n < tracks[i].length; n++) {
                tracks[i][n] = (float) (0.1 * (Math.sin((0.02 + 0.01 * i) * n) + random.gaussian()));
            }
        }
        return new RandomSlices(
                stored(tracks),
                IntStream.range(0, count).map(i -> i % 2).toArray(),
                FRONT_END,
                Augmentation.GTZAN,
                Slicing.TEN);
    }
}

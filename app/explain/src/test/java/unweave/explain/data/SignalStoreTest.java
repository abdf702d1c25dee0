package unweave.explain.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.audio.random.SeededRandom;
import unweave.explain.progress.Progress;

class SignalStoreTest {
    @TempDir
    private Path folder;

    /** Gives out an array. */
    static SignalStore.Source source(float[] samples) {
        int[] given = new int[1];
        return (target, offset, count) -> {
            int now = Math.min(count, samples.length - given[0]);
            System.arraycopy(samples, given[0], target, offset, now);
            given[0] += now;
            return now;
        };
    }

    private static float[] noise(int length) {
        SeededRandom random = new SeededRandom(length);
        float[] samples = new float[length];
        for (int n = 0; n < length; n++) {
            samples[n] = (float) random.gaussian();
        }
        return samples;
    }

    /** Several blocks and less than one, in memory, in the file and in both; from many threads. */
    @Test
    void partsAreTheSamplesWhereverTheyLie() throws IOException {
        for (long inMemory : new long[] {0, 200_000, 1 << 20}) {
            SignalStore store = new SignalStore(inMemory, folder);
            float[][] signals = {noise(150_000), noise(7), noise(65_536), noise(300_000)};
            SignalStore.Signal[] stored = new SignalStore.Signal[signals.length];
            Parallel.run(4, 4, Progress.none(), i -> stored[i] = store.add(source(signals[i])));
            Parallel.run(200, 4, Progress.none(), i -> {
                float[] signal = signals[i % 4];
                int first = new SeededRandom(i).integer(0, signal.length - 1);
                assertEquals(signal.length, stored[i % 4].length());
                assertArrayEquals(
                        Arrays.copyOfRange(signal, first, first + 100_000), stored[i % 4].part(first, 100_000));
            });
        }
    }

    @Test
    void samplesThatAreNotZeroAreFoundAndCounted() throws IOException {
        float[] signal = new float[200_000];
        int[] places = {5, 65_535, 65_536, 180_000};
        IntStream.of(places).forEach(place -> signal[place] = -1);
        SignalStore.Signal stored = new SignalStore(100_000, folder).add(source(signal));
        assertEquals(4, stored.sounding(0, signal.length));
        assertEquals(2, stored.sounding(6, 180_000));
        for (int number = 0; number < places.length; number++) {
            assertEquals(places[number], stored.sounding(0, Integer.MAX_VALUE + 1L, number));
        }
        assertEquals(-1, stored.sounding(0, signal.length, 4));
        assertTrue(stored.silent(6, 65_535));
        assertFalse(stored.silent(6, 65_536));
        assertTrue(stored.silent(180_001, Long.MAX_VALUE));
    }

    @Test
    void aFolderThatIsNotThereIsNamedWithTheRemedy() throws IOException {
        SignalStore small = new SignalStore(10, folder.resolve("none"));
        assertEquals(10, small.add(source(noise(10))).length());
        IOException failure = assertThrows(IOException.class, () -> small.add(source(noise(11))));
        String message = failure.getMessage();
        assertTrue(message.contains("a file in " + folder.resolve("none") + ", which failed: "), message);
        assertTrue(message.contains("java.io.tmpdir=FOLDER"), message);
        assertEquals(1, message.lines().count(), message);
    }

    /** It has no name, so that nothing is left of a program that is killed. */
    @Test
    void theFileHasNoName() throws IOException {
        SignalStore store = new SignalStore(0, folder);
        SignalStore.Signal signal = store.add(source(noise(1000)));
        assertArrayEquals(noise(1000), signal.part(0, 1000));
        assumeTrue(System.getProperty("os.name").equals("Linux"), "other systems may keep the name until the end");
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
    }
}

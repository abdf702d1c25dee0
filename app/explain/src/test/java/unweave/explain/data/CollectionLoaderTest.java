package unweave.explain.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.audio.augment.Augmentation;
import unweave.audio.file.SoundFiles;
import unweave.audio.random.SeededRandom;
import unweave.audio.resample.ResamplingFilter;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.audio.spectral.Window;
import unweave.explain.progress.Monitor;

/** Six sounds of two classes: half a second, 2 s and 40 s. */
class CollectionLoaderTest {
    private static final int RATE = 8000;
    private static final LogMel FRONT_END = new LogMel(new SpectrogramSettings(
            RATE, RATE, 512, 256, Window.HAMMING, 16, 0, 4000, 16, 1e-7, -4, ResamplingFilter.STANDARD));
    private static final List<Integer> ALL = IntStream.range(0, 6).boxed().toList();

    @TempDir
    private Path folder;

    private SoundCollection collection;
    private final List<String> notes = new ArrayList<>();
    private final Monitor monitor = new Monitor() {
        @Override
        public void note(String line) {
            notes.add(line);
        }
    };

    @BeforeEach
    void writeSounds() throws IOException {
        SeededRandom random = new SeededRandom(2);
        for (String name : List.of("a", "b")) {
            Files.createDirectories(folder.resolve(name));
            for (double seconds : new double[] {0.5, 2, 40}) {
                float[] noise = new float[(int) (seconds * RATE)];
                for (int n = 0; n < noise.length; n++) {
                    noise[n] = (float) (0.1 * random.gaussian());
                }
                SoundFiles.writeWav(folder.resolve(name).resolve("sound" + seconds + ".wav"), noise, RATE);
            }
        }
        collection = SoundCollection.open(folder);
    }

    private CollectionLoader loader(Slicing slicing, int threads) {
        return new CollectionLoader(collection, FRONT_END, slicing, threads, monitor);
    }

    @Test
    void anyNumberOfThreadsMakesTheSameInputs() throws IOException {
        for (Slicing slicing : List.of(Slicing.TEN, new Slicing(0.7))) {
            InputSet one = loader(slicing, 1).inputs("reading", ALL);
            InputSet three = loader(slicing, 3).inputs("reading", ALL);
            assertTrue(Arrays.deepEquals(one.inputs(), three.inputs()));
            assertArrayEquals(one.origins(), three.origins());
            assertArrayEquals(one.labels(), three.labels());
        }
    }

    @Test
    void whatIsLeftOutOrFilledUpIsSaid() throws IOException {
        assertEquals(
                2 * (1 + 10 + 10), loader(Slicing.TEN, 2).inputs("reading", ALL).size());
        assertTrue(notes.contains(
                "reading: 2 of 6 sounds are shorter than the model's input of 1.00 s and are padded with silence"));
        assertTrue(notes.contains("reading: 2 of 6 sounds are longer than 29 s; of these, ten slices of the first 29 s "
                + "are used (all of it with a hop, such as --hop 1.0)"));
        assertEquals(2, notes.size(), notes.toString());
        notes.clear();
        assertEquals(
                2 * (1 + 3 + 79),
                loader(new Slicing(0.5), 2).inputs("reading", ALL).size());
        assertEquals(1, notes.size(), "nothing is cut short: " + notes);
        notes.clear();
        assertEquals(
                6,
                loader(Slicing.TEN, 2).slices("reading", ALL, Augmentation.NONE).size());
        assertTrue(notes.get(1).contains("each epoch hears one slice of each, from a random place"), notes.toString());
        notes.clear();
        int ranges = loader(new Slicing(10), 2)
                .slices("reading", ALL, Augmentation.NONE)
                .size();
        assertEquals(2 * (1 + 1 + 4), ranges);
        assertEquals(1, notes.size(), notes.toString());
    }

    @Test
    void filesWhoseHeadersAreNotQuiteRightAreNamed() throws IOException {
        for (SoundItem item : collection.items()) {
            byte[] bytes = Files.readAllBytes(item.path());
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(40, bytes.length);
            Files.write(item.path(), bytes);
        }
        loader(new Slicing(5), 1).inputs("reading", ALL);
        List<String> ofHeaders =
                notes.stream().filter(note -> note.contains("header")).toList();
        assertEquals(4, ofHeaders.size(), notes.toString());
        assertTrue(ofHeaders.get(0).startsWith(collection.items().get(0).path() + ": its header promises "));
        assertEquals("and 3 more files whose headers are not quite right", ofHeaders.get(3));
    }
}

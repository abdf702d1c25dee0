package unweave.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import unweave.audio.file.SoundFiles;
import unweave.audio.resample.ResamplingFilter;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.audio.spectral.Window;
import unweave.explain.data.SoundLoader;
import unweave.explain.progress.Monitor;
import unweave.kernels.BadInputException;

class ExcerptTest {
    private static final int RATE = 8000;
    private static final SpectrogramSettings SETTINGS = new SpectrogramSettings(
            RATE, RATE, 512, 256, Window.HAMMING, 16, 0, 4000, 16, 1e-7, -4, ResamplingFilter.STANDARD);

    @TempDir
    private Path folder;

    private static final LogMel FRONT_END = new LogMel(SETTINGS);

    /** Piece by piece, and whole in memory: both are the same, and so are their complaints. */
    private static Excerpt read(Path file, double start) throws IOException {
        SoundLoader loader = new SoundLoader(FRONT_END);
        Executable inMemory = () -> Excerpt.of(Sound.read(file).from(start, TimeUnit.SECONDS), loader, FRONT_END);
        Excerpt excerpt;
        try {
            excerpt = Excerpt.read(file, start, false, loader, FRONT_END, Monitor.silent());
        } catch (BadInputException e) {
            assertEquals(assertThrows(BadInputException.class, inMemory).getMessage(), e.getMessage());
            throw e;
        }
        Excerpt same = Excerpt.of(Sound.read(file).from(start, TimeUnit.SECONDS), loader, FRONT_END);
        assertArrayEquals(same.signal(), excerpt.signal());
        assertEquals(same.start(), excerpt.start());
        assertEquals(same.soundSeconds(), excerpt.soundSeconds());
        assertEquals(same.name(), excerpt.name());
        return excerpt;
    }

    @Test
    void cutsAnInputFromALongerSound() throws IOException {
        Path file = ExampleNetwork.writeTone(folder.resolve("long.wav"), 300, 3 * RATE);
        Excerpt excerpt = read(file, 1.25);
        float[] all = SoundFiles.read(file).mono();
        assertArrayEquals(Arrays.copyOfRange(all, 10000, 18000), excerpt.signal());
        assertEquals(2.25, excerpt.end());
        assertEquals(3, excerpt.soundSeconds());
        assertEquals(0, excerpt.paddedSeconds());
    }

    @Test
    void whatIsMissingAtTheEndIsPadding() throws IOException {
        Path file = ExampleNetwork.writeTone(folder.resolve("short.wav"), 300, RATE);
        Excerpt excerpt = read(file, 0.75);
        assertEquals(2000, excerpt.signal().length);
        assertEquals(0.75, excerpt.paddedSeconds());
        assertEquals(1, excerpt.end());
    }

    @Test
    void refusesToStartWhereTheSoundHasEnded() throws IOException {
        Path file = ExampleNetwork.writeTone(folder.resolve("short.wav"), 300, RATE);
        String message =
                assertThrows(BadInputException.class, () -> read(file, 1)).getMessage();
        assertTrue(message.contains("short.wav: the start, 1 s,") && message.contains("ends at 1.00 s"), message);
    }

    @Test
    void saysWhereASoundBeginsWhenTheChosenPartIsSilent() throws IOException {
        float[] late = new float[4 * RATE];
        System.arraycopy(ExampleNetwork.tone(300, RATE), 0, late, 20001, RATE);
        Path file = folder.resolve("late.wav");
        SoundFiles.writeWav(file, late, RATE);
        String message =
                assertThrows(BadInputException.class, () -> read(file, 0)).getMessage();
        assertTrue(
                message.contains("late.wav: silent from 0.00 s to 1.00 s") && message.endsWith("starts at 2.5 s"),
                message);
        assertEquals(2.5, read(file, 2.5).start());
        Excerpt moved = Excerpt.read(file, 0, true, new SoundLoader(FRONT_END), FRONT_END, Monitor.silent());
        assertEquals(2.5, moved.start());
        assertArrayEquals(read(file, 2.5).signal(), moved.signal());
    }

    @Test
    void theRingingOfAResampledSoundCountsAsSilence() throws IOException {
        float[] click = new float[44100 * 3];
        System.arraycopy(ExampleNetwork.tone(300, 44100), 0, click, 0, 44100);
        Path file = folder.resolve("click.wav");
        SoundFiles.writeWav(file, click, 44100);
        assertThrows(BadInputException.class, () -> read(file, 1.5));
    }

    @Test
    void aSoundThatIsNothingButSilenceIsRefused() throws IOException {
        Path file = folder.resolve("silent.wav");
        SoundFiles.writeWav(file, new float[RATE], 11_025);
        String message =
                assertThrows(BadInputException.class, () -> read(file, 5)).getMessage();
        assertTrue(message.contains("silent.wav: silent, all 8000 samples are zero"), message);
    }

    /** A header that promises more than there is, by so little that it counts itself. */
    @Test
    void whatIsNotQuiteRightInAFileIsTold() throws IOException {
        Path file = ExampleNetwork.writeTone(folder.resolve("header.wav"), 300, 2 * RATE);
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(40, 4 * RATE + 44);
        Files.write(file, bytes);
        List<String> notes = new ArrayList<>();
        Monitor monitor = new Monitor() {
            @Override
            public void note(String line) {
                notes.add(line);
            }
        };
        Excerpt.read(file, 0, false, new SoundLoader(FRONT_END), FRONT_END, monitor);
        Sound.read(file, monitor);
        assertEquals(2, notes.size(), notes.toString());
        assertTrue(notes.get(0).startsWith(file + ": its header promises "), notes.get(0));
        assertEquals(notes.get(0), notes.get(1));
        assertEquals(2, read(file, 0).soundSeconds());
    }

    @Test
    void decimalsHaveNoSuperfluousZeros() {
        assertEquals("10", Excerpt.decimal(10));
        assertEquals("0.35", Excerpt.decimal(0.35));
        assertEquals("0", Excerpt.decimal(0));
    }
}

package unweave.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.audio.file.SoundFiles;
import unweave.audio.resample.ResamplingFilter;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.audio.spectral.Window;
import unweave.explain.data.SoundLoader;
import unweave.kernels.BadInputException;

class ExcerptTest {
    private static final int RATE = 8000;
    private static final SpectrogramSettings SETTINGS = new SpectrogramSettings(
            RATE, RATE, 512, 256, Window.HAMMING, 16, 0, 4000, 16, 1e-7, -4, ResamplingFilter.STANDARD);

    @TempDir
    private Path folder;

    private Excerpt read(Path file, double start) throws IOException {
        return Excerpt.of(Sound.read(file).from(start, TimeUnit.SECONDS), new SoundLoader(RATE), new LogMel(SETTINGS));
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
    void decimalsHaveNoSuperfluousZeros() {
        assertEquals("10", Excerpt.decimal(10));
        assertEquals("0.35", Excerpt.decimal(0.35));
        assertEquals("0", Excerpt.decimal(0));
    }
}

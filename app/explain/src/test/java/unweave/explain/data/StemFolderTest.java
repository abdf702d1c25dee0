package unweave.explain.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.audio.file.SampleFormat;
import unweave.audio.file.Sound;
import unweave.audio.file.SoundFiles;
import unweave.kernels.BadInputException;

class StemFolderTest {
    private static final List<String> CLASSES = List.of("jazz", "rock");
    private static final int RATE = 8000;

    @TempDir
    private Path folder;

    private static float[] tone(double hertz, int samples, int rate) {
        float[] signal = new float[samples];
        for (int n = 0; n < samples; n++) {
            signal[n] = (float) (.2 * Math.sin(2 * Math.PI * hertz * n / rate));
        }
        return signal;
    }

    private void write(String file, float[]... channels) throws IOException {
        write(file, RATE, channels);
    }

    private void write(String file, int rate, float[]... channels) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        SoundFiles.write(path, new Sound(channels, rate), SampleFormat.FLOAT_32);
    }

    private StemFolder open(String... background) throws IOException {
        return StemFolder.open(folder, CLASSES, Set.of(background), false);
    }

    private static Stems read(StemFolder stems, int index) throws IOException {
        return stems.read(index, new SoundLoader(RATE));
    }

    private void refused(String expected, String... background) {
        BadInputException refused = assertThrows(BadInputException.class, () -> {
            StemFolder stems = open(background);
            for (int i = 0; i < stems.size(); i++) {
                read(stems, i);
            }
        });
        assertTrue(refused.getMessage().contains(expected), refused.getMessage());
        assertEquals(1, refused.getMessage().lines().count());
    }

    @Test
    void everyFolderWithSoundsIsARecording() throws IOException {
        write("train/one/drums.wav", tone(200, 800, RATE));
        write("train/one/Voice.wav", tone(900, 800, RATE));
        write("train/jazz/two/Drums.WAV", tone(200, 800, RATE));
        write("train/jazz/two/two - bass.wav", tone(100, 800, RATE));
        Files.writeString(folder.resolve("train/notes.txt"), "no sound");
        StemFolder stems = open();
        assertEquals(2, stems.size());
        assertEquals("jazz", read(stems, 0).className());
        assertEquals(List.of("Drums", "bass"), read(stems, 0).parts());
        assertNull(read(stems, 1).className());
        assertEquals(List.of("Drums", "Voice"), read(stems, 1).parts(), "the first spelling counts");
        assertEquals(List.of("Voice"), read(open("DRUMS"), 1).parts());
    }

    @Test
    void theFolderItselfMayBeTheRecording() throws IOException {
        write("drums.wav", tone(200, 800, RATE));
        write("bass.wav", tone(100, 800, RATE));
        assertEquals(1, open().size());
        assertEquals(List.of("bass", "drums"), read(open(), 0).parts());
    }

    @Test
    void ratesChannelsAndLengthsMayDiffer() throws IOException {
        float[] left = tone(200, 4000, RATE);
        float[] right = new float[4000];
        write("song/drums.wav", left, right);
        write("song/bass.wav", 16_000, tone(100, 6000, 16_000));
        write("song/voice.wav", new float[4000]);
        float[] mixture = tone(100, 4000, RATE);
        Arrays.fill(mixture, 3000, 4000, 0);
        for (int n = 0; n < 4000; n++) {
            mixture[n] += left[n] / 2;
        }
        write("song/mix.wav", mixture);
        Stems song = read(open(), 0);
        assertEquals(List.of("bass", "drums", "voice"), song.parts());
        assertEquals(List.of(0, 1), song.excerpts(4000, 3).get(0).heard(), "the voice is silent");
    }

    @Test
    void whatIsNoFolderOfRecordingsIsRefused() throws IOException {
        refused("holds no sound files; expected a folder per recording");
        assertThrows(BadInputException.class, () -> StemFolder.open(folder.resolve("none"), CLASSES, Set.of(), false));
        write("song/drums.wav", tone(200, 800, RATE));
        refused("song: holds only the part drums; expected");
        write("song/mixture.wav", tone(200, 800, RATE));
        refused("song: holds only the part drums beside the mixture; expected");
        write("song/bass.wav", tone(700, 800, RATE));
        refused("song: the parts do not add up to the mixture");
        Files.delete(folder.resolve("song/mixture.wav"));
        refused("no recording has a part hiss to count as background; the parts are bass, drums", "hiss");
        refused("song: holds no part", "bass", "drums");
        write("song/DRUMS.aiff", tone(200, 800, RATE));
        refused("song: holds the part ");
        Files.delete(folder.resolve("song/DRUMS.aiff"));
        Files.writeString(folder.resolve("song/voice.wav"), "no sound at all");
        refused("voice.wav");
    }

    @Test
    void aFolderOfRecordingsIsNotTakenForARecording() throws IOException {
        write("jazz/1.wav", tone(200, 800, RATE));
        write("jazz/2.wav", tone(200, 800, RATE));
        refused("is named as a class of the model, but holds sound files itself");
        Files.move(folder.resolve("jazz"), folder.resolve("all"));
        for (int i = 3; i < 50; i++) {
            write("all/" + i + ".wav", tone(200, 800, RATE));
        }
        refused("holds 49 sound files, too many to be the parts of one recording");
    }

    @Test
    void oneAndTheMixtureAreEnoughWhereTheRestMayBeMissing() throws IOException {
        write("song/voice.wav", tone(200, 800, RATE));
        write("song/mixture.wav", tone(700, 800, RATE));
        assertEquals(
                List.of("voice"),
                read(StemFolder.open(folder, CLASSES, Set.of(), true), 0).parts());
    }
}

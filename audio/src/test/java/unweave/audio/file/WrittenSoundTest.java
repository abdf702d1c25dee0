package unweave.audio.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written is read back, and other readers understand it. */
class WrittenSoundTest {
    @TempDir
    Path folder;

    static Stream<Arguments> formats() {
        return Stream.of("wav", "WAVE", "au", "snd", "aiff", "aif")
                .flatMap(extension -> Stream.of(SampleFormat.values()).flatMap(format -> Stream.of(1, 2, 5)
                        .map(channels -> Arguments.of(extension, format, channels))));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void everyFormatIsReadBackToItsPrecision(String extension, SampleFormat format, int channels) throws IOException {
        Sound sound = sound(channels, 1237, 22050);
        Path file = folder.resolve("sound." + extension);
        SoundFiles.write(file, sound, format);
        Sound back = SoundFiles.read(file);
        assertEquals(22050, back.sampleRate());
        assertEquals(channels, back.channels().length);
        double step = format.isFloatingPoint() ? 0 : Math.scalb(1.0, 1 - format.bits());
        for (int c = 0; c < channels; c++) {
            assertArrayEquals(sound.channels()[c], back.channels()[c], (float) (step / 2) + 1e-9f);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void theJavaSoundLibraryAgrees(String extension, SampleFormat format, int channels) throws Exception {
        if (format.isFloatingPoint() || channels > 2) {
            return;
        }
        Path file = folder.resolve("sound." + extension);
        SoundFiles.write(file, sound(channels, 99, 48000), format);
        try (AudioInputStream in = AudioSystem.getAudioInputStream(file.toFile())) {
            AudioFormat seen = in.getFormat();
            assertEquals(48000, seen.getSampleRate());
            assertEquals(channels, seen.getChannels());
            assertEquals(format.bits(), seen.getSampleSizeInBits());
            assertEquals(99, in.getFrameLength());
        }
    }

    @Test
    void integerFormatsRoundToTheNearestStepAndClip() throws IOException {
        float[] samples = {0, 1, -1, 7, -7, 0.4f / 32768, 0.6f / 32768, -0.6f / 32768};
        Path file = folder.resolve("clip.wav");
        SoundFiles.writeWav(file, samples, 8000);
        float top = 32767 / 32768f;
        float step = 1 / 32768f;
        assertArrayEquals(
                new float[] {0, top, -1, top, -1, 0, step, -step},
                SoundFiles.read(file).mono());
    }

    @Test
    void floatFormatsKeepValuesBeyondFullScale() throws IOException {
        Path file = folder.resolve("loud.aiff");
        SoundFiles.write(file, Sound.ofMono(new float[] {3.25f, -100}, 96000), SampleFormat.FLOAT_32);
        assertArrayEquals(new float[] {3.25f, -100}, SoundFiles.read(file).mono());
    }

    @Test
    void anyRateSurvivesTheExtendedFloatOfAiff() throws IOException {
        for (int rate : new int[] {100, 107, 8000, 11025, 44100, 192000, 10_000_000}) {
            Path file = folder.resolve("rate" + rate + ".aif");
            SoundFiles.write(file, Sound.ofMono(new float[3], rate), SampleFormat.PCM_16);
            assertEquals(rate, SoundFiles.read(file).sampleRate());
        }
    }

    @Test
    void bytesForEmbeddingAreTheBytesOfTheFile() throws Exception {
        float[] samples = sound(1, 100, 16000).mono();
        SoundFiles.writeWav(folder.resolve("x.wav"), samples, 16000);
        byte[] embedded = SoundFiles.wavBytes(samples, 16000);
        assertArrayEquals(Files.readAllBytes(folder.resolve("x.wav")), embedded);
        assertEquals(44 + 200, embedded.length);
        assertEquals(
                100,
                AudioSystem.getAudioInputStream(new ByteArrayInputStream(embedded))
                        .getFrameLength());
    }

    @Test
    void aFailureInTheMiddleLeavesNothingAndKeepsTheOldFile() throws IOException {
        Path file = folder.resolve("kept.wav");
        Files.writeString(file, "old");
        IOException failure = assertThrows(
                SoundFormatException.class,
                () -> AtomicFile.write(file, out -> {
                    out.write(new byte[100_000]);
                    throw new IOException("No space left on device");
                }));
        assertEquals(file + ": could not be written, nothing was kept: No space left on device", failure.getMessage());
        assertEquals("old", Files.readString(file));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void aFileThatExistsIsReplaced() throws IOException {
        Path file = folder.resolve("again.wav");
        SoundFiles.writeWav(file, new float[500], 8000);
        SoundFiles.writeWav(file, new float[] {0.5f}, 8000);
        assertArrayEquals(new float[] {0.5f}, SoundFiles.read(file).mono());
    }

    @Test
    void whatCannotBeWrittenIsRefusedWithTheReason() {
        Path file = folder.resolve("a.wav");
        assertMessage(
                "NaN",
                IllegalArgumentException.class,
                () -> SoundFiles.writeWav(file, new float[] {0, Float.NaN}, 8000));
        assertFalse(Files.exists(file));
        assertMessage(
                "use .wav, .au or .aiff",
                SoundFormatException.class,
                () -> SoundFiles.write(folder.resolve("a.mp3"), Sound.ofMono(new float[1], 8000), SampleFormat.PCM_16));
        assertMessage(
                "there is no folder",
                SoundFormatException.class,
                () -> SoundFiles.writeWav(folder.resolve("missing/a.wav"), new float[1], 8000));
        assertMessage(
                "it is a folder", SoundFormatException.class, () -> SoundFiles.writeWav(folder, new float[1], 8000));
    }

    private static void assertMessage(String part, Class<? extends Exception> type, Executable action) {
        String message = assertThrows(type, action).getMessage();
        assertTrue(message.contains(part), message);
        assertFalse(message.contains("\n"), message);
    }

    private static Sound sound(int channels, int length, int rate) {
        float[][] samples = new float[channels][length];
        for (int c = 0; c < channels; c++) {
            for (int n = 0; n < length; n++) {
                samples[c][n] = (float) (0.99 * Math.sin(0.05 * (c + 1) * n + c));
            }
        }
        return new Sound(samples, rate);
    }
}

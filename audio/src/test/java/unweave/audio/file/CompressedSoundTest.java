package unweave.audio.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A tone and a chirp that FFmpeg encoded, read here and by FFmpeg itself. */
class CompressedSoundTest {
    private static final int RATE = 44100;
    private static final int LENGTH = 100_003;

    @TempDir
    private static Path folder;

    private static Path original;

    @BeforeAll
    static void makeSound() throws IOException {
        assumeTrue(FfmpegSound.program().isPresent(), "ffmpeg is not installed");
        float[] left = new float[LENGTH];
        float[] right = new float[LENGTH];
        for (int n = 0; n < LENGTH; n++) {
            double t = (double) n / RATE;
            left[n] = (float) (0.5 * Math.sin(2 * Math.PI * 440 * t));
            right[n] = (float) (0.4 * Math.sin(2 * Math.PI * (200 * t + 1500 * t * t)));
        }
        original = folder.resolve("original.wav");
        SoundFiles.write(original, new Sound(new float[][] {left, right}, RATE), SampleFormat.PCM_16);
    }

    private static Path ffmpeg(Path in, String name, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("ffmpeg", "-nostdin", "-v", "error", "-y", "-i", in.toString()));
        command.addAll(List.of(options));
        Path out = folder.resolve(name);
        command.add(out.toString());
        return run(command, out);
    }

    private static Path run(List<String> command, Path out) throws IOException {
        try {
            Process process = new ProcessBuilder(command).inheritIO().start();
            assertEquals(0, process.waitFor(), String.join(" ", command));
            return out;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Energy of the difference against that of the sound, in dB, and lengths that differ by one frame at most. */
    private static void assertAlike(Sound expected, Sound found, double decibels) {
        assertEquals(expected.sampleRate(), found.sampleRate());
        assertEquals(expected.channels().length, found.channels().length);
        assertEquals(expected.length(), found.length(), 1);
        double error = 0;
        double energy = 0;
        for (int c = 0; c < found.channels().length; c++) {
            for (int n = 0; n < Math.min(expected.length(), found.length()); n++) {
                error += Math.pow(expected.channels()[c][n] - found.channels()[c][n], 2);
                energy += Math.pow(expected.channels()[c][n], 2);
            }
        }
        double ratio = 10 * Math.log10(error / energy);
        assertTrue(ratio < decibels, "differs by " + ratio + " dB");
    }

    @ParameterizedTest
    @CsvSource({"s16, 16", "s32, 24"})
    void flacIsExact(String format, int bits) throws IOException {
        Path file = ffmpeg(original, bits + ".flac", "-sample_fmt", format, "-af", "volume=0.9137");
        Path wav = ffmpeg(file, bits + "-flac.wav", "-c:a", bits == 16 ? "pcm_s16le" : "pcm_s24le");
        Sound expected = SoundFiles.read(wav);
        Sound found = SoundFiles.read(file);
        assertEquals(LENGTH, found.length());
        for (int c = 0; c < 2; c++) {
            assertArrayEquals(expected.channels()[c], found.channels()[c]);
        }
        try (SoundStream stream = SoundFiles.open(file)) {
            assertEquals(LENGTH, stream.frames());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "cbr.mp3, -b:a 128k, 44100",
        "vbr.mp3, -q:a 2, 44100",
        "mono.mp3, -ac 1, 44100",
        "low.mp3, -ar 22050, 22050",
        "lower.mp3, -ar 11025, 11025",
        "layer2.mp2, -b:a 192k, 44100",
        "low.mp2, -ar 22050 -b:a 64k, 22050",
        "adpcm.wav, -c:a adpcm_ms, 44100",
        "inside.wav, -c:a libmp3lame, 44100",
        "ima.aifc, -f aiff -c:a adpcm_ima_qt, 44100",
        "plain.mp3, -write_xing 0, 44100",
        "tags.mp3, -id3v2_version 3 -write_id3v1 1 -metadata title=x, 44100",
        "high.ogg, -c:a libvorbis -q:a 6, 44100",
        "five.ogg, -c:a libvorbis -ac 6, 44100",
        "cover.flac, -metadata title=ä, 44100",
        "long.w64, -c:a pcm_s24le, 44100",
        "core.caf, -c:a pcm_f32be, 44100",
        "little.caf, -c:a pcm_s16le, 44100",
        "apple.caf, -c:a alac, 44100",
        "book.m4a, -c:a aac, 44100",
        "lossless.m4a, -c:a alac, 44100",
        "speech.opus, -c:a libopus, 48000",
        "windows.wma, -c:a wmav2, 44100",
        "film.mkv, -c:a flac, 44100",
        "free.oga, -c:a flac, 44100",
        "old.aac, -c:a aac, 44100"
    })
    void compressedSoundsAreThoseThatFfmpegDecodes(String name, String options, int rate) throws IOException {
        Path file = ffmpeg(original, name, options.split(" ", -1));
        Sound expected = SoundFiles.read(ffmpeg(file, name + ".wav", "-c:a", "pcm_f32le"));
        Sound found = SoundFiles.read(file);
        assertEquals(rate, found.sampleRate());
        assertAlike(expected, found, -60);
        try (SoundStream stream = SoundFiles.open(file)) {
            float[][] block = new float[stream.channels()][777];
            long skipped = stream.skip(20_000);
            assertEquals(20_000, skipped);
            assertEquals(777, stream.read(block, 777));
            assertArrayEquals(Arrays.copyOfRange(found.channels()[0], 20_000, 20_777), block[0]);
        }
    }

    @ParameterizedTest
    @CsvSource({"128.mp3, -b:a 128k", "6.ogg, -c:a libvorbis -q:a 6", "1.m4a, -c:a aac"})
    void startAndLengthAreThoseOfTheSoundThatWasEncoded(String name, String options) throws IOException {
        Sound found = SoundFiles.read(ffmpeg(original, name, options.split(" ", -1)));
        assertEquals(LENGTH, found.length(), name.endsWith("m4a") ? 1024 : 1);
        assertAlike(SoundFiles.read(original), new Sound(cut(found), RATE), -20);
    }

    @ParameterizedTest
    @CsvSource({
        "speech.opus, -c:a libopus, its stream has no end: the file may have been cut off",
        "free.oga, -c:a flac, its stream has no end: the file may have been cut off",
        "film.mkv, -c:a flac, ffmpeg says \"File ended prematurely\"; what it decoded is read"
    })
    void cutSoundsAreReadWithANote(String name, String options, String note) throws IOException {
        byte[] bytes = Files.readAllBytes(ffmpeg(original, name, options.split(" ", -1)));
        Path file = Files.write(folder.resolve("cut-" + name), Arrays.copyOf(bytes, bytes.length * 3 / 5));
        List<String> notes = new ArrayList<>();
        Sound found = SoundFiles.read(file, notes::add);
        assertTrue(found.length() < (double) LENGTH * found.sampleRate() / RATE, found.length() + " samples");
        assertEquals(List.of(file + ": " + note), notes);
    }

    @Test
    void whatFfmpegCannotReadEitherIsNamedByUs() throws IOException {
        SoundBytes wav =
                SoundBytes.wav(0, 0x42, 1, 8000, 16).text("data").int32(2).int16(1);
        Path file = wav.in(folder, "codec.wav");
        assertEquals(
                file
                        + ": WAV with codec 0x0042 is not supported; supported are PCM of 8 to 32 bit, float of 32 and 64 bit,"
                        + " mu-law and A-law; ffmpeg cannot read it either",
                assertThrows(SoundFormatException.class, () -> SoundFiles.read(file))
                        .getMessage());
    }

    @Test
    void aProgramThatHangsIsEnded() throws IOException {
        Path program = Files.writeString(folder.resolve("hangs"), "#!/bin/sh\nexec sleep 100\n");
        assumeTrue(program.toFile().setExecutable(true), "cannot make a program");
        SoundFormatException error = assertTimeout(
                Duration.ofSeconds(20),
                () -> assertThrows(
                        SoundFormatException.class,
                        () -> FfmpegSound.open(SoundSource.open(original), original, program, Duration.ofSeconds(1))));
        assertEquals(original + ": ffmpeg cannot decode it (it gave nothing for 1 s)", error.getMessage());
    }

    private static float[][] cut(Sound sound) {
        return Arrays.stream(sound.channels())
                .map(channel -> Arrays.copyOf(channel, LENGTH))
                .toArray(float[][]::new);
    }

    @Test
    void namesThatLookLikeOptionsOrProtocolsAreFiles() throws IOException {
        for (String name : List.of("-i.m4a", "concat:a|b.m4a", "http:x.m4a", "a;touch b.m4a")) {
            Path file = run(
                    List.of(
                            "ffmpeg",
                            "-nostdin",
                            "-v",
                            "error",
                            "-y",
                            "-i",
                            original.toString(),
                            "-c:a",
                            "aac",
                            "file:" + folder.resolve(name)),
                    folder.resolve(name));
            assertTrue(SoundFiles.read(file).length() >= LENGTH, name);
        }
    }
}

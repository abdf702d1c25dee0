package unweave.audio.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of every kind, made byte by byte. */
class SoundFilesTest {
    @TempDir
    Path folder;

    @Test
    void theContentDecidesNotTheExtension() throws IOException {
        Path file = SoundBytes.stereoWav(8).int16(16384, -16384, 8192, 0).in(folder, "really-a-wav.aiff");
        Sound sound = SoundFiles.read(file);
        assertEquals(44100, sound.sampleRate());
        assertArrayEquals(new float[] {0.5f, 0.25f}, sound.channels()[0]);
        assertArrayEquals(new float[] {-0.5f, 0}, sound.channels()[1]);
        assertArrayEquals(new float[] {0, 0.125f}, sound.mono());
        assertEquals(2 / 44100.0, sound.seconds());
    }

    @Test
    void chunksOfNoInterestAreSkippedWithTheirPaddingByte() throws IOException {
        SoundBytes wav = SoundBytes.littleEndian()
                .text("RIFF")
                .int32(0)
                .text("WAVE")
                .text("LIST")
                .int32(3)
                .text("abc")
                .int8(0);
        Path file = wav.format(1, 1, 8000, 8)
                .text("junk")
                .int32(0)
                .text("data")
                .int32(3)
                .int8(128, 192, 0)
                .int8(0)
                .text("id3 ")
                .int32(2)
                .int16(7)
                .in(folder, "chunks.wav");
        assertArrayEquals(new float[] {0, 0.5f, -1}, SoundFiles.read(file).mono());
    }

    @Test
    void extensibleFormatsNameTheirCodecInTheSubFormat() throws IOException {
        SoundBytes wav = SoundBytes.littleEndian()
                .text("RIFF")
                .int32(0)
                .text("WAVE")
                .text("fmt ")
                .int32(40);
        wav.int16(0xFFFE, 1)
                .int32(16000)
                .int32(48000)
                .int16(3, 24)
                .int16(22, 20)
                .int32(4)
                .int16(1);
        wav.int8(0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71)
                .text("data")
                .int32(6);
        Path file = wav.int8(0, 0, 0x40, 0, 0, 0xC0).in(folder, "extensible.wav");
        assertArrayEquals(new float[] {0.5f, -0.5f}, SoundFiles.read(file).mono());
    }

    @Test
    void bigEndianRiffIsRead() throws IOException {
        SoundBytes wav =
                SoundBytes.bigEndian().text("RIFX").int32(0).text("WAVE").format(1, 1, 8000, 16);
        assertArrayEquals(
                new float[] {0.5f},
                SoundFiles.read(wav.text("data").int32(2).int16(16384).in(folder, "x.wav"))
                        .mono());
    }

    @Test
    void lengthsBeyondFourGigabytesComeFromTheDs64Chunk() throws IOException {
        SoundBytes wav = SoundBytes.littleEndian().text("RF64").int32(-1).text("WAVE");
        wav.text("ds64").int32(28).int64(0).int64(4).int64(2).int32(0).format(1, 1, 8000, 16);
        Path file = wav.text("data")
                .int32(-1)
                .int16(16384, -16384)
                .text("LIST")
                .int32(0)
                .in(folder, "rf64.wav");
        assertArrayEquals(new float[] {0.5f, -0.5f}, SoundFiles.read(file).mono());
    }

    @Test
    void samplesMayHaveMoreBytesThanBits() throws IOException {
        Path file = SoundBytes.littleEndian()
                .text("RIFF")
                .int32(36 + 8)
                .text("WAVEfmt ")
                .int32(16)
                .int16(1, 1)
                .int32(8000)
                .int32(32000)
                .int16(4, 24)
                .text("data")
                .int32(8)
                .int32(0x40000000)
                .int32(0xE0000000L)
                .in(folder, "24in32.wav");
        assertArrayEquals(new float[] {0.5f, -0.25f}, SoundFiles.read(file).channels()[0]);
    }

    @Test
    void auIsReadFromWhereItsHeaderSaysTheSamplesAre() throws IOException {
        SoundBytes au = SoundBytes.bigEndian()
                .text(".snd")
                .int32(32)
                .int32(8)
                .int32(6)
                .int32(22050)
                .int32(2)
                .text("a note..");
        Sound sound = SoundFiles.read(au.float32(0.1f, -0.2f).in(folder, "float.au"));
        assertArrayEquals(new float[] {0.1f}, sound.channels()[0]);
        assertArrayEquals(new float[] {-0.2f}, sound.channels()[1]);
    }

    @Test
    void compandedSamplesFollowG711() throws IOException {
        Path muLaw = SoundBytes.wav(0, 7, 1, 8000, 8)
                .text("data")
                .int32(4)
                .int8(0x00, 0x80, 0xFF, 0xE7)
                .in(folder, "mu.wav");
        assertArrayEquals(new float[] {-32124, 32124, 0, 260}, steps(SoundFiles.read(muLaw)));
        Path aLaw = SoundBytes.wav(0, 6, 1, 8000, 8)
                .text("data")
                .int32(4)
                .int8(0x2A, 0xAA, 0xD5, 0x55)
                .in(folder, "a.wav");
        assertArrayEquals(new float[] {-32256, 32256, 8, -8}, steps(SoundFiles.read(aLaw)));
    }

    @Test
    void aiffChunksComeInAnyOrderAndAiffcMayBeLittleEndian() throws IOException {
        SoundBytes aiff = SoundBytes.bigEndian()
                .text("FORM")
                .int32(0)
                .text("AIFC")
                .text("SSND")
                .int32(8 + 2 + 4)
                .int32(2)
                .int32(0)
                .int16(0);
        aiff.int8(0, 0x40, 0, 0xC0)
                .text("COMM")
                .int32(24)
                .int16(1)
                .int32(2)
                .int16(16, 0x400E)
                .int64(0xAC44L << 48)
                .text("sowt")
                .int16(0);
        Sound sound = SoundFiles.read(aiff.in(folder, "order.aifc"));
        assertEquals(44100, sound.sampleRate());
        assertArrayEquals(new float[] {0.5f, -0.5f}, sound.mono());
    }

    @Test
    void filesThatAreNoSoundSayWhatTheyAre() throws IOException {
        assertRefused("no such file", folder.resolve("missing.wav"));
        assertRefused("is a folder", folder);
        assertRefused("the file is empty (0 bytes)", SoundBytes.littleEndian().in(folder, "empty.wav"));
        assertRefused(
                "not a sound file (5 bytes)",
                SoundBytes.littleEndian().text("hello").in(folder, "short.wav"));
        assertRefused(
                "not a sound file; expected",
                SoundBytes.littleEndian().text("just a letter").in(folder, "letter.wav"));
        assertRefused(
                "no MPEG frames were found",
                SoundBytes.littleEndian().text("just a letter").in(folder, "letter.mp3"));
        assertRefused(
                "truncated: the file ends after 15 bytes",
                SoundBytes.littleEndian().text("fLaC, and so on").in(folder, "flac.wav"));
        assertRefused(
                FfmpegSound.program().isPresent()
                        ? "ffmpeg cannot decode it"
                        : "is an MP4, M4A or QuickTime file, which needs the program ffmpeg",
                SoundBytes.bigEndian().int32(32).text("ftypM4A and so on").in(folder, "m4a.wav"));
        assertRefused(
                "holds no sound (WAVE)",
                SoundBytes.littleEndian().text("RIFF").int32(4).text("WEBP").in(folder, "picture.wav"));
        assertRefused(
                "holds no sound (AIFF",
                SoundBytes.bigEndian().text("FORM").int32(4).text("ILBM").in(folder, "picture.aiff"));
    }

    @Test
    void filesWithoutSamplesAreRefused() throws IOException {
        assertRefused(
                "44100 Hz stereo is fine, but the file holds 0 samples",
                SoundBytes.stereoWav(0).in(folder, "mix.wav"));
        SoundBytes au = SoundBytes.bigEndian()
                .text(".snd")
                .int32(24)
                .int32(0)
                .int32(3)
                .int32(8000)
                .int32(1);
        assertRefused("8000 Hz mono is fine, but the file holds 0 samples", au.in(folder, "mix.au"));
        SoundBytes aiff = SoundBytes.bigEndian()
                .text("FORM")
                .int32(0)
                .text("AIFF")
                .text("COMM")
                .int32(18)
                .int16(3)
                .int32(0);
        aiff.int16(16, 0x400E).int64(0xAC44L << 48);
        assertRefused("44100 Hz with 3 channels is fine, but the file holds 0 samples", aiff.in(folder, "mix.aiff"));
    }

    @Test
    void truncatedFilesAreRefused() throws IOException {
        assertRefused(
                "truncated: its header promises 22050 samples (0.500 s), the file ends after 2 (0.000 s)",
                SoundBytes.stereoWav(88200).int16(1, 2, 3, 4).in(folder, "cut.wav"));
        assertRefused(
                "inside its header",
                SoundBytes.littleEndian()
                        .text("RIFF")
                        .int32(0)
                        .text("WAVEfmt ")
                        .int32(16)
                        .in(folder, "cut2.wav"));
        assertRefused("no sound data", SoundBytes.wav(0, 1, 1, 8000, 16).in(folder, "cut3.wav"));
        SoundBytes au = SoundBytes.bigEndian()
                .text(".snd")
                .int32(24)
                .int32(8000)
                .int32(3)
                .int32(8000)
                .int32(1)
                .int16(1);
        assertRefused("truncated: its header promises 4000 samples", au.in(folder, "cut.au"));
        SoundBytes aiff = SoundBytes.bigEndian()
                .text("FORM")
                .int32(0)
                .text("AIFF")
                .text("COMM")
                .int32(18)
                .int16(1)
                .int32(800);
        aiff.int16(16, 0x400B).int64(0xFA00L << 48);
        assertRefused("no sound data (SSND", aiff.in(folder, "cut.aiff"));
        assertRefused(
                "truncated: its header promises 800 samples",
                aiff.text("SSND").int32(1608).int64(0).int16(1).in(folder, "cut2.aiff"));
    }

    @Test
    void numbersThatAreNoneAreFoundAndPlaced() throws IOException {
        SoundBytes wav = SoundBytes.wav(0, 3, 2, 200, 32).text("data").int32(24);
        assertRefused(
                "the sample at 0.0100 s in channel 2 is not a number (NaN)",
                wav.float32(0, 0, 1, 1, 2, Float.NaN).in(folder, "nan.wav"));
        SoundBytes au = SoundBytes.bigEndian()
                .text(".snd")
                .int32(24)
                .int32(8)
                .int32(6)
                .int32(400)
                .int32(1);
        assertRefused(
                "the sample at 0.0025 s in channel 1 is infinite",
                au.float32(0, Float.NEGATIVE_INFINITY).in(folder, "inf.au"));
    }

    @Test
    void impossibleHeadersAreRefused() throws IOException {
        assertRefused(
                "sample rate of 0 Hz",
                SoundBytes.wav(0, 1, 1, 0, 16).text("data").int32(2).int16(1).in(folder, "rate.wav"));
        assertRefused(
                "0 channels",
                SoundBytes.wav(0, 1, 0, 8000, 16).text("data").int32(2).int16(1).in(folder, "channels.wav"));
        assertRefused(
                "do not make frames of 6 bytes",
                SoundBytes.littleEndian()
                        .text("RIFF")
                        .int32(0)
                        .text("WAVEfmt ")
                        .int32(16)
                        .int16(1, 2)
                        .int32(8000)
                        .int32(8000)
                        .int16(6, 16)
                        .in(folder, "frames.wav"));
        assertRefused(
                "data comes before its format",
                SoundBytes.littleEndian()
                        .text("RIFF")
                        .int32(0)
                        .text("WAVEdata")
                        .int32(2)
                        .int16(1)
                        .in(folder, "order.wav"));
    }

    /** In memory, where FFmpeg reads nothing. */
    @Test
    void unknownCodecsAreNamed() throws IOException {
        assertUnknown(
                "WAV with MP3 is not supported; supported are PCM of 8 to 32 bit",
                SoundBytes.wav(0, 0x55, 1, 8000, 16).text("data").int32(2).int16(1));
        assertUnknown("WAV with 64-bit PCM is not supported", SoundBytes.wav(0, 1, 1, 8000, 64));
        SoundBytes au = SoundBytes.bigEndian()
                .text(".snd")
                .int32(24)
                .int32(8)
                .int32(23)
                .int32(8000)
                .int32(1);
        assertUnknown("AU with ADPCM is not supported", au);
        SoundBytes aiff = SoundBytes.bigEndian()
                .text("FORM")
                .int32(0)
                .text("AIFC")
                .text("COMM")
                .int32(24)
                .int16(1)
                .int32(2);
        aiff.int16(16, 0x400E).int64(0xAC44L << 48).text("ima4").int16(0);
        assertUnknown("compression \"ima4\" is not supported", aiff);
    }

    /** Header text never reaches a terminal as it is. */
    @Test
    void controlCharactersOfHeadersAreShown() throws IOException {
        byte[] caf = SoundBytes.coreAudio(8000, new float[10]);
        System.arraycopy(new byte[] {0x1B, '[', 7, 'm'}, 0, caf, 28, 4);
        SoundFormatException error = assertThrows(
                SoundFormatException.class, () -> SoundFiles.read(new ByteArrayInputStream(caf), "a sound"));
        assertTrue(error.getMessage().contains("CAF with codec \"\\x1B[\\x07m\""), error.getMessage());
    }

    private void assertUnknown(String part, SoundBytes bytes) throws IOException {
        byte[] file = Files.readAllBytes(bytes.in(folder, "unknown"));
        String message = assertThrows(
                        SoundFormatException.class, () -> SoundFiles.read(new ByteArrayInputStream(file), "a sound"))
                .getMessage();
        assertTrue(message.startsWith("a sound: ") && message.contains(part) && !message.contains("\n"), message);
    }

    /** The message is one line that begins with the file's name. */
    private static void assertRefused(String part, Path file) {
        String message = assertThrows(SoundFormatException.class, () -> SoundFiles.read(file))
                .getMessage();
        assertTrue(message.startsWith(file + ": ") && message.contains(part) && !message.contains("\n"), message);
    }

    private static float[] steps(Sound sound) {
        float[] steps = sound.mono();
        for (int n = 0; n < steps.length; n++) {
            steps[n] *= 32768;
        }
        return steps;
    }
}

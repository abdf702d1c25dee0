package unweave.audio.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Headers that are not quite right are read as other programs do, with a note; what asks for too much is refused. */
class InexactHeaderTest {
    private static final int FRAMES = 100;

    @TempDir
    private Path folder;

    private static SoundBytes samples(SoundBytes header) {
        for (int n = 0; n < FRAMES; n++) {
            header.int16(n * 100);
        }
        return header;
    }

    private List<String> notes(Path file) throws IOException {
        try (SoundStream stream = SoundFiles.open(file)) {
            assertEquals(FRAMES, stream.frames());
            float[][] block = new float[1][FRAMES];
            assertEquals(FRAMES, stream.read(block, FRAMES));
            assertEquals(99 * 100 / 32768f, block[0][99]);
            assertEquals(-1, stream.read(block, 1));
            return stream.notes();
        }
    }

    @Test
    void sizesThatCountTheHeaderTooAreRead() throws IOException {
        Path file = samples(SoundBytes.wav(244, 1, 1, 8000, 16).text("data").int32(244))
                .in(folder, "large.wav");
        assertEquals(
                List.of(file + ": its header promises 244 bytes of sound, the file holds 200; all of them are read"),
                notes(file));
        Path right = samples(SoundBytes.wav(236, 1, 1, 8000, 16).text("data").int32(200))
                .in(folder, "right.wav");
        assertEquals(List.of(), notes(right));
    }

    @Test
    void aFileThatWasCutOffIsRefused() throws IOException {
        Path file = samples(SoundBytes.wav(836, 1, 1, 8000, 16).text("data").int32(800))
                .in(folder, "cut.wav");
        String message = assertThrows(SoundFormatException.class, () -> SoundFiles.read(file))
                .getMessage();
        assertTrue(message.contains("truncated: its header promises 400 samples"), message);
    }

    @Test
    void aBlockAlignOfNothingIsNotBelieved() throws IOException {
        SoundBytes wav = SoundBytes.littleEndian()
                .text("RIFF")
                .int32(236)
                .text("WAVE")
                .text("fmt ")
                .int32(16);
        wav.int16(1, 1).int32(8000).int32(0).int16(0, 16).text("data").int32(200);
        assertEquals(List.of(), notes(samples(wav).in(folder, "align.wav")));
    }

    @Test
    void soundsBehindId3TagsAreRead() throws IOException {
        SoundBytes tagged = SoundBytes.littleEndian().text("ID3").int8(4, 0, 0, 0, 0, 1, 2);
        for (int i = 0; i < 130; i++) { // 1 x 128 + 2
            tagged.int8(0);
        }
        tagged.text("RIFF")
                .int32(236)
                .text("WAVE")
                .format(1, 1, 8000, 16)
                .text("data")
                .int32(200);
        assertEquals(List.of(), notes(samples(tagged).in(folder, "tagged.wav")));
        assertEquals(
                SoundKind.WAV, SoundFiles.kind(folder.resolve("tagged.wav")).orElseThrow());
    }

    @Test
    void ratesThatNoSoundHasAreRefused() throws IOException {
        for (long rate : new long[] {0, 1, 99, 10_000_001, 1_573_093_120, 0xFFFFFFFFL}) {
            SoundBytes wav = SoundBytes.littleEndian()
                    .text("RIFF")
                    .int32(236)
                    .text("WAVE")
                    .text("fmt ")
                    .int32(16);
            wav.int16(1, 1).int32(rate).int32(0).int16(2, 16).text("data").int32(200);
            Path file = samples(wav).in(folder, "rate.wav");
            String message = assertThrows(SoundFormatException.class, () -> SoundFiles.read(file))
                    .getMessage();
            assertEquals(
                    file + ": its header says a sample rate of " + rate + " Hz; expected 100 to 10000000 Hz", message);
        }
    }

    @Test
    void whatAFileIsIsSeenInItsFirstBytes() throws IOException {
        assertTrue(
                SoundFiles.kind(SoundBytes.littleEndian().text("just a letter").in(folder, "a.txt"))
                        .isEmpty());
        assertEquals(
                SoundKind.FLAC,
                SoundFiles.kind(SoundBytes.littleEndian().text("fLaC").int32(0).in(folder, "b.txt"))
                        .orElseThrow());
        byte[] wide = "\uFEFFUTF-16 begins like a frame of MPEG".getBytes(java.nio.charset.StandardCharsets.UTF_16LE);
        assertTrue(SoundFiles.kind(Files.write(folder.resolve("c.txt"), wide)).isEmpty());
        assertEquals(
                SoundKind.MPEG,
                SoundFiles.kind(Files.write(folder.resolve("d.mp3"), wide)).orElseThrow(),
                "by its name");
        assertThrows(SoundFormatException.class, () -> SoundFiles.kind(folder));
    }
}

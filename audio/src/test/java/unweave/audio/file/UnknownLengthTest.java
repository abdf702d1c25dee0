package unweave.audio.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whose header does not say how long the sound is: written into a pipe, or never completed. */
class UnknownLengthTest {
    @TempDir
    Path folder;

    @Test
    void streamsOfUnknownLengthGoOnToTheEnd() throws IOException {
        for (long size : new long[] {0xFFFF_FFFFL, 0x7FFF_F000L, 0x7FFF_FFFFL}) {
            Path file = SoundBytes.wav(size, 1, 1, 8000, 16)
                    .text("data")
                    .int32(size)
                    .int16(1, 2, 3)
                    .int8(9)
                    .in(folder, "stream.wav");
            assertEquals(3, SoundFiles.read(file).length(), "the odd byte at the end is half a sample");
        }
        Path interrupted = SoundBytes.wav(0, 1, 1, 8000, 16)
                .text("data")
                .int32(0)
                .int16(1, 2)
                .in(folder, "interrupted.wav");
        assertEquals(2, SoundFiles.read(interrupted).length());
        Path au = SoundBytes.bigEndian()
                .text(".snd")
                .int32(24)
                .int32(-1)
                .int32(3)
                .int32(8000)
                .int32(1)
                .int16(1, 2)
                .in(folder, "stream.au");
        assertEquals(2, SoundFiles.read(au).length());
        SoundBytes aiff = SoundBytes.bigEndian()
                .text("FORM")
                .int32(0x7F00_0050)
                .text("AIFF")
                .text("COMM")
                .int32(18)
                .int16(1)
                .int32(0x3F80_0000);
        aiff.int16(16, 0x400B)
                .int64(0xFA00L << 48)
                .text("SSND")
                .int32(0x7F00_0008)
                .int64(0)
                .int16(1, 2, 3);
        Sound sound = SoundFiles.read(aiff.in(folder, "stream.aiff"));
        assertEquals(3, sound.length());
        assertEquals(8000, sound.sampleRate());
    }

    /** The header is written before the first sample and was never completed. */
    @Test
    void interruptedRecordingsGoOnToTheEnd() throws IOException {
        for (long riffSize : new long[] {0, 36, 0xFFFF_FFFFL}) {
            Path wav = SoundBytes.wav(riffSize, 1, 1, 8000, 16)
                    .text("data")
                    .int32(0)
                    .int16(1, 2, 3)
                    .in(folder, "interrupted.wav");
            assertEquals(3, SoundFiles.read(wav).length(), "RIFF size " + riffSize);
        }
        Path empty = SoundBytes.wav(36 + 12, 1, 1, 8000, 16)
                .text("data")
                .int32(0)
                .text("LIST")
                .int32(4)
                .text("INFO")
                .in(folder, "empty.wav");
        assertThrows(SoundFormatException.class, () -> SoundFiles.read(empty), "what follows is another chunk");
        Path au = SoundBytes.bigEndian()
                .text(".snd")
                .int32(24)
                .int32(0)
                .int32(3)
                .int32(8000)
                .int32(1)
                .int16(1, 2)
                .in(folder, "interrupted.au");
        assertEquals(2, SoundFiles.read(au).length());
        for (int size : new int[] {0, 8}) {
            Path aiff = SoundBytes.bigEndian()
                    .text("FORM")
                    .int32(46)
                    .text("AIFFCOMM")
                    .int32(18)
                    .int16(1)
                    .int32(0)
                    .int16(16, 0x400B)
                    .int64(0xFA00L << 48)
                    .text("SSND")
                    .int32(size)
                    .int64(0)
                    .int16(1, 2, 3)
                    .in(folder, "interrupted.aiff");
            assertEquals(3, SoundFiles.read(aiff).length(), "SSND size " + size);
        }
    }
}

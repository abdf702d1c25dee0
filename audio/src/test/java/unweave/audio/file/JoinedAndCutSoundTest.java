package unweave.audio.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compressed sounds that were put behind one another, or cut: all that is there is read, and what is missing is said.
 */
class JoinedAndCutSoundTest {
    /** The eleven bits that every frame begins with. */
    private static final int FRAME_BITS = 0xFFE0;

    @TempDir
    private Path folder;

    private final List<String> notes = new ArrayList<>();

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = JoinedAndCutSoundTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    private Sound read(String name, byte[]... parts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.write(part);
        }
        notes.clear();
        return SoundFiles.read(Files.write(folder.resolve(name), bytes.toByteArray()), notes::add);
    }

    /** Without the tag before it. */
    private static byte[] frames(byte[] mp3) {
        int at = 0;
        while (((mp3[at] & 0xFF) << 8 | (mp3[at + 1] & 0xE0)) != FRAME_BITS) {
            at++;
        }
        return Arrays.copyOfRange(mp3, at, mp3.length);
    }

    /** Without the first frame, which says how long the sound is. */
    private static byte[] withoutInfo(byte[] frames) {
        return Arrays.copyOfRange(frames, frameBytes(frames), frames.length);
    }

    private static int frameBytes(byte[] frames) {
        return MpegHeader.of((frames[0] & 0xFF) << 24
                        | (frames[1] & 0xFF) << 16
                        | (frames[2] & 0xFF) << 8
                        | (frames[3] & 0xFF))
                .bytes();
    }

    private void assertNoted(String text) {
        assertEquals(1, notes.size(), notes.toString());
        assertTrue(notes.get(0).endsWith(text), notes.toString());
    }

    @Test
    void joinedSoundsAreReadOneAfterTheOther() throws IOException {
        byte[] mp3 = resource("chirp.mp3");
        Sound one = read("one.mp3", mp3);
        assertEquals(List.of(), notes);
        Sound three = read("three.mp3", frames(mp3), frames(mp3), frames(mp3));
        assertNoted("holds 3 sounds that were joined; all are read, one after the other");
        assertEquals(3 * one.length(), three.length());
        for (int part = 0; part < 3; part++) {
            float[] found = Arrays.copyOfRange(three.channels()[0], part * one.length(), (part + 1) * one.length());
            assertArrayEquals(one.channels()[0], found, 1e-4f, "part " + part);
        }
        try (SoundStream stream = SoundFiles.open(folder.resolve("three.mp3"))) {
            assertEquals(-1, stream.frames()); // the first header knows of the first part only
        }
    }

    @Test
    void aPartWithoutAHeaderLosesNothing() throws IOException {
        byte[] mp3 = frames(resource("chirp.mp3"));
        int one = read("one.mp3", mp3).length();
        int plain = read("plain.mp3", withoutInfo(mp3)).length();
        assertEquals(one + plain, read("behind.mp3", mp3, withoutInfo(mp3)).length());
        assertEquals(plain + one, read("before.mp3", withoutInfo(mp3), mp3).length());
        assertNoted("holds 2 sounds that were joined; all are read, one after the other");
    }

    @Test
    void aFrameThatWasCutIsNoted() throws IOException {
        byte[] plain = withoutInfo(frames(resource("chirp.mp3")));
        int whole = read("whole.mp3", plain).length();
        assertEquals(List.of(), notes);
        Sound cut = read("cut.mp3", Arrays.copyOf(plain, plain.length - 5));
        assertEquals(whole - 576, cut.length());
        assertNoted("its last frame is not whole and was left out: the file may have been cut off");
    }

    @Test
    void aHoleIsNoted() throws IOException {
        byte[] plain = withoutInfo(frames(resource("chirp.mp3")));
        int size = frameBytes(plain);
        byte[] front = Arrays.copyOf(plain, 3 * size + 40);
        byte[] back = Arrays.copyOfRange(plain, 4 * size + 20, plain.length);
        read("hole.mp3", front, back);
        assertTrue(
                notes.get(0).endsWith("bytes between its frames are no sound and were passed over"), notes.toString());
    }

    @Test
    void framesOfOtherChannelsAreRefused() throws IOException {
        byte[] plain = withoutInfo(frames(resource("chirp.mp3")));
        plain[4 * frameBytes(plain) + 3] |= (byte) 0xC0; // the fifth frame says mono
        SoundFormatException error = assertThrows(SoundFormatException.class, () -> read("mixed.mp3", plain));
        String place = String.format(Locale.ROOT, "%.3f s on", 4 * 576 / 8000.0);
        assertTrue(
                error.getMessage()
                        .endsWith("its frames have 2 channel(s), then 1 from " + place + "; make one file of each"),
                error.getMessage());
    }

    @Test
    void freeBitRateIsNamed() {
        byte[] free = new byte[400];
        free[0] = (byte) 0xFF;
        free[1] = (byte) 0xFB;
        SoundFormatException error = assertThrows(
                SoundFormatException.class, () -> SoundFiles.read(new ByteArrayInputStream(free), "free.mp3"));
        assertTrue(
                error.getMessage().startsWith("free.mp3: MP3 of free bit rate is not supported"), error.getMessage());
    }

    @Test
    void flacOfUnknownLengthThatWasCutIsNoted() throws IOException {
        byte[] flac = resource("chirp.flac");
        flac[4 + 4 + 13] &= (byte) 0xF0; // 36 bits: samples in all
        Arrays.fill(flac, 4 + 4 + 14, 4 + 4 + 34, (byte) 0); // their lower bits, and the MD5
        assertEquals(4000, read("whole.flac", flac).length());
        assertEquals(List.of(), notes);
        byte[] tag = Arrays.copyOf("TAG".getBytes(StandardCharsets.US_ASCII), 128);
        assertEquals(4000, read("tagged.flac", flac, tag).length());
        assertEquals(List.of(), notes);
        Sound cut = read("cut.flac", Arrays.copyOf(flac, flac.length - 100));
        assertTrue(cut.length() < 4000, cut.length() + " samples");
        assertEquals(1, notes.size());
        assertTrue(notes.get(0).endsWith("is no whole frame: the file may have been cut off"), notes.toString());
    }

    /** Found by a fuzzer: jFLAC looks for its next frame at the end of the file, again and again. */
    @Test
    void flacWithoutAnEndIsRefusedSoon() throws IOException {
        byte[] flac = resource("endless.flac");
        SoundFormatException error = assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertThrows(SoundFormatException.class, () -> read("endless.flac", flac)));
        assertTrue(
                error.getMessage().endsWith("damaged FLAC file: it cannot be decoded from 0.000 s on"),
                error.getMessage());
    }

    @Test
    void flacOfThirtyTwoBitIsNamed() throws IOException {
        byte[] flac = resource("chirp.flac");
        flac[4 + 4 + 12] |= 1;
        flac[4 + 4 + 13] |= (byte) 0xF0; // 5 bits: bits per sample - 1
        SoundFormatException error = assertThrows(
                SoundFormatException.class, () -> SoundFiles.read(new ByteArrayInputStream(flac), "wide.flac"));
        assertEquals("wide.flac: FLAC of 32 bit is not supported; supported are 4 to 24 bit", error.getMessage());
    }
}

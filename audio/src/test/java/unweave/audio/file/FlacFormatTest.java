package unweave.audio.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlacFormatTest {
    private static final int RATE = 16000;

    @TempDir
    private Path folder;

    private Sound read(byte[] bytes, String name) throws IOException {
        return SoundFiles.read(Files.write(folder.resolve(name), bytes));
    }

    /** Whole blocks, parts of blocks, and sounds shorter than the shortest block. */
    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 1000, 4095, 4096, 4097, 48000})
    void holdsTheSamplesOfAWavFile(int length) throws IOException {
        float[] signal = sweep(length);
        byte[] flac = SoundFiles.flacBytes(signal, RATE);
        Sound read = read(flac, "a.flac");
        assertEquals(RATE, read.sampleRate());
        assertArrayEquals(read(SoundFiles.wavBytes(signal, RATE), "a.wav").mono(), read.mono());
        assertArrayEquals(flac, SoundFiles.flacBytes(signal, RATE), "the same bytes again");
    }

    @Test
    void holdsSilenceNoiseAndFullScale() throws IOException {
        float[] signal = new float[20000];
        Random random = new Random(1);
        for (int n = 5000; n < 10000; n++) {
            signal[n] = 2 * random.nextFloat() - 1;
        }
        Arrays.fill(signal, 10000, 12000, 1);
        Arrays.fill(signal, 12000, 14000, -1);
        assertArrayEquals(
                read(SoundFiles.wavBytes(signal, RATE), "a.wav").mono(),
                read(SoundFiles.flacBytes(signal, RATE), "a.flac").mono());
    }

    /** Players show the length, and decoders compare the digest (RFC 9639, 8.2). */
    @Test
    void theHeaderTellsTheNumberOfSamplesAndTheirDigest() throws Exception {
        float[] signal = sweep(10000);
        byte[] flac = SoundFiles.flacBytes(signal, RATE);
        int samples = (flac[22] & 0xff) << 24 | (flac[23] & 0xff) << 16 | (flac[24] & 0xff) << 8 | (flac[25] & 0xff);
        assertEquals(10000, samples);
        byte[] wav = SoundFiles.wavBytes(signal, RATE);
        byte[] digest = MessageDigest.getInstance("MD5")
                .digest(Arrays.copyOfRange(wav, wav.length - 2 * signal.length, wav.length));
        assertArrayEquals(digest, Arrays.copyOfRange(flac, 26, 42));
    }

    @Test
    void isSmallerThanAWavFile() {
        float[] signal = sweep(48000);
        assertTrue(SoundFiles.flacBytes(signal, RATE).length < SoundFiles.wavBytes(signal, RATE).length / 2);
    }

    @Test
    void refusesWhatIsNoNumber() {
        assertThrows(IllegalArgumentException.class, () -> SoundFiles.flacBytes(new float[] {0, Float.NaN}, RATE));
    }

    private static float[] sweep(int length) {
        float[] signal = new float[length];
        for (int n = 0; n < length; n++) {
            signal[n] = (float) (0.7 * Math.sin(0.02 * n + 1e-6 * n * n));
        }
        return signal;
    }
}

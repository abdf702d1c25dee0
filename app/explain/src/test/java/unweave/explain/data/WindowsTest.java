package unweave.explain.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.audio.file.SampleFormat;
import unweave.audio.file.Sound;
import unweave.audio.file.SoundFiles;
import unweave.audio.resample.ResamplingFilter;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.audio.spectral.Window;
import unweave.explain.progress.Monitor;
import unweave.kernels.BadInputException;

class WindowsTest {
    private static final int RATE = 8000;
    private static final LogMel FRONT_END = new LogMel(new SpectrogramSettings(
            RATE, RATE, 512, 256, Window.HAMMING, 16, 0, 4000, 16, 1e-7, -4, ResamplingFilter.STANDARD));

    @TempDir
    private Path folder;

    private Path file;
    private float[] whole;

    @BeforeEach
    void writeSound() throws IOException {
        file = folder.resolve("sound.wav");
        Random random = new Random(1);
        float[][] channels = new float[2][(int) (3.3 * 11025)];
        for (float[] channel : channels) {
            for (int n = 0; n < channel.length; n++) {
                channel[n] = random.nextFloat() - 0.5f;
            }
        }
        SoundFiles.write(file, new Sound(channels, 11025), SampleFormat.FLOAT_32);
        whole = new SoundLoader(FRONT_END).load(file);
    }

    private List<Windows.Window> windows(double hop, double start, double end) throws IOException {
        List<Windows.Window> windows = new ArrayList<>();
        try (Windows open = Windows.open(file, FRONT_END, hop, start, end)) {
            for (Windows.Window next = open.next(); next != null; next = open.next()) {
                windows.add(next);
            }
        }
        return windows;
    }

    @Test
    void windowsHoldTheBitsOfTheWholeSignal() throws IOException {
        for (double hop : new double[] {0.25, 0.4, 1, 1.5}) {
            List<Windows.Window> windows = windows(hop, 0, Double.POSITIVE_INFINITY);
            for (int i = 0; i < windows.size(); i++) {
                int start = (int) Math.round(i * hop * RATE);
                assertEquals(start, windows.get(i).start());
                assertArrayEquals(
                        Arrays.copyOfRange(whole, start, Math.min(whole.length, start + RATE)),
                        windows.get(i).signal());
            }
        }
    }

    @Test
    void everySampleIsInAWindowAndNoneHoldsOnlyOldOnes() throws IOException {
        assertEquals(4, windows(1, 0, Double.POSITIVE_INFINITY).size());
        List<Windows.Window> half = windows(0.5, 0, Double.POSITIVE_INFINITY);
        Windows.Window last = half.get(half.size() - 1);
        assertEquals(whole.length, last.start() + last.signal().length);
        assertTrue(last.signal().length > RATE / 2);
    }

    @Test
    void startAndEndChooseAPart() throws IOException {
        List<Windows.Window> windows = windows(1, 0.5, 2);
        assertEquals(2, windows.size());
        assertEquals(RATE / 2, windows.get(0).start());
        assertEquals(RATE / 2, windows.get(1).signal().length);
        String message =
                assertThrows(BadInputException.class, () -> windows(1, 5, 9)).getMessage();
        assertEquals(file + ": the start, 5.00 s, is not inside the sound, which ends at 3.30 s", message);
    }

    @Test
    void skippingLeadsToTheSameBits() throws IOException {
        for (int start : new int[] {0, 1, 4000, 12_345, whole.length - 1, whole.length, whole.length + 1, 1 << 30}) {
            try (SignalReader reader = new SoundLoader(FRONT_END).open(file)) {
                assertEquals(Math.min(start, whole.length), reader.skip(start));
                assertEquals(Math.min(start, whole.length), reader.position());
                float[] rest = reader.rest();
                assertArrayEquals(Arrays.copyOfRange(whole, Math.min(start, whole.length), whole.length), rest);
                assertEquals(whole.length, reader.position());
            }
        }
        try (SignalReader reader = new SoundLoader(FRONT_END).open(file)) {
            reader.read(new float[100], 0, 100);
            assertEquals(5000, reader.skip(5000));
            assertArrayEquals(Arrays.copyOfRange(whole, 5100, whole.length), reader.rest());
        }
    }

    @Test
    void channelsThatCancelEachOtherAreRefusedAtTheEnd() throws IOException {
        float[] right = whole.clone();
        for (int n = 0; n < right.length; n++) {
            right[n] = -right[n];
        }
        SoundFiles.write(file, new Sound(new float[][] {whole, right}, RATE), SampleFormat.PCM_16);
        try (Windows open = Windows.open(file, FRONT_END, 1, 0, Double.POSITIVE_INFINITY)) {
            int windows = 0;
            while (open.next() != null) {
                windows++;
            }
            assertEquals(4, windows);
            String message = assertThrows(BadInputException.class, () -> open.tell(Monitor.silent()))
                    .getMessage();
            assertEquals(ChannelBalance.problem(file.toString()), message);
        }
    }
}

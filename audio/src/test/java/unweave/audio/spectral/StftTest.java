package unweave.audio.spectral;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StftTest {
    @ParameterizedTest
    @CsvSource({
        "400, 240, HAMMING",
        "800, 360, HANN",
        "64, 16, HANN",
        "6, 2, HAMMING",
        "22, 7, HANN",
        "446, 100, HAMMING"
    })
    void forwardIsTheDefinition(int fftLength, int hop, Window window) {
        float[] signal = noise(2 * fftLength + 5, 1);
        ComplexSpectrogram actual = new Stft(fftLength, hop, window).forward(signal);
        assertEquals(1 + signal.length / hop, actual.frames);
        assertEquals(fftLength / 2 + 1, actual.bins);
        double a = window == Window.HANN ? 0.5 : 0.54;
        for (int t = 0; t < actual.frames; t++) {
            for (int b = 0; b < actual.bins; b++) {
                double re = 0;
                double im = 0;
                for (int n = 0; n < fftLength; n++) {
                    double w = a - (1 - a) * Math.cos(2 * Math.PI * n / fftLength);
                    double x = w * reflected(signal, t * hop + n - fftLength / 2);
                    re += x * Math.cos(2 * Math.PI * b * n / fftLength);
                    im -= x * Math.sin(2 * Math.PI * b * n / fftLength);
                }
                double tolerance = 1e-6 * fftLength;
                assertEquals(re, actual.re[t * actual.bins + b], tolerance, "real part, frame " + t + ", bin " + b);
                assertEquals(
                        im, actual.im[t * actual.bins + b], tolerance, "imaginary part, frame " + t + ", bin " + b);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"400, 240, HAMMING", "800, 360, HAMMING", "800, 360, HANN", "512, 128, HANN", "16384, 8000, HAMMING"})
    void inverseReturnsTheSignal(int fftLength, int hop, Window window) {
        float[] signal = noise(40_000, 2);
        Stft stft = new Stft(fftLength, hop, window);
        ComplexSpectrogram spectrogram = stft.forward(signal);
        assertArrayEquals(signal, stft.inverse(spectrogram, signal.length), 1e-5f);
        assertEquals(hop * (spectrogram.frames - 1), stft.inverse(spectrogram).length);
    }

    @Test
    void inverseGivesTheSignalNearestToAnInconsistentSpectrogram() {
        Stft stft = new Stft(32, 8, Window.HANN);
        ComplexSpectrogram target = stft.forward(noise(160, 3));
        Random random = new Random(4);
        for (int i = 0; i < target.re.length; i++) {
            target.re[i] += (float) random.nextGaussian();
        }
        float[] nearest = stft.inverse(target, 160);
        double best = interiorDistance(stft.forward(nearest), target);
        for (int s = 60; s < 100; s++) {
            for (float step : new float[] {-0.05f, 0.05f}) {
                float[] moved = nearest.clone();
                moved[s] += step;
                assertTrue(interiorDistance(stft.forward(moved), target) > best, "sample " + s + " moved by " + step);
            }
        }
    }

    @Test
    void samplesBeyondTheLastFrameAreZero() {
        Stft stft = new Stft(16, 4, Window.HAMMING);
        float[] signal = stft.inverse(stft.forward(noise(40, 5)), 60);
        for (int s = 48; s < 60; s++) {
            assertEquals(0, signal[s]);
        }
    }

    @Test
    void samplesBetweenFramesThatDoNotMeetAreZero() {
        Stft stft = new Stft(16, 24, Window.HAMMING);
        float[] signal = noise(100, 6);
        float[] inverse = stft.inverse(stft.forward(signal), 100);
        for (int s = 0; s < 100; s++) {
            boolean covered = (s + 8) % 24 < 16;
            assertEquals(covered ? signal[s] : 0, inverse[s], 1e-5, "sample " + s);
        }
    }

    @Test
    void spectraMadeWhenNeededGiveTheSameSignal() {
        Stft stft = new Stft(64, 16, Window.HANN);
        ComplexSpectrogram spectrogram = stft.forward(noise(500, 7));
        float[] actual = stft.inverse(spectrogram.frames, 480, (t, re, im) -> {
            System.arraycopy(spectrogram.re, t * 33, re, 0, 33);
            System.arraycopy(spectrogram.im, t * 33, im, 0, 33);
        });
        assertArrayEquals(stft.inverse(spectrogram, 480), actual);
        assertArrayEquals(Arrays.copyOf(actual, 100), stft.inverse(spectrogram, 100));
    }

    @Test
    void severalThreadsMayShareOneInstance() {
        Stft stft = new Stft(400, 240, Window.HAMMING);
        float[][] expected = IntStream.range(0, 64)
                .mapToObj(i -> stft.forward(noise(4000, i)).re)
                .toArray(float[][]::new);
        float[][] actual = IntStream.range(0, 64)
                .parallel()
                .mapToObj(i -> stft.forward(noise(4000, i)).re)
                .toArray(float[][]::new);
        for (int i = 0; i < 64; i++) {
            assertArrayEquals(expected[i], actual[i]);
        }
    }

    @Test
    void refusesWhatItCannotTransform() {
        assertThrows(IllegalArgumentException.class, () -> new Stft(401, 240, Window.HANN));
        assertThrows(IllegalArgumentException.class, () -> new Stft(400, 0, Window.HANN));
        Stft stft = new Stft(400, 240, Window.HANN);
        assertThrows(IllegalArgumentException.class, () -> stft.forward(new float[200]));
        assertThrows(IllegalArgumentException.class, () -> stft.inverse(new ComplexSpectrogram(3, 200), 480));
    }

    private static double reflected(float[] signal, int s) {
        int inside = s < 0 ? -s : s;
        return signal[inside < signal.length ? inside : 2 * (signal.length - 1) - inside];
    }

    /** Squared distance of the full spectra (inner bins count twice) over the frames that touch no reflected sample. */
    private static double interiorDistance(ComplexSpectrogram x, ComplexSpectrogram y) {
        double sum = 0;
        for (int t = 2; t < x.frames - 2; t++) {
            for (int b = 0; b < x.bins; b++) {
                int i = t * x.bins + b;
                double re = x.re[i] - y.re[i];
                double im = b == 0 || b == x.bins - 1 ? 0 : x.im[i] - y.im[i];
                sum += (b == 0 || b == x.bins - 1 ? 1 : 2) * (re * re + im * im);
            }
        }
        return sum;
    }

    private static float[] noise(int length, long seed) {
        Random random = new Random(seed);
        float[] signal = new float[length];
        for (int i = 0; i < length; i++) {
            signal[i] = (float) random.nextGaussian();
        }
        return signal;
    }
}

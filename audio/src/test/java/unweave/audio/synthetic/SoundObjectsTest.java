package unweave.audio.synthetic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jtransforms.fft.DoubleFFT_1D;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unweave.audio.random.SeededRandom;

/** Every sound object has the frequencies and the envelope of Table 4.1. */
class SoundObjectsTest {
    private static final int N = Sinusoid.N;
    private static final int DRAWS = 30;

    /** Carrier range, the width that the envelope adds, and the lowest and highest frequency of the envelope in Hz. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 100, 150, 80, 16, 16",
        "0, 1, 500, 600, 40, 2, 2",
        "0, 2, 800, 1000, 12, 3, 6",
        "0, 3, 3500, 4000, 20, 20, 20",
        "1, 0, 100, 150, 30, 4, 5",
        "1, 1, 500, 600, 40, 2, 2",
        "1, 3, 4000, 4500, 10, 10, 10"
    })
    void carriersAndEnvelopesLieInTheirRanges(
            int classIndex, int object, int lowest, int highest, int width, int slowest, int fastest) {
        List<Integer> carriers = new ArrayList<>();
        forEachDraw(classIndex, object, (seed, signal) -> {
            double[] power = power(signal);
            int carrier = strongest(power, 1, N / 2);
            carriers.add(carrier);
            assertTrue(carrier >= lowest && carrier <= highest, "carrier " + carrier);
            boolean harmonic = classIndex == 0 && object == 2;
            double inside = sum(power, carrier - width, carrier + width)
                    + (harmonic ? sum(power, 2 * carrier - width, 2 * carrier + width) : 0);
            assertTrue(inside > 0.98 * sum(power, 0, N / 2), "inside " + inside / sum(power, 0, N / 2));
            if (harmonic) {
                assertEquals(0.25, power[2 * carrier] / power[carrier], 1e-3);
            }
            // The product of two sines of f and k has lines at f - k and f + k, the strongest ones beside the carrier's
            // own.
            int side = strongest(power, carrier + 1, carrier + width) - carrier;
            assertTrue((side >= slowest && side <= fastest) || (classIndex == 0 && object == 0), "envelope " + side);
        });
        assertTrue(carriers.stream().distinct().count() > DRAWS / 3, "carriers vary");
    }

    @Test
    void theModulatingBassIsSixteenBumpsASecondAndHalfOfThemAreCutAway() {
        forEachDraw(0, 0, (seed, signal) -> {
            assertEquals(0.75, silentShare(signal), 0.03, "half of every 1/16 s, in two quarters of the second");
            for (int n = 0; n < N; n++) {
                boolean both = signal[n] != 0 && signal[(n + N / 4) % N] != 0;
                assertFalse(both, "what sounds in one half of the 2 Hz period is silent in the other");
            }
        });
    }

    @Test
    void theHalfWaveSinusoidIsSilentHalfOfTheTimeAndTheFullWaveOnesNever() {
        forEachDraw(1, 0, (seed, signal) -> assertEquals(0.5, silentShare(signal), 0.02));
        for (int classIndex : new int[] {0, 1}) {
            forEachDraw(classIndex, 3, (seed, signal) -> assertEquals(0, silentShare(signal)));
        }
        forEachDraw(0, 2, (seed, signal) -> assertTrue(silentShare(signal) < 0.24));
    }

    @Test
    void sawtoothsRiseInClassOneFallInClassTwoAndJumpWithinTenMilliseconds() {
        for (int classIndex : new int[] {0, 1}) {
            forEachDraw(classIndex, 1, (seed, signal) -> {
                float[] envelope = envelope(signal);
                int up = 0;
                int down = 0;
                for (int n = 0; n < N; n += 80) {
                    float change = envelope[(n + 80) % N] - envelope[n];
                    up += change > 0.002 ? 1 : 0;
                    down += change < -0.002 ? 1 : 0;
                }
                int slow = classIndex == 0 ? up : down;
                int fast = classIndex == 0 ? down : up;
                assertTrue(slow > 180 && fast >= 2 && fast <= 12, up + " steps of 5 ms up, " + down + " down");
            });
        }
    }

    @Test
    void theMelodyIsTwelveBumpsUpAndDownByTwoHundredHertz() {
        int[] steps = {0, 200, 400, 600, 400, 200, 0, 200, 400, 600, 400, 200};
        List<Integer> starts = new ArrayList<>();
        forEachDraw(1, 2, (seed, signal) -> {
            List<Integer> begins = new ArrayList<>();
            for (int n = 60; n < N; n++) {
                boolean silence = true;
                for (int k = n - 60; k < n; k++) {
                    silence &= signal[k] == 0;
                }
                if (silence && signal[n] != 0) {
                    begins.add(n);
                }
            }
            if (signal[0] != 0 || begins.isEmpty() || begins.size() == 11) {
                begins.add(0, begins.get(0) - 1000);
            }
            assertEquals(12, begins.size());
            assertTrue(
                    begins.get(0) >= 0 && begins.get(0) < N / 2 && begins.get(11) + 500 <= N + 1, "begins " + begins);
            int base = pitch(signal, begins.get(0));
            assertTrue(base >= 790 && base <= 1010, "base " + base);
            for (int bump = 0; bump < 12; bump++) {
                assertEquals(base + steps[bump], pitch(signal, begins.get(bump)), 10, "bump " + bump);
                assertEquals(1000, bump == 0 ? 1000 : begins.get(bump) - begins.get(bump - 1), 12, "16 bumps a second");
            }
            starts.add(begins.get(0) / 1000);
        });
        assertTrue(starts.stream().distinct().count() >= 4, "the melody begins at different bumps");
    }

    private static void forEachDraw(int classIndex, int object, BiConsumer<Integer, float[]> check) {
        for (int seed = 0; seed < DRAWS; seed++) {
            float[] signal = SoundObjects.of(SyntheticParameters.Objects.OF_TEXT)
                    .get(classIndex)
                    .get(object)
                    .draw(new SeededRandom(seed));
            float peak = 0;
            for (float sample : signal) {
                peak = Math.max(peak, Math.abs(sample));
            }
            assertTrue(peak <= 1.5 && peak > 0.25, "peak " + peak);
            check.accept(seed, signal);
        }
    }

    private static double[] power(float[] signal) {
        double[] spectrum = spectrum(signal, 0, N);
        double[] power = new double[N / 2 + 1];
        for (int k = 0; k <= N / 2; k++) {
            power[k] = spectrum[2 * k] * spectrum[2 * k] + spectrum[2 * k + 1] * spectrum[2 * k + 1];
        }
        return power;
    }

    private static double[] spectrum(float[] signal, int from, int to) {
        double[] complex = new double[2 * N];
        for (int n = from; n < to; n++) {
            complex[2 * n] = signal[n];
        }
        new DoubleFFT_1D(N).complexForward(complex);
        return complex;
    }

    /** The frequency in Hz at which the 500 samples from {@code begin} on have most power. */
    private static int pitch(float[] signal, int begin) {
        float[] bump = new float[N];
        System.arraycopy(signal, begin, bump, begin, Math.min(500, N - begin));
        return strongest(power(bump), 1, N / 2);
    }

    /** Magnitude of the analytic signal. */
    private static float[] envelope(float[] signal) {
        double[] complex = spectrum(signal, 0, N);
        for (int k = 1; k < N; k++) {
            double gain = k < N / 2 ? 2 : k == N / 2 ? 1 : 0;
            complex[2 * k] *= gain;
            complex[2 * k + 1] *= gain;
        }
        new DoubleFFT_1D(N).complexInverse(complex, true);
        float[] envelope = new float[N];
        for (int n = 0; n < N; n++) {
            envelope[n] = (float) Math.hypot(complex[2 * n], complex[2 * n + 1]);
        }
        return envelope;
    }

    private static int strongest(double[] power, int from, int to) {
        int best = from;
        for (int k = from; k <= to; k++) {
            best = power[k] > power[best] ? k : best;
        }
        return best;
    }

    private static double sum(double[] power, int from, int to) {
        double sum = 0;
        for (int k = Math.max(0, from); k <= to; k++) {
            sum += power[k];
        }
        return sum;
    }

    /** The part of the signal that lies in runs of at least 8 zeros: more than the zero crossings of a carrier. */
    private static double silentShare(float[] signal) {
        int silent = 0;
        int run = 0;
        for (int n = 0; n <= N; n++) {
            if (n < N && signal[n] == 0) {
                run++;
            } else {
                silent += run >= 8 ? run : 0;
                run = 0;
            }
        }
        return (double) silent / N;
    }
}

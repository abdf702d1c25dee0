package unweave.audio.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jtransforms.fft.DoubleFFT_1D;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import unweave.audio.random.SeededRandom;

class WaveformAugmentationTest {
    private static final int RATE = 16000;

    @Test
    void gainsAreUniformInDecibels() {
        double sum = 0;
        double lowest = 99;
        double highest = -99;
        for (int seed = 0; seed < 2000; seed++) {
            float[] louder = new Gain(-12, 3).apply(new float[] {0.5f, -0.25f}, SeededRandom.of(seed));
            assertEquals(-0.5, louder[1] / louder[0], 1e-6);
            double decibels = 20 * Math.log10(louder[0] / 0.5);
            sum += decibels;
            lowest = Math.min(lowest, decibels);
            highest = Math.max(highest, decibels);
        }
        assertEquals(-4.5, sum / 2000, 0.3);
        assertEquals(-12, lowest, 0.1);
        assertEquals(3, highest, 0.1);
    }

    @Test
    void noiseHasTheStatedShareOfTheSignalsDeviation() {
        float[] signal = sine(440, RATE);
        for (double strength : new double[] {0.001, 0.03, 0.1}) {
            float[] noisy = new GaussianNoise(strength, strength).apply(signal, new SeededRandom(2));
            double squares = 0;
            for (int n = 0; n < signal.length; n++) {
                squares += Math.pow(noisy[n] - signal[n], 2);
            }
            assertEquals(strength * Math.sqrt(0.5), Math.sqrt(squares / signal.length), 0.02 * strength);
        }
        assertArrayEquals(
                new float[100],
                new GaussianNoise(0.1, 0.1).apply(new float[100], new SeededRandom(2)),
                "silence has no deviation");
    }

    @ParameterizedTest
    @ValueSource(doubles = {200, 1000, 1400, 4000})
    void biquadsHaveTheResponseOfTheirTransferFunction(double cutoff) {
        float[] impulse = new float[RATE];
        impulse[0] = 1;
        double[] low =
                magnitudes(Biquad.lowPass(cutoff, RATE, Biquad.BUTTERWORTH).filter(impulse));
        double[] high =
                magnitudes(Biquad.highPass(cutoff, RATE, Biquad.BUTTERWORTH).filter(impulse));
        for (int frequency = 1; frequency < 8000; frequency += 37) {
            // The analogue prototype 1 / (s^2 + s/Q + 1) at the frequency that the bilinear transform maps here.
            double s = Math.tan(Math.PI * frequency / RATE) / Math.tan(Math.PI * cutoff / RATE);
            double denominator = Math.hypot(1 - s * s, s / 0.707);
            assertEquals(1 / denominator, low[frequency], 1e-5);
            assertEquals(s * s / denominator, high[frequency], 1e-5);
        }
    }

    @Test
    void filtersEndInSilenceNotInEverSmallerNumbers() {
        float[] click = new float[20000];
        click[0] = 1;
        for (Biquad filter : new Biquad[] {
            Biquad.lowPass(1400, RATE, Biquad.BUTTERWORTH), Biquad.highPass(200, RATE, Biquad.BUTTERWORTH)
        }) {
            float[] output = filter.filter(click);
            for (int n = 0; n < output.length; n++) {
                assertTrue(output[n] == 0 || Math.abs(output[n]) >= 1e-25f, "sample " + n + ": " + output[n]);
            }
            assertEquals(0, output[output.length - 1]);
            assertTrue(output[50] != 0);
        }
    }

    @Test
    void highAndLowPassAreEquallyLikely() {
        HighOrLowPass filter = new HighOrLowPass(RATE, 200, 1400, 1400, 4000);
        float[] signal = sine(40, 2000);
        int passed = 0;
        for (int seed = 0; seed < 1000; seed++) {
            double gain = energy(filter.apply(signal, SeededRandom.of(seed))) / energy(signal);
            assertTrue(gain < 0.01 || gain > 0.9, "40 Hz passes or does not");
            passed += gain > 0.9 ? 1 : 0;
        }
        assertEquals(500, passed, 50);
    }

    @ParameterizedTest
    @CsvSource({"12, 880", "-12, 220", "7, 659", "-5, 330", "0, 440"})
    void pitchShiftsMoveTheFrequencyAndKeepTheDuration(double semitones, int expected) {
        // A cosine continues through its reflection at n = 0, so that the vocoder starts from the phases of a steady
        // tone.
        float[] signal = new float[RATE];
        for (int n = 0; n < RATE; n++) {
            signal[n] = (float) Math.cos(2 * Math.PI * 440 * n / RATE);
        }
        float[] shifted = PitchShift.shift(signal, semitones);
        assertEquals(signal.length, shifted.length);
        double[] spectrum = magnitudes(shifted);
        int strongest = 1;
        for (int k = 1; k < spectrum.length; k++) {
            strongest = spectrum[k] > spectrum[strongest] ? k : strongest;
        }
        assertEquals(expected, strongest, 2);
        assertEquals(1, energy(shifted) / energy(signal), 0.1);
    }

    @Test
    void shiftsByNothingReturnTheSignal() {
        float[] signal = sine(1234, 5000);
        assertArrayEquals(signal, PitchShift.shift(signal, 0), 1e-4f);
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new PitchShift(3, -3));
        assertThrows(IllegalArgumentException.class, () -> new PitchShift(-12, 12)
                .apply(new float[100], new SeededRandom(1)));
        assertThrows(IllegalArgumentException.class, () -> Biquad.lowPass(8000, RATE, 1));
        assertThrows(IllegalArgumentException.class, () -> Biquad.highPass(0, RATE, 1));
    }

    private static float[] sine(double frequency, int length) {
        float[] signal = new float[length];
        for (int n = 0; n < length; n++) {
            signal[n] = (float) Math.sin(2 * Math.PI * frequency * n / RATE);
        }
        return signal;
    }

    private static double energy(float[] signal) {
        double sum = 0;
        for (float x : signal) {
            sum += x * x;
        }
        return sum;
    }

    /** |DFT| for 0 to N/2. */
    private static double[] magnitudes(float[] signal) {
        double[] complex = new double[2 * signal.length];
        for (int n = 0; n < signal.length; n++) {
            complex[2 * n] = signal[n];
        }
        new DoubleFFT_1D(signal.length).complexForward(complex);
        double[] magnitudes = new double[signal.length / 2 + 1];
        for (int k = 0; k < magnitudes.length; k++) {
            magnitudes[k] = Math.hypot(complex[2 * k], complex[2 * k + 1]);
        }
        return magnitudes;
    }
}

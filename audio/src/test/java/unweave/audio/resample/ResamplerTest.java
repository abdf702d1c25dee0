package unweave.audio.resample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unweave.audio.random.SeededRandom;

class ResamplerTest {

    @ParameterizedTest
    @CsvSource({
        "22050, 16000",
        "44100, 16000",
        "48000, 16000",
        "8000, 16000",
        "16000, 22050",
        "3, 2",
        "2, 3",
        "1, 7",
        "997, 1009"
    })
    void theFilterBankAgreesWithTheFormula(int from, int to) {
        float[] signal = noise(5000);
        for (ResamplingFilter filter :
                new ResamplingFilter[] {ResamplingFilter.STANDARD, ResamplingFilter.TORCHAUDIO}) {
            Resampler resampler = new Resampler(from, to, filter);
            float[] output = resampler.resample(signal);
            for (int m = 0; m < output.length; m += 1 + m / 100) {
                assertEquals(resampler.sampleAt(signal, m), output[m], 2e-5f, "sample " + m);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"441, 320", "3, 1", "1, 2", "5, 7"})
    void theHannFilterIsTheStridedConvolutionOfTorchaudio(int from, int to) {
        float[] signal = noise(3001);
        assertArrayEquals(
                torchaudio(signal, from, to, 6, 0.99),
                new Resampler(from, to, ResamplingFilter.TORCHAUDIO).resample(signal),
                2e-5f);
    }

    /**
     * torchaudio.functional.resample: kernels [to][2 width + from], a convolution with stride from, cut to the target
     * length.
     */
    private static float[] torchaudio(float[] signal, int from, int to, int lowpassWidth, double rolloff) {
        double base = Math.min(from, to) * rolloff;
        int width = (int) Math.ceil(lowpassWidth * from / base);
        float[] output = new float[(int) Math.ceil((double) to * signal.length / from)];
        for (int m = 0; m < output.length; m++) {
            int step = m / to;
            int phase = m % to;
            double sum = 0;
            for (int k = 0; k < 2 * width + from; k++) {
                double t = (-(double) phase / to + (double) (k - width) / from) * base;
                t = Math.max(-lowpassWidth, Math.min(lowpassWidth, t));
                double window = Math.pow(Math.cos(t * Math.PI / lowpassWidth / 2), 2);
                double kernel = (t == 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t)) * window * base / from;
                int n = step * from + k - width;
                sum += n >= 0 && n < signal.length ? kernel * signal[n] : 0;
            }
            output[m] = (float) sum;
        }
        return output;
    }

    @Test
    void theKaiserFilterIsItsFormula() {
        ResamplingFilter filter = ResamplingFilter.kaiser(12, 60);
        double beta = 0.1102 * (60 - 8.7);
        for (double t = 0; t < 12.5; t += 0.0137) {
            double sinc = t == 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t);
            double expected = t >= 12 ? 0 : sinc * besselI0(beta * Math.sqrt(1 - t * t / 144)) / besselI0(beta);
            assertEquals(expected, filter.at(t), 1e-9, "h(" + t + ")");
            assertEquals(filter.at(t), filter.at(-t));
        }
        assertEquals(1, filter.at(0));
        assertEquals(0, filter.at(5), 1e-15);
    }

    /** I0(x) is the mean of exp(x cos a) over all angles a. */
    private static double besselI0(double x) {
        double sum = 0;
        for (int i = 0; i < 400; i++) {
            sum += Math.exp(x * Math.cos(2 * Math.PI * i / 400));
        }
        return sum / 400;
    }

    @ParameterizedTest
    @CsvSource({"22050, 16000", "44100, 16000", "8000, 16000", "48000, 22050", "400009, 399989"})
    void aSineKeepsItsFrequencyPhaseAndAmplitude(int from, int to) {
        double frequency = 0.1 * Math.min(from, to);
        float[] output = new Resampler(from, to).resample(sine(frequency, from, 6000));
        float[] expected = sine(frequency, to, output.length);
        for (int m = 300; m < output.length - 300; m++) {
            assertEquals(expected[m], output[m], 2e-4f, "sample " + m);
        }
    }

    @Test
    void whatLiesAboveTheNewNyquistFrequencyDoesNotFoldBack() {
        for (double frequency : new double[] {8001, 8500, 10000, 10900}) {
            float[] output = new Resampler(22050, 16000).resample(sine(frequency, 22050, 22050));
            assertTrue(rms(output, 500) < 2e-4 * Math.sqrt(0.5), frequency + " Hz leaves " + rms(output, 500));
        }
    }

    @Test
    void theStandardFilterIsFlatTo81PercentOfTheNyquistFrequency() {
        for (double frequency : new double[] {20, 1000, 4000, 6000, 6480}) {
            // 0.9 s are whole periods of all these frequencies.
            double gain =
                    rms(new Resampler(22050, 16000).resample(sine(frequency, 22050, 22050)), 800) / Math.sqrt(0.5);
            assertEquals(1, gain, 2e-3, frequency + " Hz");
        }
    }

    @Test
    void constantsStayConstant() {
        float[] ones = new float[2000];
        Arrays.fill(ones, 1);
        float[] output = new Resampler(22050, 16000).resample(ones);
        for (int m = 100; m < output.length - 100; m++) {
            assertEquals(1, output[m], 1e-4f);
        }
    }

    @Test
    void lengthsAreRoundedUpAndEqualRatesCopy() {
        assertEquals(480000, new Resampler(22050, 16000).resample(new float[661500]).length);
        assertEquals(1, new Resampler(22050, 16000).resample(new float[1]).length);
        assertEquals(0, new Resampler(22050, 16000).resample(new float[0]).length);
        assertEquals(34, new Resampler(3, 1).outputLength(100));
        float[] signal = noise(10);
        float[] same = new Resampler(16000, 16000).resample(signal);
        assertArrayEquals(signal, same);
        assertTrue(signal != same);
    }

    @Test
    void impossibleRatesAndFiltersAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Resampler(0, 16000));
        assertThrows(IllegalArgumentException.class, () -> new Resampler(16000, -1));
        assertThrows(IllegalArgumentException.class, () -> ResamplingFilter.kaiser(0, 80));
        assertThrows(IllegalArgumentException.class, () -> ResamplingFilter.kaiser(16, 20));
        assertThrows(IllegalArgumentException.class, () -> ResamplingFilter.hann(6, 1.1));
    }

    private static float[] noise(int length) {
        SeededRandom random = new SeededRandom(1);
        float[] signal = new float[length];
        for (int n = 0; n < length; n++) {
            signal[n] = (float) random.uniform(-1, 1);
        }
        return signal;
    }

    private static float[] sine(double frequency, int rate, int length) {
        float[] signal = new float[length];
        for (int n = 0; n < length; n++) {
            signal[n] = (float) Math.sin(2 * Math.PI * frequency * n / rate + 0.3);
        }
        return signal;
    }

    private static double rms(float[] signal, int margin) {
        double sum = 0;
        for (int n = margin; n < signal.length - margin; n++) {
            sum += (double) signal[n] * signal[n];
        }
        return Math.sqrt(sum / (signal.length - 2 * margin));
    }
}

package unweave.audio.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unweave.audio.random.SeededRandom;
import unweave.audio.spectral.ComplexSpectrogram;
import unweave.audio.spectral.Stft;
import unweave.audio.spectral.Window;

class PhaseVocoderTest {
    private static final int HOP = 6;

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.8, 0.93, 1, 1.15, 1.2, 3.7})
    void theProductOfUnitVectorsAgreesWithTheSumOfWrappedAngles(double rate) {
        ComplexSpectrogram spectrogram = noise(130, 9);
        ComplexSpectrogram expected = withAngles(spectrogram, rate);
        ComplexSpectrogram stretched = PhaseVocoder.stretch(spectrogram, rate);
        assertEquals(PhaseVocoder.stretchedFrames(130, rate), stretched.frames);
        assertArrayEquals(expected.re, stretched.re, 1e-5f);
        assertArrayEquals(expected.im, stretched.im, 1e-5f);
    }

    /** torchaudio.functional.phase_vocoder, step by step. */
    private static ComplexSpectrogram withAngles(ComplexSpectrogram x, double rate) {
        ComplexSpectrogram y = new ComplexSpectrogram((int) Math.ceil(x.frames / rate), x.bins);
        for (int bin = 0; bin < x.bins; bin++) {
            double advance = Math.PI * HOP * bin / (x.bins - 1);
            double sum = angle(x, 0, bin);
            for (int i = 0; i < y.frames; i++) {
                float position = (float) (i * rate);
                int t = (int) position;
                double alpha = position - t;
                double size = alpha * size(x, t + 1, bin) + (1 - alpha) * size(x, t, bin);
                y.re[i * y.bins + bin] = (float) (size * Math.cos(sum));
                y.im[i * y.bins + bin] = (float) (size * Math.sin(sum));
                double step = angle(x, t + 1, bin) - angle(x, t, bin) - advance;
                step -= 2 * Math.PI * Math.rint(step / (2 * Math.PI));
                sum += step + advance;
            }
        }
        return y;
    }

    private static double angle(ComplexSpectrogram x, int t, int bin) {
        return t < x.frames ? Math.atan2(x.im[t * x.bins + bin], x.re[t * x.bins + bin]) : 0;
    }

    private static double size(ComplexSpectrogram x, int t, int bin) {
        return t < x.frames ? Math.hypot(x.im[t * x.bins + bin], x.re[t * x.bins + bin]) : 0;
    }

    @Test
    void atRateOneNothingChanges() {
        ComplexSpectrogram spectrogram = noise(50, 5);
        ComplexSpectrogram same = PhaseVocoder.stretch(spectrogram, 1);
        assertArrayEquals(spectrogram.re, same.re, 1e-6f);
        assertArrayEquals(spectrogram.im, same.im, 1e-6f);
    }

    @Test
    void aStretchedSineIsTheSameSineForLonger() {
        Stft stft = new Stft(512, 128, Window.HANN);
        // A cosine: its reflection at n = 0 continues it, so the first frame holds the phases of a steady tone.
        float[] signal = new float[16000];
        for (int n = 0; n < signal.length; n++) {
            signal[n] = (float) Math.cos(2 * Math.PI * 440 * n / 16000);
        }
        float[] longer = stft.inverse(PhaseVocoder.stretch(stft.forward(signal), 0.8), 20000);
        for (int n = 600; n < 18000; n++) {
            // The next sample of a sine follows from the two before it; an amplitude of 1 is kept to a few percent.
            double next = 2 * Math.cos(2 * Math.PI * 440 / 16000) * longer[n] - longer[n - 1];
            assertEquals(next, longer[n + 1], 0.01, "sample " + n);
        }
        double energy = 0;
        for (int n = 1000; n < 17000; n++) {
            energy += longer[n] * longer[n];
        }
        assertEquals(Math.sqrt(0.5), Math.sqrt(energy / 16000), 0.03);
    }

    @Test
    void ratesThatAreNotPositiveAreRefused() {
        for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> PhaseVocoder.stretch(noise(3, 3), rate));
        }
    }

    /** Random numbers, and a few zeros, whose phase counts as zero. */
    private static ComplexSpectrogram noise(int frames, int bins) {
        ComplexSpectrogram spectrogram = new ComplexSpectrogram(frames, bins);
        SeededRandom random = new SeededRandom(1);
        for (int i = 0; i < spectrogram.re.length; i++) {
            boolean zero = random.chance(0.05);
            spectrogram.re[i] = zero ? 0 : (float) random.gaussian();
            spectrogram.im[i] = zero ? 0 : (float) random.gaussian();
        }
        return spectrogram;
    }
}

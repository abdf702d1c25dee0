package unweave.audio.sonify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unweave.audio.resample.ResamplingFilter;
import unweave.audio.spectral.BandSettings;
import unweave.audio.spectral.Edges;
import unweave.audio.spectral.FramingSettings;
import unweave.audio.spectral.FrontEnd;
import unweave.audio.spectral.Levels;
import unweave.audio.spectral.MelInverse;
import unweave.audio.spectral.MelScale;
import unweave.audio.spectral.SignalSettings;
import unweave.audio.spectral.SpectralFrontEnd;
import unweave.audio.spectral.WaveformFrontEnd;
import unweave.audio.spectral.Window;

class OtherSoundsTest {
    private static final int RATE = 8000;
    private static final int SAMPLES = 8000;
    private static final SignalSettings SIGNAL = new SignalSettings(
            RATE, SAMPLES, SignalSettings.Place.START, SignalSettings.Normalisation.NONE, 1, ResamplingFilter.STANDARD);

    private static SpectralFrontEnd bands(int mels, Edges edges) {
        FramingSettings framing = new FramingSettings(Window.HANN, true, 200, true, 256, 80, edges, true, 0.97);
        return new SpectralFrontEnd(new SpectralFrontEnd.Settings(
                SIGNAL,
                framing,
                new BandSettings(2, mels, MelScale.SLANEY, true, false, 0, RATE / 2.0),
                new Levels(
                        Levels.Log.DB,
                        1e-10,
                        false,
                        1,
                        -1000,
                        80,
                        new double[0],
                        new double[0],
                        Levels.Standardisation.NONE),
                framing.frames(SAMPLES),
                Double.NaN,
                Optional.empty()));
    }

    /** A low tone in the first half, a high one in the second, both throughout at a tenth. */
    private static float[] twoTones() {
        float[] sound = new float[SAMPLES];
        for (int n = 0; n < SAMPLES; n++) {
            double low = Math.sin(2 * Math.PI * 400 * n / RATE);
            double high = Math.sin(2 * Math.PI * 2500 * n / RATE);
            sound[n] = (float) (0.2 * (n < SAMPLES / 2 ? low + 0.1 * high : high + 0.1 * low));
        }
        return sound;
    }

    private static double power(float[] sound, double hertz, int from, int to) {
        double re = 0;
        double im = 0;
        for (int n = from; n < to; n++) {
            re += sound[n] * Math.cos(2 * Math.PI * hertz * n / RATE);
            im += sound[n] * Math.sin(2 * Math.PI * hertz * n / RATE);
        }
        return re * re + im * im;
    }

    @ParameterizedTest
    @CsvSource({"24, REFLECT", "24, NONE", "0, REFLECT", "0, NONE"})
    void whatIsRelevantIsHeard(int mels, Edges edges) {
        SpectralFrontEnd frontEnd = bands(mels, edges);
        FrontEnd.Analysis original = frontEnd.analyse(twoTones());
        float[] relevance = new float[frontEnd.rows() * frontEnd.columns()];
        double[] hertz = frontEnd.centreHz();
        for (int r = 0; r < hertz.length; r++) {
            if (Math.abs(hertz[r] - 2500) < 150) {
                Arrays.fill(relevance, r * frontEnd.columns(), (r + 1) * frontEnd.columns(), 1);
            }
        }
        float[] sound =
                RelevanceSound.of(frontEnd, MelInverse.Method.PSEUDO_INVERSE).sound(original, relevance);
        assertTrue(sound.length > SAMPLES - 256 && sound.length <= SAMPLES, "length " + sound.length);
        assertTrue(power(sound, 2500, 5000, 7000) > 1000 * power(sound, 400, 5000, 7000));
        assertTrue(power(sound, 2500, 1000, 3000) > power(sound, 400, 1000, 3000));
        assertArrayEquals(
                new float[sound.length], new BandSonification(frontEnd).sound(original, new float[relevance.length]));
    }

    @Test
    void everythingRelevantIsTheOriginal() {
        SpectralFrontEnd frontEnd = bands(0, Edges.REFLECT);
        FrontEnd.Analysis original = frontEnd.analyse(twoTones());
        float[] gains = new float[frontEnd.rows()];
        Arrays.fill(gains, 1);
        float[] ofBins = new float[129];
        frontEnd.toBins(gains, ofBins);
        assertArrayEquals(gains, ofBins);
        bands(24, Edges.REFLECT).toBins(Arrays.copyOf(gains, 24), ofBins);
        assertEquals(1, ofBins[64], 1e-6);
        assertEquals(SAMPLES, original.signal().length);
    }

    @Test
    void aWaveformIsWeightedByASmoothEnvelope() {
        WaveformFrontEnd frontEnd = new WaveformFrontEnd(SIGNAL, 0, 1);
        FrontEnd.Analysis original = frontEnd.analyse(twoTones());
        assertArrayEquals(twoTones(), original.input());
        float[] relevance = new float[SAMPLES];
        for (int n = 5000; n < 6000; n++) {
            relevance[n] = n % 2 == 0 ? 2 : -1; // relevance often alternates
        }
        float[] sound =
                RelevanceSound.of(frontEnd, MelInverse.Method.PSEUDO_INVERSE).sound(original, relevance);
        assertEquals(0, sound[4000], 1e-12f);
        assertEquals(0, sound[7000], 1e-12f);
        double ratio = 0;
        for (int n = 5400; n < 5600; n++) {
            double size = Math.abs(original.signal()[n]);
            if (size > 0.01 && size < 0.05) { // louder ones may be clamped to the original's peak
                double here = sound[n] / original.signal()[n];
                assertEquals(ratio == 0 ? here : ratio, here, 0.02 * here, "sample " + n);
                ratio = here;
            }
        }
        assertTrue(ratio > 1);
        assertThrows(
                IllegalArgumentException.class, () -> new WaveformSonification(RATE).sound(original, new float[10]));
        relevance[3] = Float.NaN;
        assertThrows(IllegalArgumentException.class, () -> new WaveformSonification(RATE).sound(original, relevance));
    }
}

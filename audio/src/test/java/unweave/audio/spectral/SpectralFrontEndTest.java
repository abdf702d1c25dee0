package unweave.audio.spectral;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import unweave.audio.resample.ResamplingFilter;

class SpectralFrontEndTest {
    private static final int RATE = 8000;
    private static final int SAMPLES = 1000;

    private static SignalSettings signal(SignalSettings.Place place, SignalSettings.Normalisation normalisation) {
        return new SignalSettings(RATE, SAMPLES, place, normalisation, 1, ResamplingFilter.STANDARD);
    }

    private static FramingSettings framing(Edges edges) {
        return new FramingSettings(Window.HANN, true, 100, false, 128, 50, edges, false, 0);
    }

    private static Levels levels(Levels.Log log, double offset, Levels.Standardisation standardisation) {
        return new Levels(
                log,
                offset,
                false,
                1,
                Double.NEGATIVE_INFINITY,
                Double.POSITIVE_INFINITY,
                new double[0],
                new double[0],
                standardisation);
    }

    private static SpectralFrontEnd frontEnd(
            SignalSettings signal, FramingSettings framing, BandSettings bands, Levels levels) {
        return new SpectralFrontEnd(new SpectralFrontEnd.Settings(
                signal, framing, bands, levels, framing.frames(signal.samples()), Double.NaN, Optional.empty()));
    }

    private static SpectralFrontEnd linear(Edges edges) {
        return frontEnd(
                signal(SignalSettings.Place.START, SignalSettings.Normalisation.NONE),
                framing(edges),
                new BandSettings(1, 0, MelScale.HTK, false, false, 0, RATE / 2.0),
                levels(Levels.Log.NONE, 0, Levels.Standardisation.NONE));
    }

    private static float[] tone(int samples) {
        float[] tone = new float[samples];
        for (int n = 0; n < samples; n++) {
            tone[n] = (float) (0.25 * Math.sin(2 * Math.PI * 1000 * n / RATE) + 0.1 * Math.cos(0.003 * n * n));
        }
        return tone;
    }

    @ParameterizedTest
    @EnumSource(Edges.class)
    void linearBinsAreTheDefinition(Edges edges) {
        SpectralFrontEnd frontEnd = linear(edges);
        assertEquals(65, frontEnd.rows());
        assertEquals(edges == Edges.NONE ? 1 + (SAMPLES - 128) / 50 : 21, frontEnd.columns());
        float[] signal = tone(SAMPLES);
        float[] input = frontEnd.input(signal);
        for (int t = 0; t < frontEnd.columns(); t++) {
            for (int b = 0; b < 65; b += 7) {
                double re = 0;
                double im = 0;
                for (int n = 0; n < 100; n++) { // the window lies in the middle of the 128
                    int s = t * 50 + n + 14 - (edges == Edges.NONE ? 0 : 64);
                    double x = (0.5 - 0.5 * Math.cos(2 * Math.PI * n / 100)) * beyond(signal, s, edges);
                    re += x * Math.cos(2 * Math.PI * b * (n + 14) / 128);
                    im += x * Math.sin(2 * Math.PI * b * (n + 14) / 128);
                }
                assertEquals(Math.hypot(re, im), input[b * frontEnd.columns() + t], 1e-4, "frame " + t + ", bin " + b);
            }
        }
        assertEquals(1000, frontEnd.centreHz()[16], 1e-9);
        assertEquals(edges == Edges.NONE ? 64.0 / RATE : 0, frontEnd.firstSeconds(), 1e-12);
    }

    private static double beyond(float[] signal, int s, Edges edges) {
        if (s >= 0 && s < signal.length) {
            return signal[s];
        }
        return switch (edges) {
            case REFLECT -> signal[s < 0 ? -s : 2 * (signal.length - 1) - s];
            case REPLICATE -> signal[s < 0 ? 0 : signal.length - 1];
            case ZERO, NONE -> 0;
        };
    }

    @Test
    void somethingShorterLiesWhereItShould() {
        float[] sound = {1, 2, 3};
        assertArrayEquals(new float[] {1, 2, 3, 0}, head(SignalSettings.Place.START, sound, 0));
        assertArrayEquals(new float[] {0, 1, 2, 3}, head(SignalSettings.Place.END, sound, SAMPLES - 4));
        assertArrayEquals(new float[] {0, 1, 2, 3}, head(SignalSettings.Place.CENTRE, sound, 497));
    }

    private static float[] head(SignalSettings.Place place, float[] sound, int from) {
        float[] signal = signal(place, SignalSettings.Normalisation.NONE).signal(sound, false);
        return Arrays.copyOfRange(signal, from, from + 4);
    }

    @Test
    void soundsAreDividedByTheirSize() {
        float[] sound = tone(SAMPLES);
        float[] loud = sound.clone();
        for (int n = 0; n < loud.length; n++) {
            loud[n] *= 4;
        }
        for (SignalSettings.Normalisation kind : SignalSettings.Normalisation.values()) {
            SignalSettings settings = signal(SignalSettings.Place.START, kind);
            float[] one = settings.signal(sound, false);
            boolean kept = kind == SignalSettings.Normalisation.NONE;
            assertEquals(kept, settings.acceptsSilence());
            assertEquals(kept, !Arrays.equals(one, settings.signal(loud, false)), kind.toString());
            assertArrayEquals(sound, settings.signal(sound, true));
            if (!kept) {
                assertThrows(IllegalArgumentException.class, () -> settings.signal(new float[SAMPLES], false));
            }
        }
        double squares = 0;
        for (float value : signal(SignalSettings.Place.START, SignalSettings.Normalisation.RMS)
                .signal(sound, false)) {
            squares += (double) value * value;
        }
        assertEquals(1, squares / SAMPLES, 1e-5);
    }

    @Test
    void silenceIsTheValueOfASilentSound() {
        BandSettings bands = new BandSettings(2, 12, MelScale.SLANEY, true, false, 0, 4000);
        SpectralFrontEnd frontEnd = frontEnd(
                signal(SignalSettings.Place.START, SignalSettings.Normalisation.NONE),
                framing(Edges.REFLECT),
                bands,
                levels(Levels.Log.LOG10, 1e-6, Levels.Standardisation.NONE));
        assertTrue(frontEnd.acceptsSilence());
        assertEquals(-6, frontEnd.silence(), 1e-6);
        assertEquals(-6, frontEnd.input(new float[10])[17], 1e-6);
        SpectralFrontEnd byPeak = frontEnd(
                signal(SignalSettings.Place.START, SignalSettings.Normalisation.PEAK),
                framing(Edges.REFLECT),
                bands,
                levels(Levels.Log.LOG10, 1e-6, Levels.Standardisation.NONE));
        assertFalse(byPeak.acceptsSilence());
        assertEquals(-6, byPeak.silence(), 1e-6);
        assertThrows(IllegalArgumentException.class, () -> byPeak.input(new float[10]));
    }

    @Test
    void inputsAreStandardisedByThemselves() {
        BandSettings bands = new BandSettings(2, 12, MelScale.HTK, false, true, 0, 4000);
        SignalSettings signal = signal(SignalSettings.Place.START, SignalSettings.Normalisation.NONE);
        for (Levels.Standardisation kind : Levels.Standardisation.values()) {
            SpectralFrontEnd frontEnd = frontEnd(signal, framing(Edges.ZERO), bands, levels(Levels.Log.LN, 1e-6, kind));
            float[] input = frontEnd.input(tone(SAMPLES));
            double least = Double.MAX_VALUE;
            double most = -Double.MAX_VALUE;
            double sum = 0;
            double row = 0;
            for (int i = 0; i < input.length; i++) {
                least = Math.min(least, input[i]);
                most = Math.max(most, input[i]);
                sum += input[i];
                row += i < frontEnd.columns() ? input[i] : 0;
            }
            assertEquals(kind == Levels.Standardisation.MINMAX, least == 0 && Math.abs(most - 1) < 1e-6);
            boolean zeroMean = kind == Levels.Standardisation.INPUT || kind == Levels.Standardisation.BINS;
            assertEquals(zeroMean, Math.abs(sum / input.length) < 1e-5, kind.toString());
            assertEquals(kind == Levels.Standardisation.BINS, Math.abs(row) < 1e-4, kind.toString());
        }
    }

    @Test
    void symmetricWindowsEndAsTheyBegin() {
        float[] blackman = Window.BLACKMAN.symmetric(5);
        assertArrayEquals(new float[] {0, 0.34f, 1, 0.34f, 0}, blackman, 1e-6f);
        assertArrayEquals(new float[] {1, 1, 1}, Window.RECTANGULAR.samples(3));
        assertEquals(Math.pow(0.5, 0.85), Window.POVEY.samples(4)[1], 1e-6);
        assertEquals(0.5f, Window.HANN.samples(4)[1], 1e-6f);
        assertEquals(0.75f, Window.HANN.symmetric(4)[1], 1e-6f);
    }

    @Test
    void slaneysScaleIsLinearThenLogarithmic() {
        assertEquals(7.5, MelScale.SLANEY.mel(500), 1e-9);
        assertEquals(15 + 27, MelScale.SLANEY.mel(6400), 1e-9);
        for (double hertz : new double[] {0, 123, 999, 1000, 1001, 7777}) {
            assertEquals(hertz, MelScale.SLANEY.hertz(MelScale.SLANEY.mel(hertz)), 1e-9);
        }
    }

    @Test
    void equalAreasAreOneHertz() {
        MelFilterBank bank = new MelFilterBank(4001, 0, 4000, 12, RATE, MelScale.SLANEY, true, false);
        for (int m = 0; m < 12; m++) {
            double area = 0;
            for (int b = 0; b < 4001; b++) {
                area += bank.weight(b, m);
            }
            assertEquals(1, area, 1e-3, "filter " + m); // bins are 1 Hz apart
        }
    }

    @Test
    void slopesMayBeStraightInMel() {
        MelFilterBank bank = new MelFilterBank(401, 100, 3900, 10, RATE, MelScale.HTK, false, true);
        double low = MelScale.HTK.mel(100);
        double step = (MelScale.HTK.mel(3900) - low) / 11;
        for (int b = 0; b < 401; b++) {
            double mel = MelScale.HTK.mel(b * 10);
            for (int m = 0; m < 10; m++) {
                double expected = Math.max(0, 1 - Math.abs(mel - low - (m + 1) * step) / step);
                assertEquals(expected, bank.weight(b, m), 1e-9);
            }
        }
    }
}

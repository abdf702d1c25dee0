package unweave.audio.spectral;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import unweave.audio.resample.ResamplingFilter;

class LogMelTest {
    private static final LogMel TOY = new LogMel(SpectrogramSettings.toy());

    @Test
    void presetsGiveTheSizesTheNetworksTake() {
        assertEquals(64 * 64, TOY.logMel(tone(440, 16000, 1)).length);
        LogMel gtzan = new LogMel(SpectrogramSettings.gtzan());
        assertEquals(128 * 128, gtzan.logMel(tone(440, 48000, 1)).length);
        assertEquals(67, TOY.analyse(tone(440, 16000, 1)).spectrogram().frames);
        assertEquals(134, gtzan.analyse(tone(440, 48000, 1)).spectrogram().frames);
        assertEquals(0.015, SpectrogramSettings.toy().secondsAt(1), 1e-12);
    }

    @Test
    void aToneIsBrightestInTheBandWhoseCentreIsNearest() {
        double[] centres = TOY.filterBank().centreHz();
        float[] image = TOY.logMel(tone(centres[30], 16000, 1));
        for (int t = 2; t < 62; t++) {
            int frame = t;
            int brightest =
                    IntStream.range(0, 64).reduce(0, (a, b) -> image[a * 64 + frame] >= image[b * 64 + frame] ? a : b);
            assertEquals(30, brightest, "frame " + t);
        }
    }

    @Test
    void valuesAreTheLogarithmOfFilteredMagnitudes() {
        FrontEnd.Analysis analysis = TOY.analyse(tone(1234, 16000, 0.3));
        ComplexSpectrogram spectrogram = analysis.spectrogram();
        for (int m = 0; m < 64; m++) {
            for (int t = 0; t < 64; t++) {
                double mel = 0;
                for (int b = 0; b < 201; b++) {
                    mel += TOY.filterBank().weight(b, m)
                            * Math.hypot(spectrogram.re[t * 201 + b], spectrogram.im[t * 201 + b]);
                }
                assertEquals(mel, analysis.mel()[m * 64 + t], 1e-4);
                assertEquals(Math.max(-4, Math.log10(mel + 1e-7)), analysis.input()[m * 64 + t], 1e-4);
            }
        }
    }

    @Test
    void loudnessDoesNotMatter() {
        float[] loud = tone(700, 16000, 0.5);
        float[] soft = loud.clone();
        for (int s = 0; s < soft.length; s++) {
            soft[s] /= 1024; // a power of two, so that nothing is rounded
        }
        assertArrayEquals(TOY.logMel(loud), TOY.logMel(soft));
        FrontEnd.Analysis analysis = TOY.analyse(soft);
        assertEquals(0.5 / 1024, analysis.peak(), 1e-6);
        assertEquals(
                1,
                IntStream.range(0, 16000)
                        .mapToDouble(s -> Math.abs(analysis.signal()[s]))
                        .max()
                        .orElseThrow());
        assertArrayEquals(analysis.input(), TOY.logMel(soft));
    }

    @Test
    void shortSignalsArePaddedAndLongOnesCut() {
        float[] signal = tone(700, 20000, 0.5);
        assertArrayEquals(TOY.logMel(Arrays.copyOf(signal, 16000)), TOY.logMel(signal));
        float[] half = Arrays.copyOf(signal, 8000);
        assertArrayEquals(TOY.logMel(Arrays.copyOf(half, 16000)), TOY.logMel(half));
        assertEquals(-4, TOY.logMel(half)[63]);
    }

    @Test
    void theDirectWayAndTheOneThroughTheSpectrogramGiveTheSameBytesOnAnyThread() {
        float[][] actual = IntStream.range(0, 40)
                .parallel()
                .mapToObj(i -> TOY.logMel(tone(200 + 37 * i, 16000, 0.5)))
                .toArray(float[][]::new);
        for (int i = 0; i < actual.length; i++) {
            FrontEnd.Analysis analysis = TOY.analyse(tone(200 + 37 * i, 16000, 0.5));
            assertArrayEquals(analysis.input(), actual[i]);
            assertArrayEquals(TOY.logMel(analysis.spectrogram()), actual[i]);
        }
    }

    @Test
    void framesThatASpectrogramLacksAreSilent() {
        float[] image = TOY.logMel(new ComplexSpectrogram(10, 201));
        assertEquals(64 * 64, image.length);
        for (float value : image) {
            assertEquals(-4, value);
        }
    }

    @Test
    void refusesSilenceAndWhatIsNoNumber() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> TOY.logMel(new float[16000]))
                .getMessage()
                .contains("silent"));
        assertThrows(IllegalArgumentException.class, () -> TOY.logMel(new float[0]));
        float[] late = new float[20000];
        late[18000] = 1;
        assertThrows(IllegalArgumentException.class, () -> TOY.logMel(late));
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            float[] broken = tone(700, 16000, 0.5);
            broken[17] = bad;
            assertTrue(assertThrows(IllegalArgumentException.class, () -> TOY.logMel(broken))
                    .getMessage()
                    .contains("sample 17"));
        }
    }

    @Test
    void settingsThatContradictThemselvesAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new SpectrogramSettings(
                        16000, 16000, 400, 240, Window.HANN, 64, 0, 8000, 68, 1e-7, -4, ResamplingFilter.STANDARD));
        assertThrows(
                IllegalArgumentException.class,
                () -> new SpectrogramSettings(
                        16000, 200, 400, 240, Window.HANN, 64, 0, 8000, 1, 1e-7, -4, ResamplingFilter.STANDARD));
        assertThrows(
                IllegalArgumentException.class,
                () -> new SpectrogramSettings(
                        16000, 16000, 400, 240, Window.HANN, 64, 0, 8000, 64, 0, -4, ResamplingFilter.STANDARD));
        assertThrows(
                IllegalArgumentException.class,
                () -> new LogMel(new SpectrogramSettings(
                        8000, 16000, 400, 240, Window.HANN, 64, 0, 8000, 64, 1e-7, -4, ResamplingFilter.STANDARD)));
    }

    @Test
    void theFrontEndShowsItsParts() {
        SpectrogramSettings settings = SpectrogramSettings.toy();
        LogMel frontEnd = new LogMel(settings);
        assertSame(settings, frontEnd.settings());
        assertEquals(201, frontEnd.stft().bins());
        assertEquals(64, frontEnd.filterBank().mels());
    }

    private static float[] tone(double hertz, int samples, double amplitude) {
        float[] signal = new float[samples];
        for (int s = 0; s < samples; s++) {
            signal[s] = (float) (amplitude * Math.sin(2 * Math.PI * hertz * s / 16000));
        }
        return signal;
    }
}

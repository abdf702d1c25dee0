package unweave.audio.sonify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import unweave.audio.spectral.FrontEnd;
import unweave.audio.spectral.GriffinLim;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.MelInverse;
import unweave.audio.spectral.SpectrogramSettings;

class SonificationTest {
    private static final LogMel FRONT_END = new LogMel(SpectrogramSettings.toy());
    private static final Sonification SONIFICATION = new Sonification(FRONT_END);
    private static final FrontEnd.Analysis TWO_TONES = FRONT_END.analyse(twoTones());

    @Test
    void relevanceOnOneOfTwoTonesLetsOnlyThatToneSound() {
        for (MelInverse.Method method : MelInverse.Method.values()) {
            Sonification sonification =
                    new Sonification(FRONT_END, new RelevanceMask(), new MelInverse(FRONT_END.filterBank()), method);
            float[] low = sonification.sound(TWO_TONES, relevanceAround(500));
            float[] high = sonification.sound(TWO_TONES, relevanceAround(3000));
            assertTrue(amplitude(low, 500) > 100 * amplitude(low, 3000), method + ", low tone");
            assertTrue(amplitude(high, 3000) > 100 * amplitude(high, 500), method + ", high tone");
        }
    }

    @Test
    void theTonesComeBackInPhase() {
        double[] sine = component(SONIFICATION.sound(TWO_TONES, relevanceAround(500)), 500);
        double[] cosine = component(SONIFICATION.sound(TWO_TONES, relevanceAround(3000)), 3000);
        assertEquals(Math.PI / 2, Math.atan2(sine[1], sine[0]), 0.01);
        assertEquals(0, Math.atan2(cosine[1], cosine[0]), 0.01);
    }

    @Test
    void lengthAndLoudnessAreThoseOfTheOriginal() {
        float[] sound = SONIFICATION.sound(TWO_TONES, relevanceAround(500));
        assertEquals(240 * 63, sound.length);
        assertEquals(rootMeanSquare(TWO_TONES.signal()), rootMeanSquare(sound), 1e-6);
    }

    @Test
    void severalThreadsMayShareOneInstance() {
        for (MelInverse.Method method : MelInverse.Method.values()) {
            Sonification sonification =
                    new Sonification(FRONT_END, new RelevanceMask(), new MelInverse(FRONT_END.filterBank()), method);
            float[][] actual = IntStream.range(0, 16)
                    .parallel()
                    .mapToObj(i -> sonification.sound(TWO_TONES, relevanceAround(300 + 200 * i)))
                    .toArray(float[][]::new);
            for (int i = 0; i < actual.length; i++) {
                assertArrayEquals(sonification.sound(TWO_TONES, relevanceAround(300 + 200 * i)), actual[i]);
            }
        }
    }

    @Test
    void peaksAreClampedToTheOriginals() {
        float[] noisy = twoTones();
        float[] relevance = new float[64 * 64];
        for (int m = 0; m < 64; m++) {
            relevance[m * 64 + 30] = 1; // a short moment only: loud, once its loudness is set to the whole original's
        }
        float[] sound = SONIFICATION.sound(FRONT_END.analyse(noisy), relevance);
        float peak = 0;
        for (float value : sound) {
            peak = Math.max(peak, Math.abs(value));
        }
        assertEquals(1, peak);
    }

    @Test
    void nothingRelevantIsSilence() {
        float[] negative = new float[64 * 64];
        Arrays.fill(negative, -1);
        assertArrayEquals(new float[240 * 63], SONIFICATION.sound(TWO_TONES, negative));
        assertArrayEquals(new float[240 * 63], SONIFICATION.sound(TWO_TONES, new float[64 * 64]));
        assertArrayEquals(
                new float[240 * 63],
                SONIFICATION.soundWithoutPhases(TWO_TONES.mel(), negative, new GriffinLim(FRONT_END.stft()), 1));
    }

    @Test
    void phasesCanBeGuessed() {
        float[] low = SONIFICATION.soundWithoutPhases(
                TWO_TONES.mel(), relevanceAround(500), new GriffinLim(FRONT_END.stft()), 1);
        assertEquals(240 * 63, low.length);
        assertTrue(amplitude(low, 500) > 100 * amplitude(low, 3000));
    }

    @Test
    void refusesMapsThatDoNotFit() {
        assertThrows(IllegalArgumentException.class, () -> SONIFICATION.sound(TWO_TONES, new float[64 * 63]));
        float[] broken = relevanceAround(500);
        broken[5] = Float.NaN;
        assertThrows(IllegalArgumentException.class, () -> SONIFICATION.sound(TWO_TONES, broken));
        assertThrows(
                IllegalArgumentException.class,
                () -> SONIFICATION.soundWithoutPhases(
                        new float[10], relevanceAround(500), new GriffinLim(FRONT_END.stft()), 1));
    }

    /**
     * Relevance in the three bands whose centres are nearest to a frequency: 3 of 64, less than the tenth that passes
     * the mask.
     */
    private static float[] relevanceAround(double hertz) {
        double[] centres = FRONT_END.filterBank().centreHz();
        int nearest = 0;
        for (int m = 0; m < centres.length; m++) {
            nearest = Math.abs(centres[m] - hertz) < Math.abs(centres[nearest] - hertz) ? m : nearest;
        }
        float[] relevance = new float[64 * 64];
        for (int m = nearest - 1; m <= nearest + 1; m++) {
            for (int t = 0; t < 64; t++) {
                relevance[m * 64 + t] = 1;
            }
        }
        return relevance;
    }

    private static float[] twoTones() {
        float[] signal = new float[16000];
        for (int s = 0; s < signal.length; s++) {
            signal[s] = (float)
                    (0.5 * Math.sin(2 * Math.PI * 500 * s / 16000) + 0.4 * Math.cos(2 * Math.PI * 3000 * s / 16000));
        }
        return signal;
    }

    private static double amplitude(float[] signal, double hertz) {
        double[] component = component(signal, hertz);
        return Math.hypot(component[0], component[1]);
    }

    /**
     * Amplitudes of the cosine and the sine of a frequency over the middle of the signal, a whole number of its
     * periods.
     */
    private static double[] component(float[] signal, double hertz) {
        double[] component = new double[2];
        for (int s = 2000; s < 12000; s++) {
            component[0] += signal[s] * Math.cos(2 * Math.PI * hertz * s / 16000) / 5000;
            component[1] += signal[s] * Math.sin(2 * Math.PI * hertz * s / 16000) / 5000;
        }
        return component;
    }

    private static double rootMeanSquare(float[] signal) {
        double sum = 0;
        for (float value : signal) {
            sum += value * value;
        }
        return Math.sqrt(sum / signal.length);
    }
}

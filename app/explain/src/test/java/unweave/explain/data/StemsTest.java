package unweave.explain.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.drsa.evaluation.Mixture;
import unweave.kernels.BadInputException;

class StemsTest {
    private static final LogMel FRONT_END = new LogMel(SpectrogramSettings.toy());
    private static final int INPUT = FRONT_END.settings().samples();

    private static float[] tone(double hertz, int samples, double gain) {
        float[] signal = new float[samples];
        for (int n = 0; n < samples; n++) {
            signal[n] = (float) (gain * Math.sin(2 * Math.PI * hertz * n / 16_000));
        }
        return signal;
    }

    private static float[] sum(double gain, float[]... parts) {
        float[] sum = new float[parts[0].length];
        for (float[] part : parts) {
            for (int n = 0; n < sum.length; n++) {
                sum[n] += (float) (gain * part[n]);
            }
        }
        return sum;
    }

    private static Stems stems(float[] low, float[] high) {
        return Stems.of("song", new TreeMap<>(Map.of("high", high, "low", low)));
    }

    private static Mixture only(Stems stems) {
        List<Stems.Excerpt> excerpts = stems.excerpts(INPUT, 5);
        assertEquals(1, excerpts.size());
        return stems.mixture(excerpts.get(0), FRONT_END);
    }

    private static void assertSame(Mixture expected, Mixture actual, double tolerance) {
        assertClose(expected.all(), actual.all(), tolerance);
        assertClose(expected.rest(), actual.rest(), tolerance);
        for (int o = 0; o < expected.parts(); o++) {
            assertClose(expected.without()[o], actual.without()[o], tolerance);
            assertClose(expected.alone()[o], actual.alone()[o], tolerance);
        }
    }

    private static void assertClose(float[] expected, float[] actual, double tolerance) {
        assertArrayEquals(expected, actual, (float) tolerance);
    }

    @Test
    void theWholeIsTheNetworksInputAndItsPartsHaveItsGain() {
        float[] low = tone(300, INPUT, .2);
        float[] high = tone(3000, INPUT, .1);
        Mixture mixture = only(stems(low, high));
        assertClose(FRONT_END.logMel(sum(1, low, high)), mixture.all(), 1e-4);
        float peak = 0;
        for (float value : sum(1, low, high)) {
            peak = Math.max(peak, Math.abs(value));
        }
        // "high" alone stays as quiet as it is in the whole; the front end by itself would bring it to a peak of 1
        float[] atGain = FRONT_END.logMel(FRONT_END.stft().forward(sum(1 / peak, high)));
        assertClose(atGain, mixture.alone()[0], 1e-4);
        assertClose(atGain, mixture.without()[1], 1e-4);
    }

    @Test
    void theGainOfTheFilesDoesNotMatter() {
        float[] low = tone(300, INPUT, .2);
        float[] high = tone(3000, INPUT, .1);
        Mixture loud = only(stems(low, high));
        assertSame(loud, only(stems(sum(.01, low), sum(.01, high))), 2e-3);
        // the mixture was normalised, the parts were not
        assertSame(loud, only(stems(low, high).within(sum(3, low, high), false)), 2e-3);
    }

    @Test
    void whatTheMixtureHasBeyondThePartsSoundsAlways() {
        float[] low = tone(300, INPUT, .2);
        float[] high = tone(3000, INPUT, .1);
        float[] hiss = tone(5000, INPUT, .01);
        Mixture given = only(stems(low, high).within(sum(1, low, high, hiss), false));
        Mixture named = only(Stems.of("song", new TreeMap<>(Map.of("high", high, "hiss", hiss, "low", low)))
                .withBackground(Set.of("hiss")));
        assertEquals(2, named.parts());
        assertSame(named, given, 2e-3);
    }

    @Test
    void partsThatDoNotAddUpAreRefusedUnlessTheyMay() {
        float[] low = tone(300, INPUT, .2);
        float[] high = tone(3000, INPUT, .1);
        float[] mixture = sum(1, low, high, tone(5000, INPUT, .2));
        BadInputException refused =
                assertThrows(BadInputException.class, () -> stems(low, high).within(mixture, false));
        assertTrue(
                refused.getMessage()
                        .contains("song: the parts do not add up to the mixture: the difference is -3.5 dB"),
                refused.getMessage());
        assertEquals(2, only(stems(low, high).within(mixture, true)).parts());
        assertThrows(BadInputException.class, () -> stems(low, high).within(new float[INPUT], true));
    }

    @Test
    void shorterPartsAreSilentAfterTheirEnd() {
        float[] low = tone(300, INPUT, .2);
        float[] high = tone(3000, INPUT / 2, .1);
        Mixture mixture = only(stems(low, high));
        assertSame(mixture, only(stems(low, Arrays.copyOf(high, INPUT))), 0);
        assertSame(mixture, only(stems(low, high).within(sum(1, low, Arrays.copyOf(high, INPUT)), false)), 2e-3);
    }

    @Test
    void aPartThatIsNotHeardCountsAsRest() {
        float[] low = tone(300, INPUT, .2);
        Stems silent = stems(low, new float[INPUT]);
        assertEquals(List.of(1), silent.excerpts(INPUT, 5).get(0).heard());
        assertEquals(1, only(silent).parts());
        Stems faint = stems(low, tone(3000, INPUT, .0002));
        assertEquals(List.of(1), faint.excerpts(INPUT, 5).get(0).heard());
        assertEquals(List.of(), stems(new float[INPUT], new float[INPUT]).excerpts(INPUT, 5));
    }

    @Test
    void excerptsAreSpreadAndPreferManyParts() {
        float[] low = tone(300, 20 * INPUT, .2);
        float[] high = new float[20 * INPUT];
        System.arraycopy(tone(3000, 4 * INPUT, .1), 0, high, 8 * INPUT, 4 * INPUT);
        Stems stems = stems(low, high);
        assertEquals(
                List.of(9 * INPUT, 11 * INPUT),
                stems.excerpts(INPUT, 2).stream().map(Stems.Excerpt::start).toList());
        assertTrue(stems.excerpts(INPUT, 4).stream().allMatch(one -> one.heard().size() == 2));
        List<Stems.Excerpt> many = stems.excerpts(INPUT, 10);
        assertEquals(10, many.size());
        assertTrue(many.get(0).start() < 4 * INPUT && many.get(9).start() > 15 * INPUT, many.toString());
        assertEquals(20, stems.excerpts(INPUT, 100).size());
        assertEquals(19 * INPUT, stems.excerpts(INPUT, 100).get(19).start());
    }

    @Test
    void anExcerptThatIsAsGoodAsSilentIsPassedOver() {
        float[] low = tone(300, 2 * INPUT, .2);
        for (int n = INPUT; n < low.length; n++) {
            low[n] *= 1e-4f;
        }
        List<Stems.Excerpt> excerpts = stems(low, low.clone()).excerpts(INPUT, 5);
        assertEquals(1, excerpts.size());
        assertEquals(0, excerpts.get(0).start());
    }
}

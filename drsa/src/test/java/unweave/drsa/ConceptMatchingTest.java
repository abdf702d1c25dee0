package unweave.drsa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ConceptMatchingTest {
    private static final float[] LOW = {1, 1, 0, 0, 0, 0};
    private static final float[] HIGH = {0, 0, 0, 0, 1, 1};
    private static final float[] NOTHING = new float[6];
    private static final float[] CONSTANT = {1, 1, 1, 1, 1, 1};
    private final ConceptMatching matching = new ConceptMatching(ConceptMatching.DEFAULT_DECIBELS);

    @Test
    void perfectMapsScoreOneWhateverTheirOrder() {
        ObjectRecovery result =
                matching.score(new float[][][] {{HIGH, LOW}, {HIGH, LOW}}, new float[][] {LOW, HIGH}, new float[][][] {
                    {LOW, HIGH}, {LOW, HIGH}
                });
        assertEquals(1, result.recovery().mean(), 0);
        assertEquals(1, result.ownAssignment().mean(), 0);
        assertEquals(1, result.objects().get(0).concept());
        assertEquals(0, result.objects().get(1).concept());
        assertEquals(0, result.shareElsewhere().mean(), 0);
        assertEquals(.5, result.objects().get(0).standardShare().mean(), 0);
        assertEquals(.5, result.objects().get(0).standardShare().standardError(), 1e-12);
    }

    @Test
    void constantMapsScoreTheBaseRate() {
        ObjectRecovery result = matching.score(
                new float[][][] {{CONSTANT, CONSTANT}}, new float[][] {CONSTANT}, new float[][][] {{LOW, HIGH}});
        assertEquals(1. / 3, result.recovery().mean(), 1e-12);
        assertEquals(1. / 3, result.objects().get(0).baseRate().mean(), 1e-12);
        assertEquals(1. / 3, result.shareElsewhere().mean(), 1e-12);
    }

    /** Concepts that swap their meaning from sample to sample: recovered in each, not in the class. */
    @Test
    void aConceptMustMeanTheSameInEverySample() {
        ObjectRecovery result =
                matching.score(new float[][][] {{LOW, HIGH}, {HIGH, LOW}}, new float[][] {LOW, LOW}, new float[][][] {
                    {LOW, HIGH}, {LOW, HIGH}
                });
        // The wrong map ranks all bins of the object last with two others: precision 2/6 at once.
        assertEquals((1 + 1. / 3) / 2, result.recovery().mean(), 1e-12);
        assertEquals(1, result.ownAssignment().mean(), 0);
    }

    @Test
    void absentObjectsDoNotCount() {
        ObjectRecovery result = matching.score(
                new float[][][] {{LOW, CONSTANT}, {CONSTANT, HIGH}},
                new float[][] {LOW, HIGH},
                new float[][][] {{LOW, NOTHING}, {NOTHING, HIGH}});
        assertEquals(1, result.recovery().mean(), 0);
        assertEquals(1, result.objects().get(0).recovery().count());
        assertEquals(1, result.objects().get(1).standardShare().mean(), 0);
    }

    @Test
    void anObjectWithoutConceptScoresZero() {
        ObjectRecovery result =
                matching.score(new float[][][] {{LOW}}, new float[][] {LOW}, new float[][][] {{LOW, HIGH}});
        assertEquals(-1, result.objects().get(1).concept());
        assertEquals(0, result.objects().get(1).recovery().mean(), 0);
        assertEquals(.5, result.recovery().mean(), 0);
    }

    @Test
    void binsWithinTheRangeBelongToTheObject() {
        float[] decaying = {1, .2f, .1001f, .0999f, .01f, 0};
        ObjectRecovery result =
                matching.score(new float[][][] {{decaying}}, new float[][] {decaying}, new float[][][] {{decaying}});
        assertEquals(.5, result.objects().get(0).baseRate().mean(), 0);
        assertEquals(
                (1 + .2 + .1001) / (1 + .2 + .1001 + .0999 + .01),
                result.objects().get(0).standardShare().mean(),
                1e-6);
    }

    @Test
    void refusesWhatDoesNotFitTogether() {
        float[][] standard = {LOW};
        assertRefused("number of samples", () -> matching.score(new float[0][][], new float[0][], new float[0][][]));
        assertRefused(
                "bins", () -> matching.score(new float[][][] {{new float[5]}}, standard, new float[][][] {{LOW}}));
        assertRefused(
                "object 2", () -> matching.score(new float[][][] {{LOW}}, standard, new float[][][] {{LOW, NOTHING}}));
        assertRefused("0 dB", () -> new ConceptMatching(0));
    }

    private static void assertRefused(String part, Runnable call) {
        String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(part) && !message.contains("\n"), message);
    }
}

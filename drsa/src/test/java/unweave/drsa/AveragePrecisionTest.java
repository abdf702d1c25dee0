package unweave.drsa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AveragePrecisionTest {
    @Test
    void aPerfectRankingScoresOne() {
        assertEquals(1, score(new float[] {5, .1f, 4, 3, 0}, true, false, true, true, false), 0);
    }

    @Test
    void aConstantMapScoresTheBaseRate() {
        assertEquals(0.4, score(new float[] {2, 2, 2, 2, 2}, false, true, false, false, true), 1e-15);
        assertEquals(0.4, score(new float[] {0, 0, 0, 0, 0}, false, true, false, false, true), 1e-15);
    }

    /** Ranked 1st and 3rd: (1/1 + 2/3) / 2. */
    @Test
    void aRankingByHand() {
        assertEquals((1 + 2. / 3) / 2, score(new float[] {.9f, .8f, .7f, .1f}, true, false, true, false), 1e-15);
    }

    /**
     * 9 alone is right (precision 1); the two 4s hold one of the object's bins: precision 2/3; the last bin is found at
     * 3/5.
     */
    @Test
    void equalValuesEnterTogether() {
        assertEquals(
                (1 + 2. / 3 + 3. / 5) / 3, score(new float[] {9, 4, 4, 0, 0}, true, true, false, true, false), 1e-15);
    }

    @Test
    void negativeRelevanceCountsAsNone() {
        assertEquals(
                score(new float[] {1, 0, 0, 0}, true, true, false, false),
                score(new float[] {1, -3, -0f, -1}, true, true, false, false),
                0);
    }

    @Test
    void orderInMemoryDoesNotMatter() {
        assertEquals(
                score(new float[] {1, 1, 2}, true, false, false), score(new float[] {1, 1, 2}, false, true, false), 0);
    }

    @Test
    void rankingIsLargestFirstAndThenByIndex() {
        assertArrayEquals(new int[] {3, 0, 4, 1, 2}, AveragePrecision.ranking(new float[] {.5f, -1, 0, 7, .5f}));
    }

    private static double score(float[] relevance, boolean... members) {
        return AveragePrecision.of(relevance, AveragePrecision.ranking(relevance), members);
    }
}

package unweave.drsa.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Structural similarity, correlation and percentiles. */
class MapSimilarityMeasuresTest {
    /** What the formula gives with SciPy's filters in float64, windows within the map only. */
    @Test
    void structuralSimilarityAgreesWithScipy() {
        int bins = 14 * 17;
        float[] a = new float[bins];
        float[] b = new float[bins];
        for (int i = 0; i < bins; i++) {
            a[i] = i * 37 % 101 / 100f;
            b[i] = 0.5f * a[i] + 0.5f * ((i * 53 + 7) % 97 / 96f);
        }
        assertEquals(0.6052515134445756, StructuralSimilarity.of(a, b, 14, 17, 1), 1e-6);
        assertEquals(StructuralSimilarity.of(a, b, 14, 17, 1), StructuralSimilarity.of(b, a, 14, 17, 1), 1e-12);
    }

    /** Without variation only the means count: (2 * .2 * .6 + C1) / (.04 + .36 + C1). */
    @Test
    void structuralSimilarityByHand() {
        float[] low = new float[144];
        float[] high = new float[144];
        Arrays.fill(low, .2f);
        Arrays.fill(high, .6f);
        assertEquals((.24 + 1e-4) / (.4 + 1e-4), StructuralSimilarity.of(low, high, 12, 12, 1), 1e-5);
    }

    @Test
    void equalMapsAreSimilarAndUnrelatedOnesAreNot() {
        float[] a = TestModels.uniform(64 * 64, 0, 1, 1);
        float[] b = TestModels.uniform(64 * 64, 0, 1, 2);
        assertEquals(1, StructuralSimilarity.of(a, a, 64, 64, 1), 1e-12);
        assertTrue(Math.abs(StructuralSimilarity.of(a, b, 64, 64, 1)) < 0.05);
        assertEquals(1, StructuralSimilarity.of(Arrays.copyOf(a, 40), Arrays.copyOf(a, 40), 5, 8, 1), 1e-12);
        assertThrows(IllegalArgumentException.class, () -> StructuralSimilarity.of(a, b, 64, 63, 1));
    }

    /** Deviations -1 0 1 and -2 1 1: 3 / sqrt(2 * 6). */
    @Test
    void pearsonByHand() {
        assertEquals(3 / Math.sqrt(12), Correlation.pearson(new float[] {1, 2, 3}, new float[] {0, 3, 3}), 1e-12);
        assertEquals(-1, Correlation.pearson(new float[] {1, 2, 3}, new float[] {6, 4, 2}), 1e-12);
    }

    /** Ranks 4 1.5 1.5 3 5 and 1 2 3.5 3.5 5; SciPy's spearmanr gives the same number. */
    @Test
    void spearmanByHand() {
        assertEquals(
                0.2894736842105264,
                Correlation.spearman(new float[] {3, 1, 1, 2, 5}, new float[] {1, 2, 3, 3, 9}),
                1e-12);
        assertEquals(1, Correlation.spearman(new float[] {-5, 0, 1, 100}, new float[] {1, 2, 3, 4}), 1e-12);
    }

    @Test
    void mapsWithoutVariation() {
        float[] flat = {.1f, .1f, .1f};
        assertEquals(1, Correlation.pearson(flat, new float[] {7, 7, 7}));
        assertEquals(0, Correlation.pearson(flat, new float[] {1, 2, 3}));
        assertEquals(0, Correlation.spearman(new float[] {1, 2, 3}, flat));
        assertThrows(IllegalArgumentException.class, () -> Correlation.pearson(flat, new float[2]));
    }

    @Test
    void mapsThatHoldNoNumberCorrelateWithNothing() {
        float[] broken = {1, Float.NaN, Float.NaN, 2};
        assertTrue(Double.isNaN(Correlation.pearson(broken, new float[] {1, 2, 3, 4})));
        assertTrue(Double.isNaN(Correlation.spearman(broken, new float[] {1, 2, 3, 4})));
    }

    @Test
    void percentilesInterpolate() {
        float[] values = {4, 1, 3, 2};
        assertEquals(1, Percentile.of(values, 0));
        assertEquals(4, Percentile.of(values, 100));
        assertEquals(3.7, Percentile.of(values, 90), 1e-6);
        assertEquals(2.5, Percentile.of(values, 50), 1e-12);
        assertEquals(9, Percentile.of(new float[] {9}, 90));
    }
}

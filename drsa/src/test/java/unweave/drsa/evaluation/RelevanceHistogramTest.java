package unweave.drsa.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RelevanceHistogramTest {
    /** Masks 0 0 .5 1 and 1 1 1 1; the map without positive relevance does not count. */
    @Test
    void byHand() {
        RelevanceHistogram.Builder builder = new RelevanceHistogram.Builder(4);
        builder.add(new float[] {-3, 0, 1, 2});
        builder.add(new float[] {7, 7, 7, 7});
        builder.add(new float[] {-1, -1, 0, 0});
        RelevanceHistogram histogram = builder.build();
        assertEquals(2, histogram.maps());
        assertArrayEquals(new double[] {.25, 0, .125, .625}, histogram.shares(), 1e-12);
        assertEquals((.85 + 1) / 2, histogram.percentile90().mean(), 1e-6);
        assertEquals((.375 + 1) / 2, histogram.mean().mean(), 1e-6);
        assertEquals(
                (.375 + Math.sqrt(1.25 / 4 - .375 * .375) + 1) / 2,
                histogram.meanPlusDeviation().mean(),
                1e-6);
    }

    /** Values spread evenly over [0, 1] fill every interval alike, and the 90th percentile is .9. */
    @Test
    void evenlySpreadValues() {
        float[] map = new float[10001];
        for (int i = 0; i < map.length; i++) {
            map[i] = i;
        }
        RelevanceHistogram.Builder builder = new RelevanceHistogram.Builder(5);
        builder.add(map);
        for (double share : builder.build().shares()) {
            assertEquals(.2, share, 1e-3);
        }
        assertEquals(.9, builder.build().percentile90().mean(), 1e-4);
    }
}

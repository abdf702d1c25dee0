package unweave.experiments.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import unweave.explain.data.InputSet;

class LogMelStatisticsTest {
    @Test
    void meanAndDeviationsAreThoseOfAllValues() {
        LogMelStatistics.Sums sums = new LogMelStatistics.Sums();
        sums.add(new float[] {-4, -2, 0, 2}, 2); // means -3 and 1
        LogMelStatistics result = sums.result();
        assertEquals(2, result.inputs());
        assertEquals(-1, result.mean());
        assertEquals(Math.sqrt(5), result.deviation(), 1e-12);
        assertEquals(2, result.deviationOfMeans(), 1e-12);
    }

    @Test
    void theSizeOfPortionsDoesNotMatter() {
        float[] batch = new float[60];
        for (int i = 0; i < batch.length; i++) {
            batch[i] = (float) Math.sin(i) - 0.4f;
        }
        LogMelStatistics.Sums whole = new LogMelStatistics.Sums();
        whole.add(batch, 6);
        LogMelStatistics.Sums portions = new LogMelStatistics.Sums();
        for (int first = 0; first < batch.length; first += 6) {
            float[] input = java.util.Arrays.copyOfRange(batch, first, first + 6);
            portions.add(new InputSet(2, 3, new float[][] {input}, new int[1], new int[1]));
        }
        assertEquals(whole.result(), portions.result());
    }
}

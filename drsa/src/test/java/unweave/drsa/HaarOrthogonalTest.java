package unweave.drsa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HaarOrthogonalTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 16, 128})
    void columnsAreOrthonormal(int n) {
        double[] q = HaarOrthogonal.sample(n, 5);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double dot = 0;
                for (int row = 0; row < n; row++) {
                    dot += q[row * n + i] * q[row * n + j];
                }
                assertEquals(i == j ? 1 : 0, dot, 1e-13);
            }
        }
    }

    @Test
    void seedDecidesTheMatrix() {
        assertArrayEquals(HaarOrthogonal.sample(9, 3), HaarOrthogonal.sample(9, 3));
        assertTrue(!Arrays.equals(HaarOrthogonal.sample(9, 3), HaarOrthogonal.sample(9, 4)));
    }

    /** Under the Haar measure of n x n matrices the trace has mean 0 and variance 1, and an entry has variance 1/n. */
    @Test
    void momentsAreThoseOfTheHaarMeasure() {
        int n = 3;
        int samples = 20_000;
        double trace = 0;
        double traceSquares = 0;
        double corner = 0;
        double cornerSquares = 0;
        for (int seed = 0; seed < samples; seed++) {
            double[] q = HaarOrthogonal.sample(n, 0x9E3779B97F4A7C15L * seed);
            double sum = q[0] + q[4] + q[8];
            trace += sum / samples;
            traceSquares += sum * sum / samples;
            corner += q[0] / samples;
            cornerSquares += q[0] * q[0] / samples;
        }
        assertEquals(0, trace, 0.03);
        assertEquals(1, traceSquares, 0.03);
        assertEquals(0, corner, 0.02);
        assertEquals(1. / n, cornerSquares, 0.01);
    }

    @Test
    void refusesNoDimensions() {
        assertThrows(IllegalArgumentException.class, () -> HaarOrthogonal.sample(0, 1));
    }
}

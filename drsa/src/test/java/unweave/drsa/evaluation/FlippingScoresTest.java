package unweave.drsa.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class FlippingScoresTest {
    private static final FlippingScores CURVES =
            new FlippingScores(new int[] {1, 3}, new float[][] {{8, 4, 0}, {8, 8, 2}});

    /** W = 1/4, 1. First curve: 1/4 * 4/2 + 1 * 4/2 = 2.5; second: 0 + 1 * 6/2 = 3. */
    @Test
    void aupcByHand() {
        assertArrayEquals(new double[] {2.5, 3}, CURVES.aupcs(), 1e-12);
        assertEquals(2.75, CURVES.aupc().mean(), 1e-12);
        assertEquals(0.25, CURVES.aupc().standardError(), 1e-12);
    }

    /** Trapezoids over 1/4 and 3/4: first 6/4 + 3/4 * 2 = 3; second 2 + 3/4 * 5 = 5.75. */
    @Test
    void areaByHand() {
        assertArrayEquals(new double[] {3, 5.75}, CURVES.areas(), 1e-12);
    }

    /** AUPC = (sum of n_t/N f_(t-1) - f_T) / 2, as the class says. */
    @Test
    void aupcSummedByParts() {
        for (int i = 0; i < 2; i++) {
            float[] f = CURVES.scores()[i];
            assertEquals((f[0] / 4. + f[1] * 3 / 4. - f[2]) / 2, CURVES.aupc(i), 1e-12);
        }
    }

    @Test
    void meansDifferencesAndParts() {
        assertArrayEquals(new double[] {8, 6, 1}, CURVES.meanCurve(), 1e-12);
        FlippingScores other = new FlippingScores(new int[] {1, 3}, new float[][] {{8, 0, 0}, {8, 4, 0}});
        assertArrayEquals(new double[] {2.5 - 1, 3 - 2.5}, FlippingScores.deltaAupc(CURVES, other), 1e-12);
        FlippingScores average = FlippingScores.average(List.of(CURVES, other));
        assertArrayEquals(new double[] {(2.5 + 1) / 2, (3 + 2.5) / 2}, average.aupcs(), 1e-6);
        assertEquals(4, FlippingScores.concatenated(List.of(CURVES, other)).count());
        assertEquals(4, CURVES.patches());
    }

    @Test
    void refusesWhatCannotBeCompared() {
        FlippingScores other = new FlippingScores(new int[] {4}, new float[][] {{8, 0}, {8, 4}});
        assertThrows(IllegalArgumentException.class, () -> FlippingScores.deltaAupc(CURVES, other));
        assertThrows(IllegalArgumentException.class, () -> FlippingScores.concatenated(List.of(CURVES, other)));
        assertThrows(
                IllegalArgumentException.class, () -> new FlippingScores(new int[] {4}, new float[][] {{8, 0, 1}}));
    }
}

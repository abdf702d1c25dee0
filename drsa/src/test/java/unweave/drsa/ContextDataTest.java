package unweave.drsa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ContextDataTest {
    /** D = 4, so D^(1/4) = sqrt(2); mean of squares of (3 0 0 0 0 4 0 0) is 25/8. */
    @Test
    void normalisesByHand() {
        ContextData data = new ContextData(
                PlantedData.provenance(), 4, new float[] {3, 0, 0, 0, 0, 4, 0, 0}, new float[] {1, 0, 0, 0, 0, 0, 0, 0
                });
        assertEquals(2, data.rows());
        assertEquals(3 / (Math.sqrt(2) * Math.sqrt(25. / 8)), data.activations()[0], 1e-6);
        assertEquals(4 / (Math.sqrt(2) * Math.sqrt(25. / 8)), data.activations()[5], 1e-6);
        assertEquals(1 / (Math.sqrt(2) * Math.sqrt(1. / 8)), data.contexts()[0], 1e-6);
    }

    @Test
    void meanSquareAfterNormalisationIsOneOverTheRootOfD() {
        ContextData data = random(300, 9);
        double squares = 0;
        for (float value : data.contexts()) {
            squares += value * value;
        }
        assertEquals(1. / 3, squares / data.contexts().length, 1e-6);
    }

    /** The totals, defined by the projections of every single row, in the units before normalisation. */
    @Test
    void relevanceTotalsAreThoseOfTheRows() {
        int d = 6;
        int subspaces = 3;
        float[] a = new float[50 * d];
        float[] c = new float[50 * d];
        fill(a, 1);
        fill(c, 2);
        double[] u = HaarOrthogonal.sample(d, 3);
        float[] basis = new float[u.length];
        for (int i = 0; i < u.length; i++) {
            basis[i] = (float) u[i];
        }
        double[] expected = new double[subspaces];
        double all = 0;
        for (int n = 0; n < 50; n++) {
            for (int i = 0; i < d; i++) {
                double h = 0;
                double g = 0;
                for (int j = 0; j < d; j++) {
                    h += a[n * d + j] * u[j * d + i];
                    g += c[n * d + j] * u[j * d + i];
                }
                expected[i / 2] += h * g;
                all += a[n * d + i] * c[n * d + i];
            }
        }
        double[] totals = new ContextData(PlantedData.provenance(), d, a, c).relevanceTotals(basis, subspaces);
        for (int k = 0; k < subspaces; k++) {
            assertEquals(expected[k], totals[k], 1e-4);
        }
        assertEquals(all, Arrays.stream(totals).sum(), 1e-4);
    }

    @Test
    void refusesDataWithoutAnything() {
        float[] some = {1, 2};
        assertRefused("conv3: every activation in the 500 inputs is 0", new float[2], some);
        assertRefused("conv3: every context value", some, new float[2]);
        assertRefused("NaN", new float[] {1, Float.NaN}, some);
        assertRefused("pairs", some, new float[4]);
        assertRefused("pairs", new float[0], new float[0]);
    }

    private static void assertRefused(String part, float[] a, float[] c) {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> new ContextData(PlantedData.provenance(), 2, a, c))
                .getMessage();
        assertTrue(message.contains(part) && !message.contains("\n"), message);
    }

    private static ContextData random(int rows, int dimensions) {
        float[] a = new float[rows * dimensions];
        float[] c = new float[rows * dimensions];
        fill(a, 1);
        fill(c, 2);
        return new ContextData(PlantedData.provenance(), dimensions, a, c);
    }

    private static void fill(float[] values, long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
    }
}

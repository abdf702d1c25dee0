package unweave.lrp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Compares arrays by the largest difference, relative to the largest value. */
final class Closeness {
    private Closeness() {}

    static void assertClose(double[] expected, float[] actual, double tolerance, String what) {
        assertEquals(expected.length, actual.length, what);
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            assertTrue(Float.isFinite(actual[i]), what + " holds " + actual[i]);
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
        }
        assertTrue(
                difference <= tolerance * largest,
                what + " differs by " + difference / largest + " of its largest value " + largest + ", more than "
                        + tolerance);
    }

    static void assertClose(float[] expected, float[] actual, double tolerance, String what) {
        double[] wide = new double[expected.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = expected[i];
        }
        assertClose(wide, actual, tolerance, what);
    }
}

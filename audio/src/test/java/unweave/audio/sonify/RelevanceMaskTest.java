package unweave.audio.sonify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class RelevanceMaskTest {
    /** exp(0), exp(-1/2), exp(-2), divided by their sum over -2 .. 2. */
    private static final double[] KERNEL = {0.402619947, 0.244201342, 0.054488685};

    @Test
    void anImpulseBecomesTheKernel() {
        float[] map = new float[9 * 11];
        map[4 * 11 + 5] = 2;
        float[] mask = new RelevanceMask().of(map, 9, 11);
        for (int r = 0; r < 9; r++) {
            for (int c = 0; c < 11; c++) {
                int down = Math.abs(r - 4);
                int right = Math.abs(c - 5);
                double expected = down > 2 || right > 2 ? 0 : 2 * KERNEL[down] * KERNEL[right];
                assertEquals(expected, mask[r * 11 + c], 1e-7);
            }
        }
    }

    @Test
    void bordersReflectWithoutRepeatingTheEdge() {
        float[] map = new float[64];
        map[8 + 1] = 1;
        float[] mask = new RelevanceMask().of(map, 8, 8);
        assertEquals(Math.pow(2 * KERNEL[1], 2), mask[0], 1e-7); // both neighbours of cell 0 are cell 1
        assertEquals(Math.pow(KERNEL[0] + KERNEL[2], 2), mask[8 + 1], 1e-7); // cell 1 sees itself beyond the edge
        assertEquals(KERNEL[1] * (KERNEL[0] + KERNEL[2]), mask[2 * 8 + 1], 1e-7);
    }

    @Test
    void onlyValuesAboveThePercentileStay() {
        RelevanceMask sharp = new RelevanceMask(90, 1, 1);
        // Eleven values: the 90th percentile is the tenth, and must itself be exceeded.
        assertArrayEquals(
                new float[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11},
                sharp.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 1, 11));
        // Ten values: 0.1 of the way from the ninth to the tenth.
        assertArrayEquals(
                new float[] {10, 0, 0, 0, 0, 0, 0, 0, 0, 0},
                sharp.of(new float[] {10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, 1, 10));
        // Half-way between 4 and 6.
        assertArrayEquals(new float[] {0, 0, 6, 8}, new RelevanceMask(50, 1, 1).of(new float[] {2, 4, 6, 8}, 2, 2));
    }

    @Test
    void negativeRelevanceCountsAsNone() {
        float[] map = {-5, -5, -5, 1, -5, -5, -5, -5, -5, -5, -5, -5};
        assertArrayEquals(new float[] {0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0}, new RelevanceMask(90, 1, 1).of(map, 3, 4));
        assertArrayEquals(new float[9], new RelevanceMask().of(new float[] {-1, -2, 0, -3, -1, -1, -1, -1, -1}, 3, 3));
    }

    @Test
    void refusesWhatIsNoMap() {
        assertThrows(IllegalArgumentException.class, () -> new RelevanceMask().of(new float[10], 3, 3));
        assertThrows(IllegalArgumentException.class, () -> new RelevanceMask().of(new float[6], 3, 2));
        assertThrows(IllegalArgumentException.class, () -> new RelevanceMask()
                .of(new float[] {1, 1, 1, 1, Float.NaN, 1, 1, 1, 1}, 3, 3));
        assertThrows(IllegalArgumentException.class, () -> new RelevanceMask(101, 5, 1));
        assertThrows(IllegalArgumentException.class, () -> new RelevanceMask(90, 4, 1));
        assertThrows(IllegalArgumentException.class, () -> new RelevanceMask(90, 5, 0));
    }
}

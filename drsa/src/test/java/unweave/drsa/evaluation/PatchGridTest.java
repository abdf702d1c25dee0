package unweave.drsa.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PatchGridTest {
    private static final float[] MAP = {
        1, 2, 0, -5, 4,
        0, -9, 3, 0, 1,
        7, 0, 0, 0, -1
    };

    /** 2 x 2 patches of a 3 x 5 map: the last row and column are cut. */
    @Test
    void relevanceIsTheSumOfThePositivePart() {
        PatchGrid grid = new PatchGrid(3, 5, 2);
        assertEquals(6, grid.count());
        assertArrayEquals(new double[] {3, 3, 5, 7, 0, 0}, grid.relevance(MAP));
        assertArrayEquals(new int[] {3, 2, 0, 1, 4, 5}, grid.ranking(MAP));
    }

    @Test
    void theScheduleIsQuadratic() {
        assertArrayEquals(new int[] {1, 4, 9, 2}, FlippingSchedule.quadratic(16));
        assertArrayEquals(new int[] {1, 4, 9, 16, 25, 9}, FlippingSchedule.quadratic(64));
        assertArrayEquals(new int[] {1}, FlippingSchedule.quadratic(1));
        assertArrayEquals(new int[] {1, 4}, FlippingSchedule.quadratic(5));
    }

    @Test
    void refusesMapsOfAnotherSize() {
        assertThrows(IllegalArgumentException.class, () -> new PatchGrid(3, 5, 2).relevance(new float[16]));
        assertThrows(IllegalArgumentException.class, () -> new PatchGrid(3, 5, 0));
    }
}

package unweave.drsa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SpatialPositionsTest {
    @Test
    void drawsWithoutRepetition() {
        int[] all = SpatialPositions.draw(4, 17, 64, 64);
        Arrays.sort(all);
        for (int i = 0; i < 64; i++) {
            assertEquals(i, all[i]);
        }
        assertEquals(
                16,
                Arrays.stream(SpatialPositions.draw(4, 17, 16, 64)).distinct().count());
    }

    @Test
    void seedAndInputDecide() {
        assertArrayEquals(SpatialPositions.draw(4, 17, 16, 64), SpatialPositions.draw(4, 17, 16, 64));
        assertFalse(Arrays.equals(SpatialPositions.draw(4, 17, 16, 64), SpatialPositions.draw(4, 18, 16, 64)));
        assertFalse(Arrays.equals(SpatialPositions.draw(4, 17, 16, 64), SpatialPositions.draw(5, 17, 16, 64)));
    }

    /** 8000 inputs, 4 of 20 positions each: every position is expected 1600 times, with a standard deviation of 36. */
    @Test
    void everyPositionIsEquallyLikely() {
        int[] counts = new int[20];
        for (int input = 0; input < 8000; input++) {
            for (int position : SpatialPositions.draw(1, input, 4, 20)) {
                counts[position]++;
            }
        }
        for (int count : counts) {
            assertEquals(1600, count, 180);
        }
    }
}

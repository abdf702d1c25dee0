package unweave.explain.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class InputSetTest {
    /** Inputs whose only value is their place. */
    private static InputSet ofSounds(int... origins) {
        float[][] inputs = new float[origins.length][];
        Arrays.setAll(inputs, i -> new float[] {i});
        return new InputSet(1, 1, inputs, new int[origins.length], origins);
    }

    @Test
    void threeAndFiveOfTenAreDistinctAndEven() {
        int[] origins = new int[20];
        Arrays.fill(origins, 10, 20, 7);
        InputSet two = ofSounds(origins);
        assertArrayEquals(new float[] {1, 5, 8, 11, 15, 18}, two.perSound(3).concatenated());
        assertArrayEquals(
                new float[] {1, 3, 5, 7, 9, 11, 13, 15, 17, 19}, two.perSound(5).concatenated());
        assertArrayEquals(new int[] {0, 0, 0, 7, 7, 7}, two.perSound(3).origins());
        assertArrayEquals(two.concatenated(), two.perSound(10).concatenated());
    }

    @Test
    void aSoundThatHasFewerGivesAll() {
        assertArrayEquals(
                new float[] {0, 1, 2, 3}, ofSounds(4, 5, 5, 9).perSound(5).concatenated());
        assertEquals(0, ofSounds().perSound(3).size());
    }

    @Test
    void theThesisNumbersComeOut() {
        int[] training = new int[80 * 10];
        int[] heldOut = new int[20 * 10];
        Arrays.setAll(training, i -> i / 10);
        Arrays.setAll(heldOut, i -> i / 10);
        assertEquals(240, ofSounds(training).perSound(3).size());
        assertEquals(100, ofSounds(heldOut).perSound(5).size());
    }
}

package unweave.drsa.evaluation;

import java.util.Arrays;

/**
 * How many patches of every map are flipped in each step (thesis 4.2.3): step t flips t^2, the last step the remainder.
 * 16 patches take 4 steps (1, 4, 9, 2), 64 patches take 6 (1, 4, 9, 16, 25, 9).
 */
final class FlippingSchedule {
    private FlippingSchedule() {}

    /** Patches flipped in each step, together {@code patches}. */
    static int[] quadratic(int patches) {
        int[] flips = new int[patches];
        int steps = 0;
        for (int left = patches; left > 0; left -= flips[steps - 1]) {
            steps++;
            flips[steps - 1] = Math.min(steps * steps, left);
        }
        return Arrays.copyOf(flips, steps);
    }
}

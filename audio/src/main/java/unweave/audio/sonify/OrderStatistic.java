package unweave.audio.sonify;

import java.util.Arrays;

/**
 * The value of a given rank among numbers that are not negative, without sorting them. The bits of such floats, read as
 * integers, are in the same order. A radix selection therefore finds the value from its leading bits down: it counts
 * the numbers by their next bits and continues with the group that contains the rank.
 */
final class OrderStatistic {
    private static final int DIGIT = 11;
    private static final int DIGITS = 3;

    private OrderStatistic() {}

    /**
     * @param values finite, not negative, no negative zero. Not modified.
     * @param rank 0 for the smallest
     */
    static float of(float[] values, int rank) {
        int[] count = new int[1 << DIGIT];
        int known = 0;
        int left = rank;
        for (int shift = (DIGITS - 1) * DIGIT; shift >= 0; shift -= DIGIT) {
            Arrays.fill(count, 0);
            for (float value : values) {
                int leading = Float.floatToRawIntBits(value) >>> shift;
                if (leading >>> DIGIT == known) {
                    count[leading & (1 << DIGIT) - 1]++;
                }
            }
            int digit = 0;
            while (left >= count[digit]) {
                left -= count[digit++];
            }
            known = known << DIGIT | digit;
        }
        return Float.intBitsToFloat(known);
    }
}

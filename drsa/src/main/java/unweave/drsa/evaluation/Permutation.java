package unweave.drsa.evaluation;

import java.util.Random;

/** Random orders. */
final class Permutation {
    private Permutation() {}

    /**
     * The numbers 0 ... count - 1 in an order that {@code seed} decides, the same on every machine (Fisher and Yates,
     * Durstenfeld's inside-out form).
     */
    static int[] random(int count, long seed) {
        // java.util.Random is specified to the bit.
        Random random = new Random(seed);
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}

package unweave.kernels.operations;

import java.util.SplittableRandom;
import unweave.kernels.Counter;

/** What an int operand holds before the operation. */
public interface IntContent {
    /** Makes {@code size} values; {@code before} holds the operands that were declared earlier. */
    int[] make(int size, SplittableRandom random, HostOperands before);

    /** A seed as operations take it. */
    static IntContent seed(long seed) {
        return (size, random, before) -> Counter.values(seed);
    }

    /** Evenly distributed values of [0, bound). */
    static IntContent below(int bound) {
        return (size, random, before) -> random.ints(size, 0, bound).toArray();
    }
}

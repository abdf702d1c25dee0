package unweave.engine.train;

import unweave.kernels.Counter;

/** The random decisions of one epoch, all derived from the training's seed and the number of the epoch. */
final class EpochOrder {
    private static final int ORDER = 0;
    private static final int AUGMENTATION = 1;
    private static final int DROPOUT = 2;

    private final long seed;

    EpochOrder(long trainingSeed, int epoch) {
        this.seed = Counter.derive(trainingSeed, epoch);
    }

    /** The numbers 0 to size - 1 in random order (Fisher and Yates). */
    int[] permutation(int size) {
        long stream = Counter.derive(seed, ORDER);
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int j = (int) ((Integer.toUnsignedLong(Counter.bits(stream, i)) * (i + 1)) >>> 32);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /** The seed of an input's augmentation. */
    long augmentationSeed(int index) {
        return Counter.derive(Counter.derive(seed, AUGMENTATION), index);
    }

    /** The seed of a batch's dropout. */
    long dropoutSeed(int batch) {
        return Counter.derive(Counter.derive(seed, DROPOUT), batch);
    }
}

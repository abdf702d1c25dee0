package unweave.drsa;

import unweave.engine.model.Model;

/**
 * How many inputs go through a network at once. The number depends on the model alone, so that results do not depend on
 * the machine.
 */
public final class BatchSize {
    /**
     * Bounds the values of one layer's relevance, over all maps of a batch: 16 MiB. Tapes and temporary buffers take
     * some tens of that.
     */
    private static final int LARGEST_LAYER = 1 << 22;

    private static final int MOST = 64;

    private BatchSize() {}

    /** The number of inputs for which {@code maps} relevance maps each stay within bounds; at least 1. */
    public static int of(Model model, int maps) {
        long largest = model.description().input().features();
        for (String layer : model.description().layerNames()) {
            largest = Math.max(largest, model.description().outputShape(layer).features());
        }
        return (int) Math.max(1, Math.min(MOST, LARGEST_LAYER / (largest * maps)));
    }
}

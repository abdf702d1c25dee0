package unweave.lrp;

import java.util.Arrays;
import java.util.List;

/**
 * What explains the decisions on n inputs.
 *
 * @param relevance of the input, n x H x W x C
 * @param shape n H W C
 * @param classes the attributed class of each input
 * @param start the relevance that each explanation started from at the logits
 * @param logits n x classes
 * @param layers how much relevance every layer received and passed on, per input; output first. Empty for methods
 *     without relevance of layers
 */
public record Attribution(
        float[] relevance,
        int[] shape,
        int[] classes,
        float[] start,
        float[] logits,
        List<RelevanceLedger.Entry> layers) {

    /** The map of one input, H x W x C; a copy. */
    public float[] map(int n) {
        int size = relevance.length / shape[0];
        return Arrays.copyOfRange(relevance, n * size, (n + 1) * size);
    }

    /** The sum of the map of one input. */
    public double sum(int n) {
        int size = relevance.length / shape[0];
        double sum = 0;
        for (int i = n * size; i < (n + 1) * size; i++) {
            sum += relevance[i];
        }
        return sum;
    }

    /** |sum of the map - start|: the relevance that biases, the stabiliser and dropped outputs have absorbed. */
    public double conservationError(int n) {
        return Math.abs(sum(n) - start[n]);
    }
}

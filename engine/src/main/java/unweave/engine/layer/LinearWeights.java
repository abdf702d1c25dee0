package unweave.engine.layer;

/**
 * How the weights of a layer y = x * w + b lie in memory.
 *
 * @param outputs the output channels
 * @param inner consecutive weights that belong to one output, or to one of each group: 1, or the input channels of a
 *     transposed convolution
 * @param groups each group of output channels reads its own group of input channels
 * @param padded whether some outputs also read zeros beyond the input
 */
public record LinearWeights(int outputs, int inner, int groups, boolean padded) {
    /** The output channel of weight {@code i}. */
    public int output(int i) {
        if (inner == 1) {
            return i % outputs;
        }
        int perGroup = outputs / groups;
        return i % inner / (inner / groups) * perGroup + i / inner % perGroup;
    }
}

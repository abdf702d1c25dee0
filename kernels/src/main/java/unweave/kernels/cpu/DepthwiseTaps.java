package unweave.kernels.cpu;

/**
 * Pixels that meet the same taps of a depth-wise convolution:
 *
 * <pre>
 * out[to + p * outStep + c] = max(low, min(high, bias[c] + sum over t &lt; taps: in[place[t] + p * inStep + c] * w[weight[t] + c]))
 * </pre>
 *
 * for first &lt;= c &lt; end, summed in the order of t. Fields are set by the caller; one object serves one thread.
 */
final class DepthwiseTaps {
    int first;
    int end;
    float[] in;
    float[] w;
    /** Zeros where there is no bias. */
    float[] bias;

    float low = Float.NEGATIVE_INFINITY;
    float high = Float.POSITIVE_INFINITY;

    /** How many entries of {@link #place} and {@link #weight} count. */
    int taps;

    final int[] place;
    final int[] weight;
    int inStep;
    int outStep;

    /** @param most how many taps there may be */
    DepthwiseTaps(int most) {
        place = new int[most];
        weight = new int[most];
    }

    void add(int tapPlace, int tapWeight) {
        place[taps] = tapPlace;
        weight[taps++] = tapWeight;
    }
}

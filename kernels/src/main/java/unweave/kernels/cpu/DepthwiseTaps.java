package unweave.kernels.cpu;

/**
 * Some taps of a depth-wise convolution over some pixels of one row:
 *
 * <pre>
 * out[to + p * outStep + c] = max(low, min(high, bias[c] + sum over t &lt; taps: in[place[t] + p * inStep + c] * w[weight[t] + c]))
 * </pre>
 *
 * for p &lt; pixels and c &lt; channels, summed in the order of t. Fields are set by the caller; one object serves one
 * thread.
 */
final class DepthwiseTaps {
    int channels;
    float[] in;
    float[] w;
    /** Zeros where there is no bias. */
    float[] bias;

    float low;
    float high;

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
}

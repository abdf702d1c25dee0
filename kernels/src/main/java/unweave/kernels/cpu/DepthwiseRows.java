package unweave.kernels.cpu;

/**
 * Three rows of an image under a kernel of three rows, and of three columns or, at the border of the image, two:
 *
 * <pre>
 * out[to + p * channels + c] = max(low, min(high, bias[c] + sum over r &lt; 3, k &lt; columns:
 *     in_r[at_r + (p * stride + k) * channels + c] * w[weight + r * weightRow + k * weightColumn + c]))
 * </pre>
 *
 * for first &lt;= c &lt; end. Neighbouring pixels share columns, and all pixels the weights. A row of padding is an
 * array of zeros. Fields are set by the caller; one object serves one thread.
 */
final class DepthwiseRows {
    int channels;
    int first;
    int end;
    int stride;
    int columns;
    float[] in0;
    float[] in1;
    float[] in2;
    int at0;
    int at1;
    int at2;
    float[] w;
    int weight;
    int weightRow;
    int weightColumn;
    /** Zeros where there is no bias. */
    float[] bias;

    float low;
    float high;

    /** Sets one of the three rows. */
    void row(int number, float[] in, int at) {
        switch (number) {
            case 0 -> {
                in0 = in;
                at0 = at;
            }
            case 1 -> {
                in1 = in;
                at1 = at;
            }
            default -> {
                in2 = in;
                at2 = at;
            }
        }
    }
}

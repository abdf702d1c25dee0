package unweave.kernels.cpu;

/** The loops of {@link DepthwiseConvolution}. This is the scalar twin, whose inner loops C2 may vectorise. */
class DepthwiseLoops {
    /** The SIMD loops if {@code vectors}, else their scalar twins. */
    static DepthwiseLoops choose(boolean vectors) {
        return vectors ? new VectorDepthwiseLoops() : new DepthwiseLoops();
    }

    /** Computes {@code pixels} pixels as {@link DepthwiseTaps} says; the first goes to [to]. */
    void pixels(DepthwiseTaps taps, int pixels, float[] out, int to) {
        int channels = taps.channels;
        for (int p = 0; p < pixels; p++) {
            int y = to + p * taps.outStep;
            System.arraycopy(taps.bias, 0, out, y, channels);
            for (int t = 0; t < taps.taps; t++) {
                addTap(channels, taps.in, taps.place[t] + p * taps.inStep, taps.w, taps.weight[t], out, y);
            }
            for (int c = y; c < y + channels; c++) {
                out[c] = Math.max(taps.low, Math.min(taps.high, out[c]));
            }
        }
    }

    private static void addTap(int channels, float[] x, int at, float[] w, int tap, float[] out, int to) {
        for (int c = 0; c < channels; c++) {
            out[to + c] += x[at + c] * w[tap + c];
        }
    }

    /** How many values {@link #addProducts} needs for the sums of so many channels. */
    int sumSize(int channels) {
        return channels;
    }

    /**
     * Adds to the sum of each channel c = first to end - 1 the products of some pixels: x[xAt + p * xStep + c] * dy[yAt
     * + p * yStep + c] for p &lt; pixels. Only {@link #addSums} knows how the sums lie in memory.
     *
     * @param channels of a pixel
     * @param sums {@link #sumSize} values from [at] on
     */
    void addProducts(
            int channels,
            int first,
            int end,
            float[] x,
            int xAt,
            int xStep,
            float[] dy,
            int yAt,
            int yStep,
            int pixels,
            float[] sums,
            int at) {
        for (int p = 0; p < pixels; p++) {
            int xPixel = xAt + p * xStep + first;
            int yPixel = yAt + p * yStep + first;
            for (int c = 0; c < end - first; c++) {
                sums[at + c] += x[xPixel + c] * dy[yPixel + c];
            }
        }
    }

    /** out[to + c] += the sum of channel c, for c = first to end - 1. */
    void addSums(int channels, int first, int end, float[] sums, int at, float[] out, int to) {
        for (int c = first; c < end; c++) {
            out[to + c] += sums[at + c - first];
        }
    }
}

package unweave.kernels.cpu;

/** The loops of {@link DepthwiseConvolution}. This is the scalar twin, whose inner loops C2 may vectorise. */
class DepthwiseLoops {
    /** The SIMD loops if {@code vectors}, else their scalar twins. */
    static DepthwiseLoops choose(boolean vectors) {
        return vectors ? new VectorDepthwiseLoops() : new DepthwiseLoops();
    }

    /** Computes {@code pixels} pixels as {@link DepthwiseTaps} says; channel 0 of the first would go to [to]. */
    void pixels(DepthwiseTaps taps, int pixels, float[] out, int to) {
        for (int p = 0; p < pixels; p++) {
            int y = to + p * taps.outStep;
            System.arraycopy(taps.bias, taps.first, out, y + taps.first, taps.end - taps.first);
            for (int t = 0; t < taps.taps; t++) {
                int x = taps.place[t] + p * taps.inStep;
                addTap(taps.first, taps.end, taps.in, x, taps.w, taps.weight[t], out, y);
            }
            for (int c = y + taps.first; c < y + taps.end; c++) {
                out[c] = Math.max(taps.low, Math.min(taps.high, out[c]));
            }
        }
    }

    private static void addTap(int first, int end, float[] x, int at, float[] w, int tap, float[] out, int to) {
        for (int c = first; c < end; c++) {
            out[to + c] += x[at + c] * w[tap + c];
        }
    }

    /** Whether {@link #rows} serves so many channels. */
    boolean hasRows(int channels) {
        return false;
    }

    /**
     * Computes {@code pixels} neighbouring pixels as {@link DepthwiseRows} says; channel 0 of the first would go to
     * [to].
     */
    void rows(DepthwiseRows rows, int pixels, float[] out, int to) {
        throw new UnsupportedOperationException("no rows");
    }
}

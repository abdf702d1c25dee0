package unweave.kernels.cpu;

/** Rows of a matrix become columns. A form with SIMD halved the time of this loop, and gained nothing in any job. */
final class Transposition {
    private Transposition() {}

    /** out[to + c * outStride + r] = x[from + r * stride + c], for r &lt; rows and c &lt; columns. */
    static void transpose(int rows, int columns, float[] x, int from, int stride, float[] out, int to, int outStride) {
        for (int c = 0; c < columns; c++) {
            for (int r = 0; r < rows; r++) {
                out[to + c * outStride + r] = x[from + r * stride + c];
            }
        }
    }
}

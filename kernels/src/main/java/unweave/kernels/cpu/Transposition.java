package unweave.kernels.cpu;

/** Rows of a matrix become columns: the scalar twin of {@link VectorTransposition}. */
class Transposition {
    /** The loops with SIMD if {@code vectors}, else their scalar twin. */
    static Transposition choose(boolean vectors) {
        return vectors ? new VectorTransposition() : new Transposition();
    }

    /** out[to + c * outStride + r] = x[from + r * stride + c], for r &lt; rows and c &lt; columns. */
    void transpose(int rows, int columns, float[] x, int from, int stride, float[] out, int to, int outStride) {
        for (int c = 0; c < columns; c++) {
            for (int r = 0; r < rows; r++) {
                out[to + c * outStride + r] = x[from + r * stride + c];
            }
        }
    }
}

package unweave.kernels.cpu;

import java.util.Arrays;

/**
 * The loops of {@link SymmetricEigen} and {@link PolarFactor}, in float64: the scalar twin of
 * {@link VectorDoubleLoops}. Matrices are row-major with {@link #stride} values from row to row, of which those beyond
 * the matrix are zero and stay so.
 */
class DoubleLoops {
    /** The loops with SIMD if {@code vectors}, else their scalar twin. */
    static DoubleLoops choose(boolean vectors) {
        return vectors ? new VectorDoubleLoops() : new DoubleLoops();
    }

    /** Columns that are computed together. */
    int width() {
        return 8;
    }

    /**
     * What lies between the beginnings of two rows of n columns: an odd number of widths, so that the same column of
     * many rows does not crowd into few sets of the cache.
     */
    final int stride(int n) {
        return (padded(n) / width() | 1) * width();
    }

    /** The columns of a matrix of n columns that are computed. */
    final int padded(int n) {
        return (n + width() - 1) / width() * width();
    }

    /** out = X^T Y, for X and Y of n rows. The rows of {@code out} from n to {@link #padded} - 1 are zero. */
    final void multiplyTransposed(int n, double[] x, double[] y, double[] out) {
        for (int column = 0; column < padded(n); column += width()) {
            multiplyTransposed(n, x, y, column, stride(n), out, column, stride(n));
        }
    }

    /**
     * {@link #width} columns of X^T Y.
     *
     * @param y row i of the columns lies at yAt + i * yStride
     * @param out row i of the result lies at outAt + i * outStride; there are {@link #padded} rows
     */
    void multiplyTransposed(
            int n, double[] x, double[] y, int yAt, int yStride, double[] out, int outAt, int outStride) {
        for (int i = 0; i < padded(n); i++) {
            Arrays.fill(out, outAt + i * outStride, outAt + i * outStride + width(), 0);
        }
        for (int p = 0; p < n; p++) {
            for (int i = 0; i < n; i++) {
                addMultiple(width(), x[p * stride(n) + i], y, yAt + p * yStride, out, outAt + i * outStride);
            }
        }
    }

    /**
     * sum[c] = sum over rows i from {@code first} to n - 1: factor[i] * x[i, c], for c from {@code first} to n - 1.
     * What else sum holds is not specified.
     *
     * @param sum 2 * {@link #stride} values
     */
    void sumRows(int first, int n, double[] factor, double[] x, double[] sum) {
        int stride = stride(n);
        Arrays.fill(sum, 0);
        for (int i = first; i < n; i++) {
            addMultiple(n, factor[i], x, i * stride, sum, 0);
        }
    }

    /**
     * x[i, c] += u[i] * v[c] + w[i] * z[c], for rows and columns from {@code first} on. v and z are zero before
     * {@code first}.
     */
    void addProducts(int first, int n, double[] u, double[] v, double[] w, double[] z, double[] x) {
        int stride = stride(n);
        for (int i = first; i < n; i++) {
            addMultiple(n, u[i], v, 0, x, i * stride);
            addMultiple(n, w[i], z, 0, x, i * stride);
        }
    }

    /**
     * X becomes (I - beta v v^T) X.
     *
     * @param v the vector is zero before {@code first}, its other values are v[at + first] to v[at + n - 1]
     * @param x n rows of {@link #width} columns
     * @param sums memory for 2 * {@link #width} values
     */
    void reflect(int first, int n, double beta, double[] v, int at, double[] x, double[] sums) {
        Arrays.fill(sums, 0);
        for (int i = first; i < n; i++) {
            addMultiple(width(), v[at + i], x, i * width(), sums, 0);
        }
        for (int i = first; i < n; i++) {
            addMultiple(width(), -beta * v[at + i], sums, 0, x, i * width());
        }
    }

    /**
     * Row i becomes c * row i - s * row i+1, and row i+1 s * row i + c * row i+1, with c = cosine[at + i] and s =
     * sine[at + i], for i from {@code last} - 1 down to {@code first}. Then the same with what begins at {@code next}.
     *
     * @param x rows of {@link #width} columns
     */
    void rotateRowsTwice(int first, int last, double[] cosine, double[] sine, int at, int next, double[] x) {
        rotateRows(first, last, cosine, sine, at, x);
        rotateRows(first, last, cosine, sine, next, x);
    }

    private void rotateRows(int first, int last, double[] cosine, double[] sine, int at, double[] x) {
        for (int i = last - 1; i >= first; i--) {
            for (int upper = i * width(); upper < (i + 1) * width(); upper++) {
                double above = x[upper];
                double below = x[upper + width()];
                x[upper] = cosine[at + i] * above - sine[at + i] * below;
                x[upper + width()] = sine[at + i] * above + cosine[at + i] * below;
            }
        }
    }

    private static void addMultiple(int length, double factor, double[] x, int at, double[] out, int to) {
        for (int c = 0; c < length; c++) {
            out[to + c] += factor * x[at + c];
        }
    }
}

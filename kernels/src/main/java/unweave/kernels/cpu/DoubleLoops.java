package unweave.kernels.cpu;

import java.util.Arrays;

/**
 * The dense loops of {@link SymmetricEigen} and {@link PolarFactor}, in float64:
 *
 * <pre>
 * multiplyTransposed   out = X^T Y
 * vectorTimesMatrix    out = f^T X                    for Householder's w = beta A v, A symmetric
 * addRankTwo           X  += u v^T + w z^T            A becomes H A H
 * reflect              X   = (I - beta v v^T) X       a Householder reflection of the eigenvectors
 * rotateRowsTwice      X   = G2 G1 X                  the Givens rotations of two QL steps
 * </pre>
 *
 * This is the scalar twin of {@link VectorDoubleLoops}. A matrix is stored row by row. A row has {@link #stride}
 * values, those beyond the n columns are zero and stay zero:
 *
 * <pre>
 * |&lt;---- n ----&gt;|          |
 * |&lt;----- padded ----&gt;|    |      a multiple of the width
 * |&lt;------- stride -------&gt;|      an odd multiple of the width
 * </pre>
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
     * Distance between the beginnings of two rows of n columns: an odd number of widths, so that the values of one
     * column do not share few sets of the cache.
     */
    final int stride(int n) {
        return (padded(n) / width() | 1) * width();
    }

    /** The columns that are computed of a matrix of n columns: n rounded up to the width. */
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
     * Other values of {@code sum} are not specified.
     *
     * @param sum 2 * {@link #stride} values
     */
    void vectorTimesMatrix(int first, int n, double[] factor, double[] x, double[] sum) {
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
    void addRankTwo(int first, int n, double[] u, double[] v, double[] w, double[] z, double[] x) {
        int stride = stride(n);
        for (int i = first; i < n; i++) {
            addMultiple(n, u[i], v, 0, x, i * stride);
            addMultiple(n, w[i], z, 0, x, i * stride);
        }
    }

    /**
     * X becomes (I - beta v v^T) X.
     *
     * @param v v[at + i] is value i of the vector, which is zero before {@code first}
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
     * Two passes of rotations over the rows, from below. Rotation i, for i from {@code last} - 1 down to {@code first},
     * turns rows i and i + 1:
     *
     * <pre>
     * row i       becomes   c * row i - s * row i+1      c = cosine[at + i]
     * row i + 1   becomes   s * row i + c * row i+1      s = sine[at + i]
     * </pre>
     *
     * The second pass has its cosines and sines from {@code next} on instead of {@code at}.
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

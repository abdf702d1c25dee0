package unweave.kernels.cpu;

import java.util.Arrays;

/**
 * The loops of {@link SymmetricEigen} and {@link PolarFactor}, in float64: the scalar twin of {@link VectorDoubleLoops}. Matrices are
 * row-major with {@link #stride} values from row to row, of which those beyond the matrix are zero and stay so.
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
   * What lies between the beginnings of two rows of n columns: an odd number of widths, so that the same column of many rows does not crowd
   * into few sets of the cache.
   */
  final int stride(int n) {
    return (padded(n) / width() | 1) * width();
  }

  /** The columns of a matrix of n columns that are computed. */
  final int padded(int n) {
    return (n + width() - 1) / width() * width();
  }

  /** out = X^T Y, for X and Y of n rows. The rows of {@code out} from n to {@link #padded} - 1 are zero. */
  void multiplyTransposed(int n, double[] x, double[] y, double[] out) {
    int stride = stride(n);
    Arrays.fill(out, 0, padded(n) * stride, 0);
    for (int p = 0; p < n; p++) {
      for (int i = 0; i < n; i++) {
        addMultiple(n, x[p * stride + i], y, p * stride, out, i * stride);
      }
    }
  }

  /**
   * sum[c] = sum over rows i from {@code first} to n - 1: factor[i] * x[i, c], for c from {@code first} to n - 1. What else sum holds is
   * not specified.
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

  /** x[i, c] += u[i] * v[c], for rows and columns from {@code first} on. v is zero before {@code first}. */
  void addProduct(int first, int n, double[] u, double[] v, double[] x) {
    int stride = stride(n);
    for (int i = first; i < n; i++) {
      addMultiple(n, u[i], v, 0, x, i * stride);
    }
  }

  /** x[i, c] += u[i] * v[c] + w[i] * z[c], for rows and columns from {@code first} on. v and z are zero before {@code first}. */
  void addProducts(int first, int n, double[] u, double[] v, double[] w, double[] z, double[] x) {
    int stride = stride(n);
    for (int i = first; i < n; i++) {
      addMultiple(n, u[i], v, 0, x, i * stride);
      addMultiple(n, w[i], z, 0, x, i * stride);
    }
  }

  /**
   * For i from {@code last} - 1 down to {@code first}: row i becomes cosine[i] * row i - sine[i] * row i+1, and row i+1 sine[i] * row i +
   * cosine[i] * row i+1.
   */
  void rotateRows(int first, int last, int n, double[] cosine, double[] sine, double[] x) {
    int stride = stride(n);
    for (int i = last - 1; i >= first; i--) {
      for (int at = i * stride; at < i * stride + n; at++) {
        double upper = x[at];
        double lower = x[at + stride];
        x[at] = cosine[i] * upper - sine[i] * lower;
        x[at + stride] = sine[i] * upper + cosine[i] * lower;
      }
    }
  }

  private static void addMultiple(int length, double factor, double[] x, int at, double[] out, int to) {
    for (int c = 0; c < length; c++) {
      out[to + c] += factor * x[at + c];
    }
  }
}

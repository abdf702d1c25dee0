package unweave.kernels.cpu;

import java.util.Arrays;

/**
 * The loops of {@link SymmetricEigen} and {@link PolarFactor}, in float64: the scalar twin of {@link VectorDoubleLoops}. Matrices are row-major
 * and have rows of {@link #padded} columns, of which those beyond the matrix are zero and stay so.
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

  /** The columns of a row in memory, for a matrix of n columns. */
  final int padded(int n) {
    return (n + width() - 1) / width() * width();
  }

  /** out = X^T Y, for X and Y of n rows. The rows of {@code out} beyond n are zero too. */
  void multiplyTransposed(int n, double[] x, double[] y, double[] out) {
    int padded = padded(n);
    Arrays.fill(out, 0, padded * padded, 0);
    for (int p = 0; p < n; p++) {
      for (int i = 0; i < n; i++) {
        addMultiple(padded, x[p * padded + i], y, p * padded, out, i * padded);
      }
    }
  }

  /**
   * sum[c] = sum over rows i from {@code first} to n - 1: factor[i] * x[i, c], for c from {@code first} on. What sum holds before {@code first}
   * is not specified.
   */
  void sumRows(int first, int n, double[] factor, double[] x, double[] sum) {
    int padded = padded(n);
    Arrays.fill(sum, 0);
    for (int i = first; i < n; i++) {
      addMultiple(padded, factor[i], x, i * padded, sum, 0);
    }
  }

  /** x[i, c] += u[i] * v[c], for rows and columns from {@code first} on. v is zero before {@code first}. */
  void addProduct(int first, int n, double[] u, double[] v, double[] x) {
    int padded = padded(n);
    for (int i = first; i < n; i++) {
      addMultiple(padded, u[i], v, 0, x, i * padded);
    }
  }

  /** x[i, c] += u[i] * v[c] + w[i] * z[c], for rows and columns from {@code first} on. v and z are zero before {@code first}. */
  void addProducts(int first, int n, double[] u, double[] v, double[] w, double[] z, double[] x) {
    int padded = padded(n);
    for (int i = first; i < n; i++) {
      addMultiple(padded, u[i], v, 0, x, i * padded);
      addMultiple(padded, w[i], z, 0, x, i * padded);
    }
  }

  /** For i from {@code last} - 1 down to {@code first}: row i becomes cosine[i] * row i - sine[i] * row i+1, row i+1 the sine[i] * row i + cosine[i] * row i+1. */
  void rotateRows(int first, int last, int n, double[] cosine, double[] sine, double[] x) {
    int padded = padded(n);
    for (int i = last - 1; i >= first; i--) {
      for (int at = i * padded; at < i * padded + padded; at++) {
        double upper = x[at];
        double lower = x[at + padded];
        x[at] = cosine[i] * upper - sine[i] * lower;
        x[at + padded] = sine[i] * upper + cosine[i] * lower;
      }
    }
  }

  private static void addMultiple(int length, double factor, double[] x, int at, double[] out, int to) {
    for (int c = 0; c < length; c++) {
      out[to + c] += factor * x[at + c];
    }
  }
}

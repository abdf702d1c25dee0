package unweave.kernels.cpu;

import unweave.kernels.Orthogonalization;

/**
 * {@link unweave.kernels.Subspaces#orthogonalize} of one matrix, in float64. Matrices are padded as {@link DoubleLoops} says. An instance
 * serves one size and keeps its memory.
 */
public final class PolarFactor {
  /** Eigenvalues are taken to be at least this part of the largest, so that a singular U does not become infinite. */
  private static final double SMALLEST = 1e-14;

  private final int n;
  private final int stride;
  private final DoubleLoops loops;
  private final SymmetricEigen eigen;
  private final double[] x;
  private final double[] transposed;
  private final double[] product;

  PolarFactor(int n, boolean vectors) {
    this.n = n;
    loops = DoubleLoops.choose(vectors);
    stride = loops.stride(n);
    eigen = new SymmetricEigen(n, loops);
    x = new double[loops.padded(n) * stride];
    transposed = new double[loops.padded(n) * stride];
    product = new double[loops.padded(n) * stride];
  }

  /** Replaces the n x n matrix that begins at {@code from}. */
  public static void replace(Orthogonalization method, int n, float[] u, int from) {
    new PolarFactor(n, VectorSupport.available()).replace(method, u, from);
  }

  int dimensions() {
    return n;
  }

  /** Replaces the matrix that begins at {@code from}. */
  void replace(Orthogonalization method, float[] u, int from) {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        x[i * stride + j] = u[from + i * n + j];
      }
    }
    switch (method) {
      case EIGEN -> replaceByEigenvalues();
      case NEWTON_SCHULZ -> replaceByNewtonSchulz();
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        u[from + i * n + j] = (float) x[i * stride + j];
      }
    }
  }

  /** X becomes X (X^T X)^(-1/2) with X^T X = V diag(values) V^T. */
  private void replaceByEigenvalues() {
    transpose();
    loops.multiplyTransposed(n, x, x, product);
    eigen.run(product);
    scaleVectors(eigen.values(), eigen.vectors());
    loops.multiplyTransposed(n, eigen.vectors(), eigen.vectors(), product);
    loops.multiplyTransposed(n, transposed, product, x);
  }

  /** The rows of V^T times values^(-1/4): their product with their own transpose is V diag(values^(-1/2)) V^T. */
  private void scaleVectors(double[] values, double[] vectors) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, value);
    }
    for (int i = 0; i < n; i++) {
      double factor = 1 / Math.sqrt(Math.sqrt(Math.max(values[i], SMALLEST * largest)));
      for (int j = 0; j < n; j++) {
        vectors[i * stride + j] *= factor;
      }
    }
  }

  /** X &lt;- X (3 I - X^T X) / 2 until X^T X is the identity, from X scaled so that no singular value is above 1. */
  private void replaceByNewtonSchulz() {
    loops.multiplyTransposed(n, x, x, product);
    double scale = 1 / Math.sqrt(largestRowSum());
    for (int i = 0; i < x.length; i++) {
      x[i] *= scale;
      product[i] *= scale * scale;
    }
    boolean converged = false;
    for (int iteration = 0; iteration < Orthogonalization.NEWTON_SCHULZ_ITERATIONS && !converged; iteration++) {
      converged = replaceByFactor();
      transpose();
      loops.multiplyTransposed(n, transposed, product, x);
      loops.multiplyTransposed(n, x, x, product);
    }
  }

  /** P &lt;- (3 I - P) / 2 with P = X^T X; says whether P was the identity, up to the tolerance. */
  private boolean replaceByFactor() {
    double difference = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double identity = i == j ? 1 : 0;
        double value = product[i * stride + j];
        difference = Math.max(difference, Math.abs(value - identity));
        product[i * stride + j] = 1.5 * identity - 0.5 * value;
      }
    }
    return difference <= Orthogonalization.NEWTON_SCHULZ_TOLERANCE;
  }

  /** The largest sum of the absolute values of a row of X^T X: not less than the largest eigenvalue. */
  private double largestRowSum() {
    double largest = 0;
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int j = 0; j < n; j++) {
        sum += Math.abs(product[i * stride + j]);
      }
      largest = Math.max(largest, sum);
    }
    return largest;
  }

  private void transpose() {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        transposed[j * stride + i] = x[i * stride + j];
      }
    }
  }
}

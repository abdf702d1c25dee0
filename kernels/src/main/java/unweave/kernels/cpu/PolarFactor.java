package unweave.kernels.cpu;

import unweave.kernels.Orthogonalization;

/** {@link unweave.kernels.Subspaces#orthogonalize} of one matrix, in float64. */
public final class PolarFactor {
  /** Eigenvalues are taken to be at least this part of the largest, so that a singular U does not become infinite. */
  private static final double SMALLEST = 1e-14;

  private PolarFactor() {}

  /** Replaces the n x n matrix that begins at {@code from}. */
  public static void replace(Orthogonalization method, int n, float[] u, int from) {
    double[][] rows = new double[n][n];
    for (int i = 0; i < n * n; i++) {
      rows[i / n][i % n] = u[from + i];
    }
    double[][] result = switch (method) {
      case EIGEN -> byEigenvalues(rows);
      case NEWTON_SCHULZ -> byNewtonSchulz(rows);
    };
    for (int i = 0; i < n * n; i++) {
      u[from + i] = (float) result[i / n][i % n];
    }
  }

  /** U (U^T U)^(-1/2) with U^T U = V diag(values) V^T. */
  private static double[][] byEigenvalues(double[][] u) {
    return multiply(u, inverseRoot(SymmetricEigen.decompose(productWithOwnTranspose(u))));
  }

  /** X &lt;- X (3 I - X^T X) / 2 until X^T X is the identity, from U scaled so that no singular value is above 1. */
  private static double[][] byNewtonSchulz(double[][] u) {
    double[][] product = productWithOwnTranspose(u);
    double scale = 1 / Math.sqrt(largestRowSum(product));
    double[][] x = new double[u.length][];
    for (int i = 0; i < u.length; i++) {
      x[i] = new double[u.length];
      SymmetricEigen.addMultiple(scale, u[i], x[i], 0);
      for (int j = 0; j < u.length; j++) {
        product[i][j] *= scale * scale;
      }
    }
    boolean converged = false;
    for (int iteration = 0; iteration < Orthogonalization.NEWTON_SCHULZ_ITERATIONS && !converged; iteration++) {
      converged = replaceByFactor(product);
      x = multiply(x, product);
      product = productWithOwnTranspose(x);
    }
    return x;
  }

  /** P &lt;- (3 I - P) / 2; says whether P was the identity, up to the tolerance. */
  private static boolean replaceByFactor(double[][] product) {
    double difference = 0;
    for (int i = 0; i < product.length; i++) {
      for (int j = 0; j < product.length; j++) {
        double identity = i == j ? 1 : 0;
        difference = Math.max(difference, Math.abs(product[i][j] - identity));
        product[i][j] = 1.5 * identity - 0.5 * product[i][j];
      }
    }
    return difference <= Orthogonalization.NEWTON_SCHULZ_TOLERANCE;
  }

  /** The largest sum of the absolute values of a row: not less than the largest eigenvalue. */
  private static double largestRowSum(double[][] matrix) {
    double largest = 0;
    for (double[] row : matrix) {
      double sum = 0;
      for (double value : row) {
        sum += Math.abs(value);
      }
      largest = Math.max(largest, sum);
    }
    return largest;
  }

  /** X^T X. */
  private static double[][] productWithOwnTranspose(double[][] x) {
    double[][] product = new double[x.length][x.length];
    for (double[] row : x) {
      for (int i = 0; i < x.length; i++) {
        SymmetricEigen.addMultiple(row[i], row, product[i], 0);
      }
    }
    return product;
  }

  /** V diag(values^(-1/2)) V^T: with the rows of V^T scaled by values^(-1/4), their product with their own transpose. */
  private static double[][] inverseRoot(SymmetricEigen.Decomposition eigen) {
    double[] values = eigen.values();
    double[][] scaled = eigen.vectors();
    for (int i = 0; i < values.length; i++) {
      double factor = Math.pow(Math.max(values[i], SMALLEST * values[values.length - 1]), -0.25);
      for (int j = 0; j < values.length; j++) {
        scaled[i][j] *= factor;
      }
    }
    return productWithOwnTranspose(scaled);
  }

  private static double[][] multiply(double[][] a, double[][] b) {
    double[][] product = new double[a.length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a.length; j++) {
        SymmetricEigen.addMultiple(a[i][j], b[j], product[i], 0);
      }
    }
    return product;
  }
}

package unweave.kernels.cpu;

/** {@link unweave.kernels.Subspaces#orthogonalize}, in float64: U (U^T U)^(-1/2) with U^T U = V diag(values) V^T. */
final class Orthogonalization {
  /** Eigenvalues are taken to be at least this part of the largest, so that a singular U does not become infinite. */
  private static final double SMALLEST = 1e-14;

  private Orthogonalization() {}

  /** Replaces the n x n matrix that begins at {@code from}. */
  static void orthogonalize(int n, float[] u, int from) {
    double[][] rows = new double[n][n];
    for (int i = 0; i < n * n; i++) {
      rows[i / n][i % n] = u[from + i];
    }
    SymmetricEigen.Decomposition eigen = SymmetricEigen.decompose(productWithOwnTranspose(rows));
    double[][] result = multiply(rows, inverseRoot(eigen));
    for (int i = 0; i < n * n; i++) {
      u[from + i] = (float) result[i / n][i % n];
    }
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

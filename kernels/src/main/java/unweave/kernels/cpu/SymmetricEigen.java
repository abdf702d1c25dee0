package unweave.kernels.cpu;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Eigenvalues and orthonormal eigenvectors of a symmetric matrix, A = sum over i: values[i] * vectors[i]^T vectors[i], in float64.
 *
 * <p>Householder reflections make A tridiagonal, A = Q T Q^T, and the implicit QL algorithm with Wilkinson's shift diagonalises T (Golub and
 * Van Loan, Matrix Computations, 8.3; Dubrulle, Martin and Wilkinson 1968). The columns of Q are kept as rows, so that every inner loop runs
 * along a Java array and C2 vectorises it.
 */
public final class SymmetricEigen {
  private static final int MOST_ITERATIONS = 80;
  private static final double EPSILON = Math.ulp(1.0);

  private final int n;
  private final double[] diagonal;
  private final double[] beside;
  private final double[][] rows;

  private SymmetricEigen(double[][] a) {
    n = a.length;
    diagonal = new double[n];
    beside = new double[n];
    rows = new double[n][n];
    tridiagonalize(a);
    for (int l = 0; l < n; l++) {
      iterate(l);
    }
  }

  /** The eigenvalues in increasing order, and for each its eigenvector, a row. */
  public record Decomposition(double[] values, double[][] vectors) {}

  /**
   * Decomposes a symmetric matrix.
   *
   * @param a the rows of the matrix, n x n; not modified
   * @throws ArithmeticException if the matrix holds a value that is not finite
   */
  public static Decomposition decompose(double[][] a) {
    double[][] copy = new double[a.length][];
    for (int i = 0; i < a.length; i++) {
      copy[i] = a[i].clone();
    }
    SymmetricEigen eigen = new SymmetricEigen(copy);
    int[] order = IntStream.range(0, eigen.n).boxed().sorted(Comparator.comparingDouble(i -> eigen.diagonal[i]))
        .mapToInt(Integer::intValue).toArray();
    double[] values = Arrays.stream(order).mapToDouble(i -> eigen.diagonal[i]).toArray();
    double[][] vectors = Arrays.stream(order).mapToObj(i -> eigen.rows[i]).toArray(double[][]::new);
    return new Decomposition(values, vectors);
  }

  /**
   * A = Q T Q^T: reflection k, I - beta v v^T, clears column k below the subdiagonal. Destroys {@code a}; writes T's diagonal and
   * subdiagonal, and the columns of Q into {@link #rows}.
   */
  private void tridiagonalize(double[][] a) {
    double[][] reflections = new double[n][];
    double[] betas = new double[n];
    for (int k = 0; k < n - 2; k++) {
      double[] v = new double[n];
      double squares = 0;
      for (int i = k + 1; i < n; i++) {
        v[i] = a[i][k];
        squares += v[i] * v[i];
      }
      double alpha = -Math.copySign(Math.sqrt(squares), v[k + 1]);
      beside[k] = alpha;
      if (squares > v[k + 1] * v[k + 1]) {
        v[k + 1] -= alpha;
        betas[k] = 1 / (alpha * (alpha - a[k + 1][k]));
        reflections[k] = v;
        reflectBothSides(a, k + 1, v, betas[k]);
      } else {
        beside[k] = v[k + 1];
      }
    }
    if (n > 1) {
      beside[n - 2] = a[n - 1][n - 2];
    }
    for (int i = 0; i < n; i++) {
      diagonal[i] = a[i][i];
      rows[i][i] = 1;
    }
    for (int k = n - 3; k >= 0; k--) {
      if (reflections[k] != null) {
        for (int i = k + 1; i < n; i++) {
          addMultiple(-betas[k] * dot(rows[i], reflections[k], k + 1), reflections[k], rows[i], k + 1);
        }
      }
    }
  }

  /** A becomes H A H in rows and columns from {@code first} on: A - v w^T - w v^T with w = p - beta/2 (p v) v and p = beta A v. */
  private void reflectBothSides(double[][] a, int first, double[] v, double beta) {
    double[] w = new double[n];
    for (int i = first; i < n; i++) {
      addMultiple(beta * v[i], a[i], w, first);
    }
    addMultiple(-beta / 2 * dot(w, v, first), v, w, first);
    for (int i = first; i < n; i++) {
      addMultiple(-v[i], w, a[i], first);
      addMultiple(-w[i], v, a[i], first);
    }
  }

  /** Turns T until the element beside diagonal[l] vanishes; the rotations are applied to the eigenvectors too. */
  private void iterate(int l) {
    for (int iteration = 0; ; iteration++) {
      int m = l;
      while (m < n - 1 && !(Math.abs(beside[m]) <= EPSILON * (Math.abs(diagonal[m]) + Math.abs(diagonal[m + 1])))) {
        m++;
      }
      if (m == l) {
        return;
      }
      if (iteration == MOST_ITERATIONS) {
        throw new ArithmeticException("the eigendecomposition of a " + n + " x " + n + " matrix did not converge;"
            + " does it hold values that are not finite?");
      }
      sweep(l, m);
    }
  }

  /** One implicit QL step on rows l to m of T. */
  private void sweep(int l, int m) {
    double g = (diagonal[l + 1] - diagonal[l]) / (2 * beside[l]);
    g = diagonal[m] - diagonal[l] + beside[l] / (g + Math.copySign(Math.sqrt(g * g + 1), g));
    double sine = 1;
    double cosine = 1;
    double correction = 0;
    for (int i = m - 1; i >= l; i--) {
      double f = sine * beside[i];
      double b = cosine * beside[i];
      double r = Math.sqrt(f * f + g * g);
      beside[i + 1] = r;
      if (r == 0) {
        diagonal[i + 1] -= correction;
        beside[m] = 0;
        return;
      }
      sine = f / r;
      cosine = g / r;
      g = diagonal[i + 1] - correction;
      r = (diagonal[i] - g) * sine + 2 * cosine * b;
      correction = sine * r;
      diagonal[i + 1] = g + correction;
      g = cosine * r - b;
      rotate(rows[i], rows[i + 1], cosine, sine);
    }
    diagonal[l] -= correction;
    beside[l] = g;
    beside[m] = 0;
  }

  private static void rotate(double[] x, double[] y, double cosine, double sine) {
    for (int i = 0; i < x.length; i++) {
      double xi = x[i];
      double yi = y[i];
      x[i] = cosine * xi - sine * yi;
      y[i] = sine * xi + cosine * yi;
    }
  }

  /** y[i] += factor * x[i] for i from {@code first} on. */
  static void addMultiple(double factor, double[] x, double[] y, int first) {
    for (int i = first; i < x.length; i++) {
      y[i] += factor * x[i];
    }
  }

  /** Four sums side by side: one alone would wait for each addition to end before the next. */
  private static double dot(double[] x, double[] y, int first) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = first;
    for (; i <= x.length - 4; i += 4) {
      sum0 += x[i] * y[i];
      sum1 += x[i + 1] * y[i + 1];
      sum2 += x[i + 2] * y[i + 2];
      sum3 += x[i + 3] * y[i + 3];
    }
    for (; i < x.length; i++) {
      sum0 += x[i] * y[i];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }
}

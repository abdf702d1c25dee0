package unweave.kernels.cpu;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Eigenvalues and orthonormal eigenvectors of a symmetric matrix, A = sum over i: values[i] * vectors[i]^T vectors[i], in float64.
 *
 * <p>Householder reflections make A tridiagonal, A = Q T Q^T, and the implicit QL algorithm with Wilkinson's shift diagonalises T (Golub
 * and Van Loan, Matrix Computations, 8.3; Dubrulle, Martin and Wilkinson 1968). Every loop over the values of a matrix runs along its rows,
 * where vectors fit: A, being symmetric, is its own transpose, and the columns of Q are made rows before they are turned with T. The
 * rotations of one QL step are found first and applied together.
 *
 * <p>An instance serves one size and keeps its memory.
 */
public final class SymmetricEigen {
  private static final int MOST_ITERATIONS = 80;
  private static final double EPSILON = Math.ulp(1.0);

  private final int n;
  private final int stride;
  private final DoubleLoops loops;
  private final double[] diagonal;
  private final double[] beside;
  private final double[] reflection;
  private final double[] product;
  private final double[] betas;
  private final double[] cosine;
  private final double[] sine;
  private final double[] q;
  private final double[] rows;

  SymmetricEigen(int n, DoubleLoops loops) {
    this.n = n;
    this.loops = loops;
    stride = loops.stride(n);
    diagonal = new double[n];
    beside = new double[n];
    reflection = new double[stride];
    product = new double[2 * stride];
    betas = new double[n];
    cosine = new double[n];
    sine = new double[n];
    q = new double[n * stride];
    rows = new double[n * stride];
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
    int n = a.length;
    SymmetricEigen eigen = new SymmetricEigen(n, DoubleLoops.choose(VectorSupport.available()));
    double[] padded = new double[n * eigen.stride];
    for (int i = 0; i < n; i++) {
      System.arraycopy(a[i], 0, padded, i * eigen.stride, n);
    }
    eigen.run(padded);
    int[] order = IntStream.range(0, n).boxed().sorted(Comparator.comparingDouble(i -> eigen.diagonal[i])).mapToInt(Integer::intValue)
        .toArray();
    double[] values = Arrays.stream(order).mapToDouble(i -> eigen.diagonal[i]).toArray();
    double[][] vectors = Arrays.stream(order).mapToObj(i -> Arrays.copyOfRange(eigen.rows, i * eigen.stride, i * eigen.stride + n))
        .toArray(double[][]::new);
    return new Decomposition(values, vectors);
  }

  /**
   * Decomposes the symmetric matrix {@code a}, whose rows are padded as {@link DoubleLoops} says. Destroys it.
   *
   * @throws ArithmeticException if the matrix holds a value that is not finite
   */
  void run(double[] a) {
    tridiagonalize(a);
    multiplyReflections(a);
    for (int l = 0; l < n; l++) {
      iterate(l);
    }
  }

  /** The eigenvalues, in no order; valid until the next {@link #run}. */
  double[] values() {
    return diagonal;
  }

  /** The eigenvectors as rows, in the order of the values and padded; valid until the next {@link #run}. */
  double[] vectors() {
    return rows;
  }

  /**
   * A = Q T Q^T: reflection k, I - beta v v^T, clears column k below the subdiagonal. Writes T's diagonal and subdiagonal, and in place of
   * row k of {@code a} right of the diagonal the vector v of reflection k.
   */
  private void tridiagonalize(double[] a) {
    for (int k = 0; k < n - 2; k++) {
      int row = k * stride;
      double squares = 0;
      for (int i = k + 1; i < n; i++) {
        squares += a[row + i] * a[row + i];
      }
      double first = a[row + k + 1];
      betas[k] = 0;
      beside[k] = first;
      if (squares > first * first) {
        double alpha = -Math.copySign(Math.sqrt(squares), first);
        beside[k] = alpha;
        betas[k] = 1 / (alpha * (alpha - first));
        a[row + k + 1] = first - alpha;
        loadReflection(a, k);
        reflectBothSides(a, k + 1, betas[k]);
      }
    }
    if (n > 1) {
      beside[n - 2] = a[(n - 2) * stride + n - 1];
    }
    for (int i = 0; i < n; i++) {
      diagonal[i] = a[i * stride + i];
    }
  }

  private void loadReflection(double[] a, int k) {
    Arrays.fill(reflection, 0, k + 1, 0);
    System.arraycopy(a, k * stride + k + 1, reflection, k + 1, n - k - 1);
  }

  /** A becomes H A H in rows and columns from {@code first} on: A - v w^T - w v^T with w = p - beta/2 (p v) v and p = beta A v. */
  private void reflectBothSides(double[] a, int first, double beta) {
    double[] v = reflection;
    double[] w = product;
    loops.sumRows(first, n, v, a, w);
    Arrays.fill(w, 0, first, 0);
    double dot = 0;
    for (int i = first; i < n; i++) {
      w[i] *= -beta; // at once, since A v v could overflow
      dot -= w[i] * v[i];
    }
    for (int i = first; i < n; i++) {
      w[i] += beta / 2 * dot * v[i];
    }
    loops.addProducts(first, n, v, w, w, v, a);
  }

  /**
   * The columns of Q, the product of all reflections, as {@link #rows}: Q is the identity, to which the reflections are applied from the
   * last on.
   */
  private void multiplyReflections(double[] a) {
    Arrays.fill(q, 0);
    for (int i = 0; i < n; i++) {
      q[i * stride + i] = 1;
    }
    for (int k = n - 3; k >= 0; k--) {
      if (betas[k] != 0) {
        loadReflection(a, k);
        loops.sumRows(k + 1, n, reflection, q, product);
        Arrays.fill(product, 0, k + 1, 0);
        for (int i = k + 1; i < n; i++) {
          product[i] *= -betas[k];
        }
        loops.addProduct(k + 1, n, reflection, product, q);
      }
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        rows[j * stride + i] = q[i * stride + j];
      }
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
      loops.rotateRows(sweep(l, m), m, n, cosine, sine, rows);
    }
  }

  /** One implicit QL step on rows l to m of T. Writes the rotations of rows m - 1 down to the row that is returned, l if all went well. */
  private int sweep(int l, int m) {
    double g = (diagonal[l + 1] - diagonal[l]) / (2 * beside[l]);
    g = diagonal[m] - diagonal[l] + beside[l] / (g + Math.copySign(Math.sqrt(g * g + 1), g));
    double s = 1;
    double c = 1;
    double correction = 0;
    for (int i = m - 1; i >= l; i--) {
      double f = s * beside[i];
      double b = c * beside[i];
      double r = Math.sqrt(f * f + g * g);
      beside[i + 1] = r;
      if (r == 0) {
        diagonal[i + 1] -= correction;
        beside[m] = 0;
        return i + 1;
      }
      s = f / r;
      c = g / r;
      g = diagonal[i + 1] - correction;
      r = (diagonal[i] - g) * s + 2 * c * b;
      correction = s * r;
      diagonal[i + 1] = g + correction;
      g = c * r - b;
      cosine[i] = c;
      sine[i] = s;
    }
    diagonal[l] -= correction;
    beside[l] = g;
    beside[m] = 0;
    return l;
  }
}

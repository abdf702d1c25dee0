package unweave.kernels.cpu;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Eigenvalues and orthonormal eigenvectors of a symmetric matrix, A = sum over i: values[i] * vectors[i]^T vectors[i],
 * in float64.
 *
 * <p>Householder reflections make A tridiagonal, A = Q T Q^T, and the implicit QL algorithm with Wilkinson's shift
 * diagonalises T (Golub and Van Loan, Matrix Computations, 8.3; Dubrulle, Martin and Wilkinson 1968). The eigenvectors
 * are what the reflections and rotations, found first, make of the identity. Every column of it is a matter of its own:
 * a panel of columns stays in the first-level cache, and panels can be shared among threads.
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
    private final double[] rows;
    private final double[][] panels;
    private final double[][] panelSums;

    /** The matrix whose row k holds the vector of reflection k right of the diagonal. */
    private double[] reflections;

    /**
     * The rotations of all QL steps in their order: that of rows i and i + 1 in step s is at s * n + i. Steps are
     * applied in pairs; pair p turns rows firsts[p] to lasts[p], where a step that does not reach so far has rotations
     * by nothing.
     */
    private double[] cosine;

    private double[] sine;
    private int[] firsts;
    private int[] lasts;
    private int steps;

    SymmetricEigen(int n, DoubleLoops loops) {
        this.n = n;
        this.loops = loops;
        stride = loops.stride(n);
        diagonal = new double[n];
        beside = new double[n];
        reflection = new double[stride];
        product = new double[2 * stride];
        betas = new double[n];
        rows = new double[n * stride];
        panels = new double[panels()][n * loops.width()];
        panelSums = new double[panels()][2 * loops.width()];
        cosine = new double[2 * n * n];
        sine = new double[2 * n * n];
        firsts = new int[n];
        lasts = new int[n];
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
        int[] order = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> eigen.diagonal[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] values =
                Arrays.stream(order).mapToDouble(i -> eigen.diagonal[i]).toArray();
        double[][] vectors = Arrays.stream(order)
                .mapToObj(i -> Arrays.copyOfRange(eigen.rows, i * eigen.stride, i * eigen.stride + n))
                .toArray(double[][]::new);
        return new Decomposition(values, vectors);
    }

    /**
     * Decomposes the symmetric matrix {@code a}, whose rows are padded as {@link DoubleLoops} says. Destroys it.
     *
     * @throws ArithmeticException if the matrix holds a value that is not finite
     */
    void run(double[] a) {
        findValues(a);
        for (int panel = 0; panel < panels(); panel++) {
            findVectors(panel);
        }
    }

    /** The first part of {@link #run}: {@link #values}. Leaves in {@code a} what {@link #findVectors} needs. */
    void findValues(double[] a) {
        tridiagonalize(a);
        reflections = a;
        steps = 0;
        for (int l = 0; l < n; l++) {
            iterate(l);
        }
        if (steps % 2 != 0) {
            reserveStep();
        }
    }

    /** How many parts {@link #findVectors} has. */
    int panels() {
        return loops.padded(n) / loops.width();
    }

    /** Some columns of {@link #vectors}; different threads may find different ones. */
    void findVectors(int panel) {
        int width = loops.width();
        double[] x = panels[panel];
        Arrays.fill(x, 0);
        for (int i = panel * width; i < Math.min(n, (panel + 1) * width); i++) {
            x[i * width + i % width] = 1;
        }
        for (int k = 0; k < n - 2; k++) {
            if (betas[k] != 0) {
                loops.reflect(k + 1, n, betas[k], reflections, k * stride, x, panelSums[panel]);
            }
        }
        for (int step = 0; step < steps; step += 2) {
            loops.rotateRowsTwice(firsts[step / 2], lasts[step / 2], cosine, sine, step * n, (step + 1) * n, x);
        }
        for (int i = 0; i < n; i++) {
            System.arraycopy(x, i * width, rows, i * stride + panel * width, width);
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
     * A = Q T Q^T: reflection k, I - beta v v^T, clears column k below the subdiagonal. Writes T's diagonal and
     * subdiagonal, and in place of row k of {@code a} right of the diagonal the vector v of reflection k.
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

    /**
     * A becomes H A H in rows and columns from {@code first} on: A - v w^T - w v^T with w = p - beta/2 (p v) v and p =
     * beta A v.
     */
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

    /** Turns T until the element beside diagonal[l] vanishes. */
    private void iterate(int l) {
        for (int iteration = 0; ; iteration++) {
            int m = l;
            while (m < n - 1
                    && !(Math.abs(beside[m]) <= EPSILON * (Math.abs(diagonal[m]) + Math.abs(diagonal[m + 1])))) {
                m++;
            }
            if (m == l) {
                return;
            }
            if (iteration == MOST_ITERATIONS) {
                throw new ArithmeticException("the eigendecomposition of a " + n + " x " + n
                        + " matrix did not converge;" + " does it hold values that are not finite?");
            }
            step(l, m);
        }
    }

    /** One implicit QL step on rows l to m of T, whose rotations are kept. */
    private void step(int l, int m) {
        int pair = steps / 2;
        boolean second = steps % 2 != 0;
        int first = sweep(l, m, reserveStep());
        firsts[pair] = second ? Math.min(firsts[pair], first) : first;
        lasts[pair] = second ? Math.max(lasts[pair], m) : m;
    }

    /** Counts one more step, of rotations by nothing; returns where they begin. */
    private int reserveStep() {
        int begin = steps * n;
        if (begin == cosine.length) {
            cosine = Arrays.copyOf(cosine, 2 * begin);
            sine = Arrays.copyOf(sine, 2 * begin);
            firsts = Arrays.copyOf(firsts, steps);
            lasts = Arrays.copyOf(lasts, steps);
        }
        Arrays.fill(cosine, begin, begin + n, 1);
        Arrays.fill(sine, begin, begin + n, 0);
        steps++;
        return begin;
    }

    /** Writes the rotations of rows m - 1 down to the row that is returned, l if all went well. */
    private int sweep(int l, int m, int at) {
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
            cosine[at + i] = c;
            sine[at + i] = s;
        }
        diagonal[l] -= correction;
        beside[l] = g;
        beside[m] = 0;
        return l;
    }
}

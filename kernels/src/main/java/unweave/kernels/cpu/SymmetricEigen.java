package unweave.kernels.cpu;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Eigenvalues and orthonormal eigenvectors of a symmetric matrix in float64:
 *
 * <pre>
 * A = sum over i: values[i] * vectors[i]^T vectors[i]
 *
 * 1. Householder tridiagonalisation   T = H(n-3) ... H(0) A H(0) ... H(n-3),   H(k) = I - beta v v^T
 * 2. implicit QL                      diag(values) = G(last) ... G(0) T G(0)^T ... G(last)^T,   G rotations of two rows
 * 3. eigenvectors                     vectors = G(last) ... G(0) H(n-3) ... H(0) I,   one in each row
 * </pre>
 *
 * QL uses Wilkinson's shift (Golub and Van Loan, Matrix Computations, 8.3; Dubrulle, Martin and Wilkinson 1968). The
 * first two parts only note the reflections and rotations. The third part applies them to the identity, to a panel of
 * its columns at a time: columns do not depend on each other, so a panel stays in the first-level cache, and threads
 * can share the panels.
 *
 * <p>An instance serves one size and keeps its memory.
 */
public final class SymmetricEigen {
    private static final int MOST_ITERATIONS = 80;
    private static final double EPSILON = Math.ulp(1.0);

    private final int n;
    private final int stride;
    private final DoubleLoops loops;
    /** T: its diagonal, and subdiagonal[i] at row i + 1, column i. The diagonal becomes the eigenvalues. */
    private final double[] diagonal;

    private final double[] subdiagonal;

    /** The vectors v and w of one reflection of both sides. */
    private final double[] v;

    private final double[] w;

    /** beta of each reflection; 0 where there is nothing to reflect. */
    private final double[] betas;

    /** The eigenvectors. */
    private final double[] rows;

    /** For each panel, its columns during part 3, and memory for their sums. */
    private final double[][] panels;

    private final double[][] panelSums;

    /** Row k holds the vector v of reflection k right of the diagonal, where A was. */
    private double[] reflections;

    /**
     * The rotations of all QL steps in their order: that of rows i and i + 1 in step s is at s * n + i. Steps are
     * applied in pairs. Pair p turns rows firsts[p] to lasts[p]; where one of its steps turns fewer rows, its other
     * rotations are the identity, cosine 1 and sine 0.
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
        subdiagonal = new double[n];
        v = new double[stride];
        w = new double[2 * stride];
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

    /** Parts 1 and 2: {@link #values}. Leaves the reflections in {@code a}, for {@link #findVectors}. */
    void findValues(double[] a) {
        tridiagonalize(a);
        reflections = a;
        steps = 0;
        for (int l = 0; l < n; l++) {
            findValue(l);
        }
        if (steps % 2 != 0) {
            reserveStep(); // steps are applied in pairs
        }
    }

    /** How many panels {@link #findVectors} has. */
    int panels() {
        return loops.padded(n) / loops.width();
    }

    /** Part 3: a panel of columns of {@link #vectors}. Threads may share the panels. */
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
     * Part 1. Reflection k, H = I - beta v v^T, clears column k of A below the subdiagonal. With x = A[k+1.., k]:
     *
     * <pre>
     * alpha = -sign(x[0]) |x|,   v = x - alpha e0,   beta = 1 / (alpha (alpha - x[0])),   H x = alpha e0
     * </pre>
     *
     * Writes T's diagonal and subdiagonal, and v in place of row k of {@code a} right of the diagonal.
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
            subdiagonal[k] = first;
            if (squares > first * first) {
                double alpha = -Math.copySign(Math.sqrt(squares), first);
                subdiagonal[k] = alpha;
                betas[k] = 1 / (alpha * (alpha - first));
                a[row + k + 1] = first - alpha;
                loadReflection(a, k);
                reflectBothSides(a, k + 1, betas[k]);
            }
        }
        if (n > 1) {
            subdiagonal[n - 2] = a[(n - 2) * stride + n - 1];
        }
        for (int i = 0; i < n; i++) {
            diagonal[i] = a[i * stride + i];
        }
    }

    private void loadReflection(double[] a, int k) {
        Arrays.fill(v, 0, k + 1, 0);
        System.arraycopy(a, k * stride + k + 1, v, k + 1, n - k - 1);
    }

    /**
     * A becomes H A H in rows and columns from {@code first} on:
     *
     * <pre>H A H = A - v w^T - w v^T,   w = p - beta/2 (p v) v,   p = beta A v.</pre>
     *
     * The code computes -w, which is added.
     */
    private void reflectBothSides(double[] a, int first, double beta) {
        loops.vectorTimesMatrix(first, n, v, a, w);
        Arrays.fill(w, 0, first, 0);
        double dot = 0;
        for (int i = first; i < n; i++) {
            w[i] *= -beta; // at once, since A v v could overflow
            dot -= w[i] * v[i];
        }
        for (int i = first; i < n; i++) {
            w[i] += beta / 2 * dot * v[i];
        }
        loops.addRankTwo(first, n, v, w, w, v, a);
    }

    /** Part 2 for one value: QL steps until subdiagonal[l] vanishes, and with it the coupling of diagonal[l]. */
    private void findValue(int l) {
        for (int iteration = 0; ; iteration++) {
            int m = l;
            while (m < n - 1
                    && !(Math.abs(subdiagonal[m]) <= EPSILON * (Math.abs(diagonal[m]) + Math.abs(diagonal[m + 1])))) {
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

    /** One implicit QL step on rows l to m of T, which are not coupled to row m + 1. Keeps its rotations. */
    private void step(int l, int m) {
        int pair = steps / 2;
        boolean second = steps % 2 != 0;
        int first = sweep(l, m, reserveStep());
        firsts[pair] = second ? Math.min(firsts[pair], first) : first;
        lasts[pair] = second ? Math.max(lasts[pair], m) : m;
    }

    /** Adds a step whose rotations are the identity. Returns where they begin. */
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

    /**
     * The rotations of one QL step. Wilkinson's shift is the eigenvalue of T's upper left 2 x 2 block (at l) that lies
     * nearer to diagonal[l]. The first rotation turns rows m - 1 and m as a QL step on T - shift I would; each further
     * one, upwards, removes the element that the one before put outside the three diagonals.
     *
     * @return the last row that was turned: l, or one below it where the coupling broke off on the way
     */
    private int sweep(int l, int m, int at) {
        double g = (diagonal[l + 1] - diagonal[l]) / (2 * subdiagonal[l]);
        g = diagonal[m] - diagonal[l] + subdiagonal[l] / (g + Math.copySign(Math.sqrt(g * g + 1), g));
        double s = 1;
        double c = 1;
        double correction = 0;
        for (int i = m - 1; i >= l; i--) {
            double f = s * subdiagonal[i];
            double b = c * subdiagonal[i];
            double r = Math.sqrt(f * f + g * g);
            subdiagonal[i + 1] = r;
            if (r == 0) {
                diagonal[i + 1] -= correction;
                subdiagonal[m] = 0;
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
        subdiagonal[l] = g;
        subdiagonal[m] = 0;
        return l;
    }
}

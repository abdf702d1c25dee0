package unweave.kernels.reference;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, Matrix
 * Computations, 8.5): each rotation in the plane (p, q) makes one off-diagonal element zero, and sweeping over all of
 * them converges quadratically.
 */
public final class JacobiEigen {
    private static final int MOST_SWEEPS = 60;

    private JacobiEigen() {}

    /**
     * Decomposes A = V diag(values) V^T.
     *
     * @param n rows and columns of A
     * @param a n x n, symmetric; not modified
     * @param vectors n x n, overwritten; column i is the eigenvector of value i
     * @return the n eigenvalues, in no particular order
     */
    public static double[] decompose(int n, double[] a, double[] vectors) {
        double[] s = a.clone();
        for (int i = 0; i < n * n; i++) {
            vectors[i] = i / n == i % n ? 1 : 0;
        }
        for (int sweep = 0; sweep < MOST_SWEEPS && offDiagonal(n, s) > 0; sweep++) {
            for (int p = 0; p < n - 1; p++) {
                for (int q = p + 1; q < n; q++) {
                    rotate(n, p, q, s, vectors);
                }
            }
        }
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = s[i * n + i];
        }
        return values;
    }

    /** S becomes J^T S J and V becomes V J, where J turns the plane (p, q) so that S[p,q] vanishes. */
    private static void rotate(int n, int p, int q, double[] s, double[] vectors) {
        double apq = s[p * n + q];
        if (Math.abs(apq) <= 1e-300 || Math.abs(apq) < 1e-18 * Math.sqrt(Math.abs(s[p * n + p] * s[q * n + q]))) {
            s[p * n + q] = 0;
            s[q * n + p] = 0;
            return;
        }
        double theta = (s[q * n + q] - s[p * n + p]) / (2 * apq);
        double tan = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
        double cos = 1 / Math.hypot(tan, 1);
        double sin = tan * cos;
        for (int i = 0; i < n; i++) {
            turn(s, i * n + p, i * n + q, cos, sin);
            turn(vectors, i * n + p, i * n + q, cos, sin);
        }
        for (int i = 0; i < n; i++) {
            turn(s, p * n + i, q * n + i, cos, sin);
        }
        s[p * n + q] = 0;
        s[q * n + p] = 0;
    }

    private static void turn(double[] x, int p, int q, double cos, double sin) {
        double xp = x[p];
        double xq = x[q];
        x[p] = cos * xp - sin * xq;
        x[q] = sin * xp + cos * xq;
    }

    private static double offDiagonal(int n, double[] s) {
        double sum = 0;
        for (int i = 0; i < n * n; i++) {
            sum += i / n == i % n ? 0 : Math.abs(s[i]);
        }
        return sum;
    }
}

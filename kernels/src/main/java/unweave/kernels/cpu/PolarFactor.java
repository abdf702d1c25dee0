package unweave.kernels.cpu;

/**
 * {@link unweave.kernels.Orthogonalization#EIGEN} of one matrix in float64: the orthogonal polar factor, which is the
 * orthogonal matrix nearest to X,
 *
 * <pre>
 * X^T X = V diag(values) V^T,   factor = X (X^T X)^(-1/2) = X V diag(values^(-1/2)) V^T.
 * </pre>
 *
 * The rows of V^T are scaled by values^(-1/4), so that the middle is one product W^T W. Matrices are padded as
 * {@link DoubleLoops} says. An instance serves one size and keeps its memory.
 */
final class PolarFactor {
    /** Eigenvalues are raised to this fraction of the largest, so that a singular matrix has a finite result. */
    private static final double SMALLEST = 1e-14;

    private final int n;
    private final int stride;
    private final DoubleLoops loops;
    private final SymmetricEigen eigen;
    private final double[] x;
    private final double[] transposed;
    private final double[] product;
    private final double[] factors;

    /** For each panel, its columns of V diag(values^(-1/2)) V^T and of the result. */
    private final double[][] roots;

    private final double[][] results;

    PolarFactor(int n, boolean vectors) {
        this.n = n;
        loops = DoubleLoops.choose(vectors);
        stride = loops.stride(n);
        eigen = new SymmetricEigen(n, loops);
        x = new double[loops.padded(n) * stride];
        transposed = new double[loops.padded(n) * stride];
        product = new double[loops.padded(n) * stride];
        factors = new double[n];
        roots = new double[panels()][loops.padded(n) * loops.width()];
        results = new double[panels()][loops.padded(n) * loops.width()];
    }

    /** Replaces the n x n matrix that begins at {@code from}. */
    static void replace(int n, float[] u, int from) {
        new PolarFactor(n, VectorSupport.available()).replace(u, from);
    }

    /** Replaces the matrix that begins at {@code from}. */
    void replace(float[] u, int from) {
        findEigenvalues(u, from);
        for (int panel = 0; panel < panels(); panel++) {
            findEigenvectors(panel);
        }
        for (int panel = 0; panel < panels(); panel++) {
            multiply(panel, u, from);
        }
    }

    private void load(float[] u, int from) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                x[i * stride + j] = u[from + i * n + j];
            }
        }
    }

    /** The first of three parts: the values of X^T X = V diag(values) V^T. */
    void findEigenvalues(float[] u, int from) {
        load(u, from);
        transpose();
        loops.multiplyTransposed(n, x, x, product);
        eigen.findValues(product);
        double largest = 0;
        for (double value : eigen.values()) {
            largest = Math.max(largest, value);
        }
        for (int i = 0; i < n; i++) {
            factors[i] = 1 / Math.sqrt(Math.sqrt(Math.max(eigen.values()[i], SMALLEST * largest)));
        }
    }

    /** How many panels each of the other parts has. Threads may share them. */
    int panels() {
        return eigen.panels();
    }

    /**
     * The second part: a panel of columns of W = diag(values^(-1/4)) V^T, for which W^T W is V diag(values^(-1/2)) V^T.
     */
    void findEigenvectors(int panel) {
        eigen.findVectors(panel);
        double[] vectors = eigen.vectors();
        for (int i = 0; i < n; i++) {
            for (int at = i * stride + panel * loops.width(); at < i * stride + (panel + 1) * loops.width(); at++) {
                vectors[at] *= factors[i];
            }
        }
    }

    /** The third part, after all panels of the second: a panel of columns of X W^T W. */
    void multiply(int panel, float[] u, int from) {
        int width = loops.width();
        double[] root = roots[panel];
        double[] result = results[panel];
        loops.multiplyTransposed(n, eigen.vectors(), eigen.vectors(), panel * width, stride, root, 0, width);
        loops.multiplyTransposed(n, transposed, root, 0, width, result, 0, width);
        for (int i = 0; i < n; i++) {
            for (int j = panel * width; j < Math.min(n, (panel + 1) * width); j++) {
                u[from + i * n + j] = (float) result[i * width + j % width];
            }
        }
    }

    private void transpose() {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                transposed[j * stride + i] = x[i * stride + j];
            }
        }
    }
}

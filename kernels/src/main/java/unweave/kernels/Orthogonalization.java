package unweave.kernels;

/**
 * How {@link Subspaces#orthogonalize} computes the orthogonal polar factor U (U^T U)^(-1/2), the orthogonal matrix
 * nearest to U. They differ by the rounding of float32 alone, and in speed.
 */
public enum Orthogonalization {
    /** Whichever is faster on the device: {@link #NEWTON_SCHULZ} on the CPU, {@link #EIGEN} on the GPU. */
    AUTO("auto"),

    /**
     * By the eigendecomposition U^T U = V diag(values) V^T (thesis 3.6 to 3.8): U V diag(values^(-1/2)) V^T, in
     * float64. Any U of full rank. On a GPU all products are cuBLAS's; our kernel finds V.
     */
    EIGEN("eigen"),

    /**
     * By an iteration X &lt;- X q(X^T X) from X = U, with a polynomial q that approximates x^(-1/2); it consists of
     * matrix products (Higham, Functions of Matrices, 8.3). In its simplest form, which the GPU computes in float64,
     * q(x) = (3 - x) / 2 from X = U / sqrt(largest absolute row sum of U^T U). The CPU computes in float32 with a q of
     * degree 4 that is fitted to the spectrum; singular or nearly singular matrices are left to {@link #EIGEN}. On the
     * GPU the products are our own: the iteration ends early inside a recorded graph, which cuBLAS cannot. On an H200
     * an ascent of 3 starts x 5000 steps took 1.90 s at D = 128 and 0.71 s at D = 16; by eigenvectors, whose products
     * were our own then, 2.65 s and 0.33 s ({@code bench/results/2026-11-26-nvidia-h200.json}).
     */
    NEWTON_SCHULZ("newton-schulz");

    /**
     * {@link #NEWTON_SCHULZ} in its simplest form ends when no value of X^T X is further than this from the identity:
     * after one more step X is exact to rounding.
     */
    public static final double NEWTON_SCHULZ_TOLERANCE = 1e-7;

    /**
     * The most iterations of {@link #NEWTON_SCHULZ} in its simplest form; singular values below (2/3)^this of the
     * largest stay below 1.
     */
    public static final int NEWTON_SCHULZ_ITERATIONS = 40;

    private final String name;

    Orthogonalization(String name) {
        this.name = name;
    }

    /** As the command line and files write it. */
    @Override
    public String toString() {
        return name;
    }
}

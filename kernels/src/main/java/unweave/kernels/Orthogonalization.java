package unweave.kernels;

/**
 * How {@link Subspaces#orthogonalize} computes the orthogonal polar factor U (U^T U)^(-1/2), the orthogonal matrix nearest to U. Both
 * compute in float64 and differ by rounding alone; they may differ in speed.
 */
public enum Orthogonalization {
  /** By the eigendecomposition U^T U = V diag(values) V^T (thesis 3.6 to 3.8): U V diag(values^(-1/2)) V^T. Any U of full rank. */
  EIGEN("eigen"),

  /**
   * By the iteration X &lt;- X (3 I - X^T X) / 2 from X = U / sqrt(largest absolute row sum of U^T U) (Higham, Functions of Matrices,
   * 8.3): matrix products alone. It converges for every U of full rank, in about 10 iterations where the singular values are within a
   * factor of 10.
   */
  NEWTON_SCHULZ("newton-schulz");

  /**
   * {@link #NEWTON_SCHULZ} ends when no value of X^T X is further than this from the identity: after one more step X is exact to
   * rounding.
   */
  public static final double NEWTON_SCHULZ_TOLERANCE = 1e-7;

  /** The most iterations of {@link #NEWTON_SCHULZ}; singular values below (2/3)^this of the largest stay below 1. */
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

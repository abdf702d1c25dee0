package unweave.kernels.cpu;

import java.util.Arrays;
import unweave.kernels.Orthogonalization;

/** {@link unweave.kernels.Subspaces#orthogonalize}. An instance keeps its memory from call to call. */
final class Orthogonalizer {
  /** The least D at which a matrix is worth sharing among threads; of smaller ones, each thread takes its own. */
  private static final int LEAST_SHARED = 96;

  private final WorkerPool pool;
  private final boolean vectors;
  private int lastDimensions;
  private PolarFactor[] byEigenvectors = {};
  private NewtonSchulz[] byProducts = {};

  Orthogonalizer(WorkerPool pool, boolean vectors) {
    this.pool = pool;
    this.vectors = vectors;
  }

  void orthogonalize(Orthogonalization method, int starts, int dimensions, float[] u) {
    Elements.requireSize(starts * dimensions * dimensions, u);
    if (lastDimensions != dimensions) {
      byEigenvectors = new PolarFactor[0];
      byProducts = new NewtonSchulz[0];
      lastDimensions = dimensions;
    }
    if (method == Orthogonalization.EIGEN) {
      byEigenvectors(starts, dimensions, u);
    } else {
      byProducts(starts, dimensions, u);
    }
  }

  private void byEigenvectors(int starts, int dimensions, float[] u) {
    prepareEigenvectors(starts, dimensions);
    int size = dimensions * dimensions;
    if (dimensions < LEAST_SHARED) {
      pool.run(starts, start -> byEigenvectors[start].replace(u, start * size));
      return;
    }
    int panels = byEigenvectors[0].panels();
    pool.run(starts, start -> byEigenvectors[start].findEigenvalues(u, start * size));
    pool.run(starts * panels, task -> byEigenvectors[task / panels].findEigenvectors(task % panels));
    pool.run(starts * panels, task -> byEigenvectors[task / panels].multiply(task % panels, u, task / panels * size));
  }

  /** What the products do not lead to, because it is singular or nearly so, is decomposed. */
  private void byProducts(int starts, int dimensions, float[] u) {
    if (byProducts.length != starts) {
      byProducts = new NewtonSchulz[starts];
      Arrays.setAll(byProducts, start -> new NewtonSchulz(dimensions, vectors));
    }
    int size = dimensions * dimensions;
    if (dimensions < LEAST_SHARED) {
      pool.run(starts, start -> NewtonSchulz.replace(new NewtonSchulz[] {byProducts[start]}, u, start * size, pool));
    } else {
      NewtonSchulz.replace(byProducts, u, 0, pool);
    }
    for (int start = 0; start < starts; start++) {
      if (!byProducts[start].isReplaced()) {
        prepareEigenvectors(1, dimensions);
        byEigenvectors[0].replace(u, start * size);
      }
    }
  }

  private void prepareEigenvectors(int starts, int dimensions) {
    for (int known = byEigenvectors.length; known < starts; known++) {
      byEigenvectors = Arrays.copyOf(byEigenvectors, known + 1);
      byEigenvectors[known] = new PolarFactor(dimensions, vectors);
    }
  }
}

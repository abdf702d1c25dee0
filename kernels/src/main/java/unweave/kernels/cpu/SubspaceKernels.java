package unweave.kernels.cpu;

import java.util.Arrays;
import unweave.kernels.Orthogonalization;

/** {@link unweave.kernels.Subspaces} on arrays. */
final class SubspaceKernels {
  private final WorkerPool pool;
  private final boolean vectors;
  private SubspaceGradient lastGradient;
  private PolarFactor[] polarFactors = {};

  SubspaceKernels(WorkerPool pool, boolean vectors) {
    this.pool = pool;
    this.vectors = vectors;
  }

  void subspaceGradient(int starts, int rows, int dimensions, int subspaces, float[] a, float[] c, float[] u, float[] gradient,
      float[] objective, int offset) {
    requireDivides(dimensions, subspaces);
    Elements.requireSize(rows * dimensions, a, c);
    Elements.requireSize(starts * dimensions * dimensions, u, gradient);
    SubspaceGradient.Shape shape = new SubspaceGradient.Shape(starts, rows, dimensions, subspaces);
    if (lastGradient == null || !lastGradient.shape().equals(shape)) {
      lastGradient = new SubspaceGradient(pool, vectors, shape);
    }
    lastGradient.compute(a, c, u, gradient, objective, offset);
  }

  void orthogonalize(Orthogonalization method, int starts, int dimensions, float[] u) {
    Elements.requireSize(starts * dimensions * dimensions, u);
    if (polarFactors.length < starts || polarFactors[0].dimensions() != dimensions) {
      polarFactors = new PolarFactor[starts];
      Arrays.setAll(polarFactors, start -> new PolarFactor(dimensions, vectors));
    }
    pool.run(starts, start -> polarFactors[start].replace(method, u, start * dimensions * dimensions));
  }

  void projectRelevance(int rows, int dimensions, int subspaces, float[] u, float[] a, float[] c, float[] out) {
    requireDivides(dimensions, subspaces);
    Elements.requireSize(dimensions * dimensions, u);
    Elements.requireSize(rows * dimensions, a, c);
    Elements.requireSize(subspaces * rows * dimensions, out);
    RelevanceProjection projection = new RelevanceProjection(PanelProduct.wide(vectors), rows, dimensions, subspaces, u);
    pool.run(projection.tiles(), tile -> projection.project(tile, a, c, out));
  }

  private static void requireDivides(int dimensions, int subspaces) {
    if (subspaces < 1 || dimensions % subspaces != 0) {
      throw new IllegalArgumentException(dimensions + " dimensions cannot be cut into " + subspaces + " subspaces of equal size");
    }
  }
}

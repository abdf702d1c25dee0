package unweave.bench;

import java.util.List;
import unweave.kernels.Ascent;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Orthogonalization;

/** One step of the search for subspaces, as {@link unweave.drsa.SubspaceAscent} takes it: gradient, addition, orthogonalisation. */
final class SubspaceJobs {
  private static final int STARTS = 3;

  private SubspaceJobs() {}

  static List<Job> all() {
    return List.of(step(9600, 128), step(9600, 64), step(8000, 16));
  }

  /** The three starts are one batch; the time reported is that of one of them. Projections and gradient are two products of N x D by D x D each. */
  private static Job step(int rows, int dimensions) {
    double flops = 8.0 * rows * dimensions * dimensions;
    return new Job("DRSA step, one of 3 starts, D " + dimensions + " N " + rows, flops, 1.0 / STARTS,
        (backend, threads) -> new Step(backend, rows, dimensions));
  }

  private static final class Step implements PreparedJob {
    private final Backend backend;
    private final Ascent ascent;
    private final Floats activations;
    private final Floats contexts;
    private final Floats bases;
    private final Floats gradient;
    private final Floats objective;

    Step(Backend backend, int rows, int dimensions) {
      this.backend = backend;
      ascent = new Ascent(STARTS, rows, dimensions, JobData.CONCEPTS, 1f, Orthogonalization.EIGEN);
      activations = backend.floats(JobData.activations(rows, dimensions));
      contexts = backend.floats(JobData.contexts(rows, dimensions));
      bases = backend.floats(starts(dimensions));
      gradient = backend.floats(bases.size());
      objective = backend.floats(STARTS);
    }

    private static float[] starts(int dimensions) {
      float[] bases = new float[STARTS * dimensions * dimensions];
      for (int start = 0; start < STARTS; start++) {
        System.arraycopy(JobData.basis(dimensions, start), 0, bases, start * dimensions * dimensions, dimensions * dimensions);
      }
      return bases;
    }

    @Override
    public double run() {
      backend.ascend(ascent, 1, activations, contexts, bases, gradient, objective, 0);
      return backend.toArray(objective)[0];
    }

    @Override
    public void close() {
      activations.close();
      contexts.close();
      bases.close();
      gradient.close();
      objective.close();
    }
  }
}

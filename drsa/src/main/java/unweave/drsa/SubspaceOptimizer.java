package unweave.drsa;

import unweave.kernels.Backend;
import unweave.kernels.Counter;
import unweave.kernels.Floats;

/**
 * Finds the orthogonal matrix U that maximises the DRSA objective (thesis 2.19 and 3.5 to 3.8):
 * <pre>
 * R[n,k] = (U_k^T a_n)^T (U_k^T c_n),   J = M^0.5 over k of M^2 over n of max(0, R[n,k]),   M^p(x) = (mean x^p)^(1/p),
 * U &lt;- U + stepSize * dJ/dU,   then   U &lt;- U (U^T U)^(-1/2).
 * </pre>
 * The mean with p = 2 favours subspaces whose relevance is concentrated on few data, the one with p = 0.5 favours several subspaces that all
 * carry some. The problem is not convex: several Haar-random starts run as one batch, and the best final J wins.
 */
public final class SubspaceOptimizer {
  /** After so many steps the objectives are read back, checked and reported; waiting more often would stall an asynchronous device. */
  static final int STEPS_PER_REPORT = 100;

  private final Backend backend;
  private final SubspaceSettings settings;

  /** An optimiser that computes on {@code backend}. */
  public SubspaceOptimizer(Backend backend, SubspaceSettings settings) {
    this.backend = backend;
    this.settings = settings;
  }

  /**
   * Finds the subspaces of one class at one layer. For {@link Method#DSA} the activations take the place of the contexts in the objective;
   * for {@link Method#RANDOM} the first start is returned as it is. The relevance totals are those of the true contexts in all cases.
   *
   * @throws IllegalArgumentException if the number of subspaces does not divide the number of channels
   * @throws ArithmeticException if the objective stops being a finite number
   */
  public Subspaces optimize(Method method, ContextData data, SubspaceProgress progress) {
    settings.requireDivides(data.provenance().layer(), data.dimensions());
    SubspaceSettings effective = method == Method.RANDOM ? settings.withSteps(0).withStarts(1) : settings;
    try (Run run = new Run(method, data, effective, progress)) {
      run.allSteps();
      float[][] curves = run.curves();
      int best = indexOfLargestEnd(curves);
      return new Subspaces(data.provenance(), method, effective, data.dimensions(), run.basis(best), curves, best).inDisplayOrder(data);
    }
  }

  private static int indexOfLargestEnd(float[][] curves) {
    int best = 0;
    int end = curves[0].length - 1;
    for (int start = 1; start < curves.length; start++) {
      if (curves[start][end] > curves[best][end]) {
        best = start;
      }
    }
    return best;
  }

  /** One optimisation: everything it needs, in the memory of the backend. */
  private final class Run implements AutoCloseable {
    private final ContextData data;
    private final SubspaceSettings effective;
    private final SubspaceProgress progress;
    private final int starts;
    private final int dimensions;
    private final Floats a;
    private final Floats c;
    private final Floats u;
    private final Floats gradient;
    private final Floats objective;
    private final long begin = System.nanoTime();

    Run(Method method, ContextData data, SubspaceSettings effective, SubspaceProgress progress) {
      this.data = data;
      this.effective = effective;
      this.progress = progress;
      starts = effective.starts();
      dimensions = data.dimensions();
      a = backend.floats(data.activations());
      c = backend.floats(method == Method.DSA ? data.activations() : data.contexts());
      u = backend.floats(randomStarts());
      gradient = backend.floats(u.size());
      objective = backend.floats((effective.steps() + 1L) * starts);
    }

    private float[] randomStarts() {
      float[] values = new float[starts * dimensions * dimensions];
      for (int start = 0; start < starts; start++) {
        double[] matrix = HaarOrthogonal.sample(dimensions, Counter.derive(effective.seed(), start));
        for (int i = 0; i < matrix.length; i++) {
          values[start * matrix.length + i] = (float) matrix[i];
        }
      }
      return values;
    }

    void allSteps() {
      for (int step = 0; step < effective.steps(); step++) {
        evaluate(step);
        backend.addScaled(effective.stepSize(), gradient, u);
        backend.orthogonalize(starts, dimensions, u);
        if ((step + 1) % STEPS_PER_REPORT == 0) {
          report(step);
        }
      }
      evaluate(effective.steps());
      report(effective.steps());
    }

    /** J before step {@code step}, kept on the device, and its gradient. */
    private void evaluate(int step) {
      backend.subspaceGradient(starts, data.rows(), dimensions, effective.subspaces(), a, c, u, gradient, objective, (long) step * starts);
    }

    private void report(int evaluation) {
      float[] latest = new float[starts];
      backend.download(objective, (long) evaluation * starts, latest, 0, starts);
      for (int start = 0; start < starts; start++) {
        if (!Float.isFinite(latest[start])) {
          throw new ArithmeticException("class " + data.provenance().className() + ", layer " + data.provenance().layer()
              + ": the objective of start " + (start + 1) + " became " + latest[start] + " by step " + evaluation
              + "; try a step size smaller than " + effective.stepSize());
        }
      }
      int done = Math.min(evaluation + 1, effective.steps());
      double seconds = (System.nanoTime() - begin) * 1e-9;
      progress.progress(done, effective.steps(), latest, done == 0 ? 0 : seconds / done * (effective.steps() - done));
    }

    /** J before every step and after the last, starts x (steps + 1). */
    float[][] curves() {
      float[] all = backend.toArray(objective);
      float[][] curves = new float[starts][effective.steps() + 1];
      for (int i = 0; i < all.length; i++) {
        curves[i % starts][i / starts] = all[i];
      }
      return curves;
    }

    float[] basis(int start) {
      float[] basis = new float[dimensions * dimensions];
      backend.download(u, (long) start * basis.length, basis, 0, basis.length);
      return basis;
    }

    @Override
    public void close() {
      a.close();
      c.close();
      u.close();
      gradient.close();
      objective.close();
    }
  }
}

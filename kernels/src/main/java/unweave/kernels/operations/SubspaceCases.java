package unweave.kernels.operations;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import unweave.kernels.reference.ReferenceSubspaces;

/** Entries of the table for {@link unweave.kernels.Subspaces}. */
final class SubspaceCases {
  /** Starts, rows, dimensions, subspaces. */
  private static final int[][] SMALL = {
    {1, 20, 1, 1}, {1, 50, 6, 3}, {2, 65, 7, 1}, {3, 200, 16, 4}, {1, 130, 17, 17}, {2, 600, 24, 2}, {1, 515, 33, 3}, {1, 90, 64, 4}, {1, 40, 96, 2}
  };

  private static final int[][] OF_MODELS = {{1, 8000, 16, 4}, {3, 8000, 16, 4}, {1, 9600, 64, 4}, {1, 9600, 128, 4}, {3, 9600, 128, 4}};

  private SubspaceCases() {}

  static List<OperationCase> all() {
    List<OperationCase> cases = new ArrayList<>();
    for (int[] s : SMALL) {
      cases.add(gradient(s[0], s[1], s[2], s[3]));
      cases.add(orthogonalize(s[0], s[2]));
      cases.add(projectRelevance(s[1], s[2], s[3]));
    }
    cases.add(gradient(1, 100, 16, 4, Content.constant(0), " all zero"));
    int first = cases.size();
    for (int[] s : OF_MODELS) {
      cases.add(gradient(s[0], s[1], s[2], s[3]));
    }
    cases.add(orthogonalize(1, 128));
    cases.add(orthogonalize(3, 128));
    cases.add(projectRelevance(1024, 64, 4));
    cases.add(projectRelevance(256, 128, 4));
    cases.subList(first, cases.size()).forEach(OperationCase::benchmarkSize);
    return cases;
  }

  /** With its derivative, which exists where some relevance is positive. */
  private static OperationCase gradient(int starts, int rows, int d, int k) {
    return gradient(starts, rows, d, k, Content.gaussian(), "").gradient("u", "gradient",
        v -> Arrays.stream(objective(starts, rows, d, k, v, new double[starts * d * d])).sum());
  }

  /** The objective is written behind two values that must stay as they are. */
  private static OperationCase gradient(int starts, int rows, int d, int k, Content contexts, String note) {
    return new OperationCase("subspaceGradient " + starts + "x" + rows + "x" + d + " K " + k + note)
        .input("a", (long) rows * d, Content.activations())
        .input("c", (long) rows * d, contexts)
        .input("u", (long) starts * d * d, Content.orthogonal(d))
        .output("gradient", (long) starts * d * d)
        .updated("objective", starts + 2, Content.constant(0.25f))
        .flops(8.0 * starts * rows * d * d)
        .terms(rows)
        .call((b, v) -> b.subspaceGradient(starts, rows, d, k, v.floats("a"), v.floats("c"), v.floats("u"), v.floats("gradient"),
            v.floats("objective"), 2))
        .definition(v -> defineGradient(starts, rows, d, k, v));
  }

  private static void defineGradient(int starts, int rows, int d, int k, Operands<double[], int[]> v) {
    double[] objective = objective(starts, rows, d, k, v, v.floats("gradient"));
    System.arraycopy(objective, 0, v.floats("objective"), 2, starts);
  }

  /** J of every start; writes the gradients too. */
  private static double[] objective(int starts, int rows, int d, int k, Operands<double[], int[]> v, double[] gradient) {
    double[] objective = new double[starts];
    for (int s = 0; s < starts; s++) {
      double[] u = Arrays.copyOfRange(v.floats("u"), s * d * d, (s + 1) * d * d);
      double[] one = new double[d * d];
      objective[s] = ReferenceSubspaces.subspaceGradient(rows, d, k, v.floats("a"), v.floats("c"), u, one);
      System.arraycopy(one, 0, gradient, s * d * d, d * d);
    }
    return objective;
  }

  private static OperationCase orthogonalize(int starts, int d) {
    Content disturbed = (size, random, before) -> {
      float[] u = Content.orthogonal(d).make(size, random, before);
      for (int i = 0; i < size; i++) {
        u[i] += (float) (0.2 * random.nextGaussian() / Math.sqrt(d));
      }
      return u;
    };
    return new OperationCase("orthogonalize " + starts + "x" + d + "x" + d)
        .updated("u", (long) starts * d * d, disturbed)
        .flops(20.0 * starts * d * d * d)
        .call((b, v) -> b.orthogonalize(starts, d, v.floats("u")))
        .definition(v -> {
          for (int s = 0; s < starts; s++) {
            double[] u = Arrays.copyOfRange(v.floats("u"), s * d * d, (s + 1) * d * d);
            ReferenceSubspaces.orthogonalize(d, u);
            System.arraycopy(u, 0, v.floats("u"), s * d * d, d * d);
          }
        });
  }

  private static OperationCase projectRelevance(int rows, int d, int k) {
    return new OperationCase("projectRelevance " + rows + "x" + d + " K " + k)
        .input("u", (long) d * d, Content.orthogonal(d))
        .input("a", (long) rows * d, Content.activations())
        .input("c", (long) rows * d)
        .output("out", (long) k * rows * d)
        .flops(4.0 * rows * d * d)
        .terms(2 * d)
        .call((b, v) -> b.projectRelevance(rows, d, k, v.floats("u"), v.floats("a"), v.floats("c"), v.floats("out")))
        .definition(v -> ReferenceSubspaces.projectRelevance(rows, d, k, v.floats("u"), v.floats("a"), v.floats("c"), v.floats("out")));
  }
}

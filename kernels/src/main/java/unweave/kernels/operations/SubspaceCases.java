package unweave.kernels.operations;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import unweave.kernels.Ascent;
import unweave.kernels.Orthogonalization;
import unweave.kernels.reference.ReferenceSubspaces;

/** Entries of the table for {@link unweave.kernels.Subspaces}. */
final class SubspaceCases {
    /** Starts, rows, dimensions, subspaces. */
    private static final int[][] SMALL = {
        {1, 20, 1, 1},
        {1, 50, 6, 3},
        {2, 65, 7, 1},
        {3, 200, 16, 4},
        {1, 130, 17, 17},
        {2, 600, 24, 2},
        {1, 515, 33, 3},
        {1, 90, 64, 4},
        {1, 40, 96, 2},
        {5, 40, 21, 7},
        {4, 30, 40, 2}
    };

    /** For backends that pass over zeros, which may do so for some widths and not for others. */
    private static final int[][] SPARSE = {
        {1, 20, 1, 1},
        {3, 220, 32, 1},
        {1, 130, 48, 3},
        {2, 300, 64, 2},
        {1, 90, 64, 4},
        {1, 65, 96, 2},
        {2, 515, 128, 4}
    };

    /** Starts, rows, rows of a window, dimensions, subspaces. */
    private static final int[][] WINDOWS = {
        {1, 12, 4, 6, 3}, {3, 480, 16, 16, 4}, {2, 630, 9, 24, 2}, {1, 512, 256, 16, 4}, {1, 600, 5, 64, 4}
    };

    private static final int[][] OF_MODELS = {
        {1, 8000, 16, 4}, {3, 8000, 16, 4}, {1, 9600, 64, 4}, {1, 9600, 128, 4}, {3, 9600, 128, 4}
    };

    private SubspaceCases() {}

    static List<OperationCase> all() {
        List<OperationCase> cases = new ArrayList<>();
        for (int[] s : SMALL) {
            cases.add(gradient(s[0], s[1], 1, s[2], s[3]));
            cases.add(orthogonalize(Orthogonalization.EIGEN, s[0], s[2], ""));
            cases.add(orthogonalize(Orthogonalization.NEWTON_SCHULZ, s[0], s[2], " newton-schulz"));
            cases.add(projectRelevance(s[1], s[2], s[3]));
        }
        for (int[] s : SPARSE) {
            cases.add(sparseGradient(s[0], s[1], 1, s[2], s[3]));
        }
        for (int[] s : WINDOWS) {
            cases.add(gradient(s[0], s[1], s[2], s[3], s[4]));
            cases.add(sparseGradient(s[0], s[1], s[2], s[3], s[4]));
        }
        Content few = Content.sparse(0.3);
        cases.add(gradient(1, 200, 1, 64, 2, few, few, " zeros apart"));
        cases.add(gradient(1, 200, 1, 64, 2, Content.sparse(0.56), Content.within("a", few), " half zero"));
        cases.add(gradient(1, 100, 1, 16, 4, Content.activations(), Content.constant(0), " no contexts"));
        cases.add(gradient(1, 100, 1, 64, 2, Content.constant(0), Content.constant(0), " all zero"));
        cases.add(orthogonalize(Orthogonalization.EIGEN, 1, 132, ""));
        cases.add(orthogonalize(Orthogonalization.AUTO, 2, 132, " auto"));
        cases.add(orthogonalize(Orthogonalization.NEWTON_SCHULZ, 3, 100, " stretched newton-schulz", 30));
        cases.add(orthogonalize(Orthogonalization.AUTO, 2, 33, " stretched auto", 300));
        cases.add(ascend(new Ascent(2, 65, 7, 1, 0.5f, Orthogonalization.EIGEN), 4));
        cases.add(ascend(new Ascent(3, 150, 12, 4, 1f, Orthogonalization.EIGEN), 5));
        cases.add(ascend(new Ascent(3, 150, 12, 4, 1f, Orthogonalization.AUTO), 5));
        cases.add(ascend(new Ascent(1, 150, 12, 3, 1f, Orthogonalization.NEWTON_SCHULZ), 5));
        cases.add(ascend(
                new Ascent(2, 400, 64, 2, 1f, Orthogonalization.EIGEN),
                2,
                Content.sparse(0.3),
                Content.within("a", Content.sparse(0.4))));
        cases.add(ascend(new Ascent(3, 160, 16, 16, 4, 1f, Orthogonalization.AUTO), 4));
        cases.add(ascend(new Ascent(2, 130, 100, 4, 1f, Orthogonalization.AUTO), 2));
        int first = cases.size();
        for (int[] s : OF_MODELS) {
            cases.add(gradient(s[0], s[1], 1, s[2], s[3]));
        }
        cases.add(sparseGradient(3, 9600, 1, 64, 4));
        cases.add(sparseGradient(3, 9600, 1, 128, 4));
        cases.add(orthogonalize(Orthogonalization.EIGEN, 1, 128, ""));
        cases.add(orthogonalize(Orthogonalization.EIGEN, 3, 128, ""));
        cases.add(orthogonalize(Orthogonalization.NEWTON_SCHULZ, 3, 128, " newton-schulz"));
        cases.add(projectRelevance(1024, 64, 4));
        cases.add(projectRelevance(256, 128, 4));
        cases.subList(first, cases.size()).forEach(OperationCase::benchmarkSize);
        return cases;
    }

    private static OperationCase gradient(int starts, int rows, int window, int d, int k) {
        return withDerivative(
                starts,
                rows,
                window,
                d,
                k,
                gradient(starts, rows, window, d, k, Content.activations(), Content.gaussian(), ""));
    }

    /** Activations and contexts as they lie behind a ReLU and before max-pooling. */
    private static OperationCase sparseGradient(int starts, int rows, int window, int d, int k) {
        Content contexts = Content.within("a", Content.sparse(0.4));
        return withDerivative(
                starts,
                rows,
                window,
                d,
                k,
                gradient(starts, rows, window, d, k, Content.sparse(0.3), contexts, " sparse"));
    }

    /** The derivative exists where some relevance is positive. */
    private static OperationCase withDerivative(
            int starts, int rows, int window, int d, int k, OperationCase gradient) {
        return gradient.gradient("u", "gradient", v -> Arrays.stream(
                        objective(starts, rows, window, d, k, v, new double[starts * d * d]))
                .sum());
    }

    /** The objective is written behind two values that must stay as they are. */
    private static OperationCase gradient(
            int starts, int rows, int window, int d, int k, Content activations, Content contexts, String note) {
        String windows = window == 1 ? "" : " windows of " + window;
        return new OperationCase("subspaceGradient " + starts + "x" + rows + "x" + d + " K " + k + windows + note)
                .input("a", (long) rows * d, activations)
                .input("c", (long) rows * d, contexts)
                .input("u", (long) starts * d * d, Content.orthogonal(d))
                .output("gradient", (long) starts * d * d)
                .updated("objective", starts + 2, Content.constant(0.25f))
                .terms(rows)
                .call((b, v) -> b.subspaces()
                        .subspaceGradient(
                                starts,
                                rows,
                                window,
                                d,
                                k,
                                v.floats("a"),
                                v.floats("c"),
                                v.floats("u"),
                                v.floats("gradient"),
                                v.floats("objective"),
                                2))
                .definition(v -> defineGradient(starts, rows, window, d, k, v));
    }

    private static void defineGradient(int starts, int rows, int window, int d, int k, Operands<double[], int[]> v) {
        double[] objective = objective(starts, rows, window, d, k, v, v.floats("gradient"));
        System.arraycopy(objective, 0, v.floats("objective"), 2, starts);
    }

    /** J of every start; writes the gradients too. */
    private static double[] objective(
            int starts, int rows, int window, int d, int k, Operands<double[], int[]> v, double[] gradient) {
        double[] objective = new double[starts];
        for (int s = 0; s < starts; s++) {
            double[] u = Arrays.copyOfRange(v.floats("u"), s * d * d, (s + 1) * d * d);
            double[] one = new double[d * d];
            objective[s] =
                    ReferenceSubspaces.subspaceGradient(rows, window, d, k, v.floats("a"), v.floats("c"), u, one);
            System.arraycopy(one, 0, gradient, s * d * d, d * d);
        }
        return objective;
    }

    private static OperationCase orthogonalize(Orthogonalization method, int starts, int d, String note) {
        return orthogonalize(method, starts, d, note, 1);
    }

    /** @param stretch factor on the first row of every matrix, and about its largest singular value */
    private static OperationCase orthogonalize(
            Orthogonalization method, int starts, int d, String note, float stretch) {
        Content disturbed = (size, random, before) -> {
            float[] u = Content.orthogonal(d).make(size, random, before);
            for (int i = 0; i < size; i++) {
                u[i] += (float) (0.2 * random.nextGaussian() / Math.sqrt(d));
                u[i] *= i / d % d == 0 ? stretch : 1;
            }
            return u;
        };
        return new OperationCase("orthogonalize " + starts + "x" + d + "x" + d + note)
                .updated("u", (long) starts * d * d, disturbed)
                .call((b, v) -> b.subspaces().orthogonalize(method, starts, d, v.floats("u")))
                .definition(v -> orthogonalizeAll(starts, d, v.floats("u")));
    }

    private static void orthogonalizeAll(int starts, int d, double[] u) {
        for (int s = 0; s < starts; s++) {
            double[] one = Arrays.copyOfRange(u, s * d * d, (s + 1) * d * d);
            ReferenceSubspaces.orthogonalize(d, one);
            System.arraycopy(one, 0, u, s * d * d, d * d);
        }
    }

    private static OperationCase ascend(Ascent p, int steps) {
        return ascend(p, steps, Content.activations(), Content.gaussian());
    }

    /** The objectives are written behind one value that must stay as it is. */
    private static OperationCase ascend(Ascent p, int steps, Content activations, Content contexts) {
        int d = p.dimensions();
        return new OperationCase("ascend " + p.starts() + "x" + p.rows() + "x" + d + " K " + p.subspaces() + " " + steps
                        + " steps " + (p.window() == 1 ? "" : "windows of " + p.window() + " ") + p.orthogonalization())
                .input("a", (long) p.rows() * d, activations)
                .input("c", (long) p.rows() * d, contexts)
                .updated("u", (long) p.starts() * d * d, Content.orthogonal(d))
                .output("gradient", (long) p.starts() * d * d)
                .updated("objective", 1 + (long) steps * p.starts(), Content.constant(0.25f))
                .terms((double) steps * p.rows())
                .call((b, v) -> b.subspaces()
                        .ascend(
                                p,
                                steps,
                                v.floats("a"),
                                v.floats("c"),
                                v.floats("u"),
                                v.floats("gradient"),
                                v.floats("objective"),
                                1))
                .definition(v -> defineAscent(p, steps, v));
    }

    private static void defineAscent(Ascent p, int steps, Operands<double[], int[]> v) {
        for (int step = 0; step < steps; step++) {
            double[] gradient = v.floats("gradient");
            double[] objective =
                    objective(p.starts(), p.rows(), p.window(), p.dimensions(), p.subspaces(), v, gradient);
            System.arraycopy(objective, 0, v.floats("objective"), 1 + step * p.starts(), p.starts());
            double[] u = v.floats("u");
            Arrays.setAll(u, i -> u[i] + p.stepSize() * gradient[i]);
            orthogonalizeAll(p.starts(), p.dimensions(), u);
        }
    }

    private static OperationCase projectRelevance(int rows, int d, int k) {
        return new OperationCase("projectRelevance " + rows + "x" + d + " K " + k)
                .input("u", (long) d * d, Content.orthogonal(d))
                .input("a", (long) rows * d, Content.activations())
                .input("c", (long) rows * d)
                .output("out", (long) k * rows * d)
                .terms(2 * d)
                .call((b, v) -> b.subspaces()
                        .projectRelevance(rows, d, k, v.floats("u"), v.floats("a"), v.floats("c"), v.floats("out")))
                .definition(v -> ReferenceSubspaces.projectRelevance(
                        rows, d, k, v.floats("u"), v.floats("a"), v.floats("c"), v.floats("out")));
    }
}

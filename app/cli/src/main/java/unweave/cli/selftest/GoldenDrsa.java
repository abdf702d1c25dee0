package unweave.cli.selftest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import unweave.drsa.ClosedFormBasis;
import unweave.engine.file.SafeTensors;
import unweave.kernels.Ascent;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Orthogonalization;

/**
 * The file {@code drsa.safetensors}: the objective's gradient and the ascent, computed in float64. Of every case it
 * holds
 *
 * <pre>
 * NAME_K4/a, c          N x D
 * NAME_K4/U0            D x D, or starts x D x D; gradient0 and U1 likewise
 * NAME_K4/objective     steps + 1, or starts x (steps + 1), or (steps + 1) x starts
 * </pre>
 *
 * with K in the name and all other sizes in the shapes.
 */
final class GoldenDrsa {
    private static final double STEP = 1e-5;
    private static final double EARLY = 1e-4;
    private static final double LATE = 1e-3;
    private static final int EARLY_STEPS = 200;
    private static final Pattern CASE = Pattern.compile("(.*_K(\\d+).*)/U0");

    private GoldenDrsa() {}

    static List<Check> run(SafeTensors golden, Backend backend) throws IOException {
        List<Check> checks = new ArrayList<>();
        for (String name : golden.names()) {
            Matcher found = CASE.matcher(name);
            if (found.matches()) {
                String key = found.group(1);
                int subspaces = Integer.parseInt(found.group(2));
                ascend(golden, backend, key, subspaces, checks);
                if (golden.contains(key + "/prca_values")) {
                    components(golden, key, subspaces, checks);
                }
            }
        }
        return checks;
    }

    private static void ascend(SafeTensors golden, Backend backend, String key, int subspaces, List<Check> checks)
            throws IOException {
        int rows = golden.shape(key + "/a").get(0);
        int dimensions = golden.shape(key + "/a").get(1);
        List<Integer> bases = golden.shape(key + "/U0");
        int starts = bases.size() == 3 ? bases.get(0) : 1;
        double[] expected = stepByStep(golden, key, starts);
        int steps = expected.length / starts - 1;
        try (Floats a = backend.floats(golden.floats(key + "/a"));
                Floats c = backend.floats(golden.floats(key + "/c"));
                Floats u = backend.floats(golden.floats(key + "/U0"));
                Floats gradient = backend.floats(u.size());
                Floats objective = backend.floats(expected.length)) {
            Ascent ascent = new Ascent(starts, rows, dimensions, subspaces, 1f, Orthogonalization.AUTO);
            backend.subspaces().ascend(ascent, 1, a, c, u, gradient, objective, 0);
            checks.add(Check.largest(
                    "drsa " + key + "/gradient0", golden.doubles(key + "/gradient0"), backend.toArray(gradient), STEP));
            checks.add(Check.largest("drsa " + key + "/U1", golden.doubles(key + "/U1"), backend.toArray(u), STEP));
            backend.subspaces().ascend(ascent, steps - 1, a, c, u, gradient, objective, starts);
            long end = (long) steps * starts;
            backend.subspaces()
                    .subspaceGradient(starts, rows, 1, dimensions, subspaces, a, c, u, gradient, objective, end);
            float[] curve = backend.toArray(objective);
            int early = Math.min(EARLY_STEPS, steps);
            checks.add(new Check(
                    "drsa " + key + "/objective, steps 0 to " + early + ", relative",
                    relative(expected, curve, 0, (early + 1) * starts),
                    EARLY));
            checks.add(new Check(
                    "drsa " + key + "/objective, step " + steps + ", relative",
                    relative(expected, curve, steps * starts, expected.length),
                    LATE));
        }
    }

    /**
     * The objectives in the order of {@link unweave.kernels.Subspaces#ascend}: those of all starts before every step.
     */
    private static double[] stepByStep(SafeTensors golden, String key, int starts) throws IOException {
        double[] objectives = golden.doubles(key + "/objective");
        List<Integer> shape = golden.shape(key + "/objective");
        if (shape.size() == 1 || shape.get(0) != starts) {
            return objectives;
        }
        int values = shape.get(1);
        double[] turned = new double[objectives.length];
        for (int i = 0; i < turned.length; i++) {
            turned[i] = objectives[i % starts * values + i / starts];
        }
        return turned;
    }

    /** The largest difference of objectives {@code from} to {@code to} - 1; NaN if one is no number. */
    private static double relative(double[] expected, float[] actual, int from, int to) {
        double largest = 0;
        for (int i = from; i < to; i++) {
            largest = Math.max(largest, Math.abs(actual[i] - expected[i]) / Math.abs(expected[i]));
        }
        return largest;
    }

    /**
     * Eigenvalues relative to the largest; eigenvectors block by block, as projections onto their span. How far
     * rounding turns a subspace grows with the largest eigenvalue over the gap to those outside, so the tolerance does.
     */
    private static void components(SafeTensors golden, String key, int subspaces, List<Check> checks)
            throws IOException {
        int dimensions = golden.shape(key + "/a").get(1);
        double[] values = golden.doubles(key + "/prca_values");
        double[] vectors = golden.doubles(key + "/prca_vectors");
        ClosedFormBasis.Spectrum spectrum =
                ClosedFormBasis.relevantComponents(golden.floats(key + "/a"), golden.floats(key + "/c"), dimensions);
        double largest = Math.max(Math.abs(values[0]), Math.abs(values[dimensions - 1]));
        double difference = 0;
        for (int i = 0; i < dimensions; i++) {
            difference = Math.max(difference, Math.abs(spectrum.values()[i] - values[i]) / largest);
        }
        checks.add(new Check("drsa " + key + "/prca_values", difference, STEP));
        int size = dimensions / subspaces;
        for (int k = 0; k < subspaces; k++) {
            int from = k * size;
            int to = from + size;
            double gap = Math.min(
                    from == 0 ? largest : values[from - 1] - values[from],
                    to == dimensions ? largest : values[to - 1] - values[to]);
            checks.add(new Check(
                    "drsa " + key + "/prca_vectors, subspace " + (k + 1),
                    projectionDifference(spectrum.vectors(), vectors, from, to),
                    STEP * Math.max(1, largest / gap)));
        }
    }

    /** The largest difference of the projections onto eigenvectors from to to: ours in rows, the file's in columns. */
    private static double projectionDifference(double[][] ours, double[] columns, int from, int to) {
        int n = ours.length;
        double largest = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double difference = 0;
                for (int v = from; v < to; v++) {
                    difference += ours[v][i] * ours[v][j] - columns[i * n + v] * columns[j * n + v];
                }
                largest = Math.max(largest, Math.abs(difference));
            }
        }
        return largest;
    }
}

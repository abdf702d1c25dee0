package unweave.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import unweave.bench.GpuPlan.AscentPlan;
import unweave.bench.GpuResults.Difference;
import unweave.bench.GpuResults.Line;
import unweave.drsa.HaarOrthogonal;
import unweave.drsa.SubspaceAscent;
import unweave.drsa.SubspaceProgress;
import unweave.drsa.SubspaceSettings;
import unweave.kernels.Backend;
import unweave.kernels.Ceilings;
import unweave.kernels.Orthogonalization;

/** Times whole jobs on a GPU by the host's clock, from the first call until the result has arrived. */
final class GpuMeasurements {
    private static final int LEAST_WARM_UP = 3;
    private static final int STARTS = 3;
    private static final int SUBSPACES = 4;
    /** Directions that are planted into the data of an ascent, so that there are subspaces to find. */
    private static final int CONCEPTS = 12;

    private final Backend backend;
    private final Ceilings ceilings;

    GpuMeasurements(Backend backend, Ceilings ceilings) {
        this.backend = backend;
        this.ceilings = ceilings;
    }

    /** The median of many runs, after as many as the JVM needs to compile them. */
    Line time(Job job, GpuPlan plan) {
        double[] milliseconds = new double[plan.runs()];
        try (PreparedJob prepared = job.setup().prepare(backend, 1)) {
            long warm = System.nanoTime() + 1_000_000_000L * plan.warmUpSeconds();
            for (int run = 0; run < LEAST_WARM_UP || System.nanoTime() < warm; run++) {
                milliseconds(job.name(), prepared);
            }
            Arrays.setAll(milliseconds, run -> milliseconds(job.name(), prepared));
        }
        Arrays.sort(milliseconds);
        return line(job.name(), milliseconds, job.flops());
    }

    private double milliseconds(String name, PreparedJob job) {
        long begin = System.nanoTime();
        double result = job.run();
        backend.synchronize();
        if (!Double.isFinite(result)) {
            throw new ArithmeticException(name + ": the result is " + result);
        }
        return (System.nanoTime() - begin) * 1e-6;
    }

    /** @param sorted times in milliseconds */
    private Line line(String name, double[] sorted, double flops) {
        double median = sorted[sorted.length / 2];
        Double fraction = flops == 0 ? null : (Double) (flops / ceilings.flopsPerSecond() / (median * 1e-3));
        return new Line(
                name,
                median,
                sorted[sorted.length / 10],
                sorted[sorted.length - 1 - sorted.length / 10],
                fraction,
                null,
                null,
                null,
                null,
                null);
    }

    /** A whole search, transfers included. */
    Line time(AscentPlan plan, Orthogonalization orthogonalization) {
        climb(plan, orthogonalization, Math.min(plan.steps(), 20));
        long begin = System.nanoTime();
        climb(plan, orthogonalization, plan.steps());
        double[] milliseconds = {(System.nanoTime() - begin) * 1e-6};
        double flops = 8.0 * plan.steps() * STARTS * plan.rows() * plan.dimensions() * plan.dimensions();
        Line line = line(
                name(plan) + (orthogonalization == Orthogonalization.EIGEN ? "" : ", " + orthogonalization),
                milliseconds,
                flops);
        if (Double.isNaN(plan.targetSeconds())) {
            return line;
        }
        String target = String.format(Locale.ROOT, "at most %.0f s", plan.targetSeconds());
        return new Line(
                line.name(),
                line.milliseconds(),
                line.low(),
                line.high(),
                line.ceilingFraction(),
                null,
                null,
                null,
                target,
                line.milliseconds() <= 1e3 * plan.targetSeconds());
    }

    /** One step, and all of them, by both orthogonalisations. */
    Difference compare(AscentPlan plan) {
        Climbed eigen = climb(plan, Orthogonalization.EIGEN, 1);
        Climbed newtonSchulz = climb(plan, Orthogonalization.NEWTON_SCHULZ, 1);
        double largest = 0;
        for (int i = 0; i < eigen.basis().length; i++) {
            largest = Math.max(largest, Math.abs(eigen.basis()[i] - newtonSchulz.basis()[i]));
        }
        double expected = climb(plan, Orthogonalization.EIGEN, plan.steps()).objective();
        double actual =
                climb(plan, Orthogonalization.NEWTON_SCHULZ, plan.steps()).objective();
        return new Difference(name(plan), largest, plan.steps(), Math.abs(actual - expected) / expected);
    }

    private static String name(AscentPlan plan) {
        return "DRSA, D " + plan.dimensions() + " N " + plan.rows() + " K " + SUBSPACES + ", " + STARTS + " starts x "
                + plan.steps() + " steps";
    }

    /** U of the first start and the best objective. */
    private record Climbed(float[] basis, double objective) {}

    private Climbed climb(AscentPlan plan, Orthogonalization orthogonalization, int steps) {
        int d = plan.dimensions();
        SubspaceSettings settings = new SubspaceSettings(SUBSPACES, steps, STARTS, 1, 1f, orthogonalization);
        Data data = Data.of(plan.rows(), d);
        try (SubspaceAscent ascent =
                new SubspaceAscent(backend, settings, 1, d, data.activations(), data.contexts(), starts(d))) {
            ascent.run(SubspaceProgress.SILENT);
            double best = Arrays.stream(ascent.curves())
                    .mapToDouble(curve -> curve[steps])
                    .max()
                    .orElseThrow();
            return new Climbed(ascent.basis(0), best);
        }
    }

    private static float[] starts(int d) {
        float[] all = new float[STARTS * d * d];
        for (int start = 0; start < STARTS; start++) {
            double[] one = HaarOrthogonal.sample(d, start);
            for (int i = 0; i < one.length; i++) {
                all[start * one.length + i] = (float) one[i];
            }
        }
        return all;
    }

    /**
     * Activations (what a ReLU gives) and contexts of a few concepts under noise, normalised as the thesis does (3.4).
     */
    private record Data(float[] activations, float[] contexts) {
        static Data of(int rows, int d) {
            SplittableRandom random = new SplittableRandom(d);
            double[][] patterns = new double[CONCEPTS][d];
            for (double[] pattern : patterns) {
                Arrays.setAll(pattern, j -> random.nextInt(10) < 4 ? Math.max(0, random.nextGaussian()) : 0);
            }
            float[] a = new float[rows * d];
            float[] c = new float[rows * d];
            for (int n = 0; n < rows; n++) {
                double[] strengths = new double[CONCEPTS];
                Arrays.setAll(strengths, k -> random.nextInt(10) < 3 ? random.nextDouble() : 0);
                for (int j = 0; j < d; j++) {
                    double signal = 0;
                    for (int k = 0; k < CONCEPTS; k++) {
                        signal += strengths[k] * patterns[k][j];
                    }
                    a[n * d + j] = (float) Math.max(0, signal + 0.3 * random.nextGaussian());
                    c[n * d + j] = (float) (0.3 * signal + 0.5 * random.nextGaussian());
                }
            }
            return new Data(normalized(a, d), normalized(c, d));
        }

        private static float[] normalized(float[] values, int d) {
            double squares = 0;
            for (float value : values) {
                squares += (double) value * value;
            }
            double factor = 1 / (Math.pow(d, 0.25) * Math.sqrt(squares / values.length));
            for (int i = 0; i < values.length; i++) {
                values[i] *= (float) factor;
            }
            return values;
        }
    }

    /** The searches of a plan: by eigenvalues against their targets, by Newton-Schulz for comparison. */
    List<Line> ascents(List<AscentPlan> plans) {
        List<Line> lines = new ArrayList<>();
        for (AscentPlan plan : plans) {
            lines.add(time(plan, Orthogonalization.EIGEN));
            lines.add(time(
                    new AscentPlan(plan.dimensions(), plan.rows(), plan.steps(), Double.NaN),
                    Orthogonalization.NEWTON_SCHULZ));
        }
        return lines;
    }
}

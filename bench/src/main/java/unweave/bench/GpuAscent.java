package unweave.bench;

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
import unweave.kernels.Orthogonalization;

/** One search for subspaces on a GPU, by both orthogonalisations. Data and starts are made once, and are not timed. */
final class GpuAscent {
    private static final int STARTS = 3;
    private static final int SUBSPACES = 4;
    private static final int WARM_UP_STEPS = 20;
    /** Directions that are planted into the data, so that there are subspaces to find. */
    private static final int CONCEPTS = 12;

    private final Backend backend;
    private final GpuMeasurements measurements;
    private final AscentPlan plan;
    private final Data data;
    private final float[] starts;

    GpuAscent(Backend backend, GpuMeasurements measurements, AscentPlan plan) {
        this.backend = backend;
        this.measurements = measurements;
        this.plan = plan;
        data = Data.of(plan.rows(), plan.dimensions());
        starts = starts(plan.dimensions());
    }

    /** By eigenvalues against the target, by Newton-Schulz for comparison. */
    List<Line> lines() {
        Line eigen = time(Orthogonalization.EIGEN);
        if (!Double.isNaN(plan.targetSeconds())) {
            eigen = eigen.withTarget(
                    String.format(Locale.ROOT, "at most %.0f s", plan.targetSeconds()),
                    eigen.milliseconds() <= 1e3 * plan.targetSeconds());
        }
        return List.of(eigen, time(Orthogonalization.NEWTON_SCHULZ));
    }

    /** A whole search, transfers included. */
    private Line time(Orthogonalization orthogonalization) {
        climb(orthogonalization, Math.min(plan.steps(), WARM_UP_STEPS));
        long begin = System.nanoTime();
        climb(orthogonalization, plan.steps());
        double[] milliseconds = {(System.nanoTime() - begin) * 1e-6};
        double flops = 8.0 * plan.steps() * STARTS * plan.rows() * plan.dimensions() * plan.dimensions();
        String way = orthogonalization == Orthogonalization.EIGEN ? "" : ", " + orthogonalization;
        return measurements.line(name() + way, milliseconds, flops);
    }

    /** One step, and all of them, by both orthogonalisations. */
    Difference difference() {
        Climbed eigen = climb(Orthogonalization.EIGEN, 1);
        Climbed newtonSchulz = climb(Orthogonalization.NEWTON_SCHULZ, 1);
        double largest = 0;
        for (int i = 0; i < eigen.basis().length; i++) {
            largest = Math.max(largest, Math.abs(eigen.basis()[i] - newtonSchulz.basis()[i]));
        }
        double expected = climb(Orthogonalization.EIGEN, plan.steps()).objective();
        double actual = climb(Orthogonalization.NEWTON_SCHULZ, plan.steps()).objective();
        return new Difference(name(), largest, plan.steps(), Math.abs(actual - expected) / expected);
    }

    private String name() {
        return "DRSA, D " + plan.dimensions() + " N " + plan.rows() + " K " + SUBSPACES + ", " + STARTS + " starts x "
                + plan.steps() + " steps";
    }

    /** U of the first start and the best objective. */
    private record Climbed(float[] basis, double objective) {}

    private Climbed climb(Orthogonalization orthogonalization, int steps) {
        SubspaceSettings settings = new SubspaceSettings(SUBSPACES, steps, STARTS, 1, 1f, orthogonalization);
        try (SubspaceAscent ascent = new SubspaceAscent(
                backend, settings, 1, plan.dimensions(), data.activations(), data.contexts(), starts)) {
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
}

package unweave.bench;

import java.util.Arrays;
import unweave.bench.GpuResults.Line;
import unweave.kernels.Backend;
import unweave.kernels.Ceilings;

/** Times whole jobs on a GPU by the host's clock, from the first call until the result has arrived. */
final class GpuMeasurements {
    private static final int LEAST_WARM_UP = 3;

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
    Line line(String name, double[] sorted, double flops) {
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
}

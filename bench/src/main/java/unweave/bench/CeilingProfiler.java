package unweave.bench;

import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;
import unweave.kernels.cpu.CpuBackend;

/**
 * Measures peak arithmetic directly before and after each iteration, on as many threads as the benchmark computes with:
 * the speed of a shared machine changes from one second to the next, and a kernel's share of the speed available at the
 * same moment compares better than its share of the best speed.
 */
public final class CeilingProfiler implements InternalProfiler {
    /**
     * The name of its result: the arithmetic that the machine could have done in the time of the iteration's median
     * run.
     */
    static final String LABEL = "arithmetic.possible";

    private static final long NANOS = 20_000_000;

    private CpuBackend backend;
    private double before;

    @Override
    public String getDescription() {
        return "arithmetic from registers in the time of a run, at the speed of the moment";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        if (backend == null) {
            backend = CpuBackend.create(Integer.parseInt(benchmark.getParam("threads")));
        }
        before = backend.arithmeticNow(NANOS);
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        if (result.getRawPrimaryResults().isEmpty()) {
            return List.of(); // the benchmark has failed; the harness reports it
        }
        double perSecond = (before + backend.arithmeticNow(NANOS)) / 2;
        double seconds = result.getPrimaryResult().getStatistics().getPercentile(50) * 1e-3;
        return List.of(new ScalarResult(LABEL, perSecond * seconds, "flop", AggregationPolicy.AVG));
    }
}

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
import org.openjdk.jmh.runner.IterationType;

/** Lets JMH report the {@link ResidentMemory} of the measured iteration with the lowest peak. */
public final class PeakMemoryProfiler implements InternalProfiler {
    /** The name of its result. */
    static final String LABEL = "memory.peak";

    @Override
    public String getDescription() {
        return "peak of resident memory over what was resident before the job was prepared";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        if (iteration.getType() == IterationType.MEASUREMENT) {
            ResidentMemory.resetPeak();
        }
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        return List.of(new ScalarResult(LABEL, ResidentMemory.peakGrowth(), "B", AggregationPolicy.MIN));
    }
}

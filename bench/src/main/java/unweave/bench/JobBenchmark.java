package unweave.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

/** JMH's view of {@link Jobs}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class JobBenchmark {
    /** The name of a job; JMH demands a default. */
    @Param("toy training step, batch 16")
    String name;

    /** How many threads compute; 0 for one per processor. */
    @Param("0")
    int threads;

    private Backend backend;
    private PreparedJob job;

    @Setup
    public void prepare() {
        backend = CpuBackend.create(threads);
        ResidentMemory.setBaseline();
        job = Jobs.named(name).setup().prepare(backend, threads);
    }

    @Benchmark
    public double run() {
        return job.run();
    }

    @TearDown
    public void close() {
        job.close();
        backend.close();
    }
}

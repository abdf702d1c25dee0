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
import unweave.kernels.operations.OperationCase;
import unweave.kernels.operations.Operations;
import unweave.kernels.operations.PreparedOperation;

/** JMH's view of the table of operations. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class OperationBenchmark {
    /** The name of an operation; JMH demands a default. */
    @Param("orthogonalize 1x128x128")
    String name;

    /** How many threads compute; 0 for one per processor. */
    @Param("0")
    int threads;

    private Backend backend;
    private PreparedOperation operation;

    @Setup
    public void prepare() {
        OperationCase wanted = Operations.all().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no operation \"" + name + "\""));
        backend = CpuBackend.create(threads);
        operation = wanted.prepare(backend);
    }

    @Benchmark
    public void run() {
        operation.run();
        backend.synchronize();
    }

    /** The operands after {@link #run}. */
    PreparedOperation operation() {
        return operation;
    }

    @TearDown
    public void close() {
        operation.close();
        backend.close();
    }
}

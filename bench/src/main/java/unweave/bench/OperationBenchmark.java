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
import unweave.explain.Devices;
import unweave.explain.progress.Monitor;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.ConvolutionLibrary;
import unweave.kernels.operations.OperationCase;
import unweave.kernels.operations.Operations;
import unweave.kernels.operations.PreparedOperation;

/** JMH's view of the table of operations, on a CPU or a GPU. */
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

    /** What computes: cpu, cuda or cuda:N. */
    @Param("cpu")
    String device;

    private Backend backend;
    private PreparedOperation operation;

    @Setup
    public void prepare() {
        OperationCase wanted = named(name);
        backend = Devices.open(device, ConvolutionLibrary.OWN, threads, Monitor.silent());
        operation = wanted.prepare(backend);
    }

    /**
     * The operation of that name in the table.
     *
     * @throws BadInputException if there is none
     */
    static OperationCase named(String name) {
        return Operations.all().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadInputException(
                        "there is no operation \"" + name + "\"; ./unweave bench --all --list shows the names"));
    }

    /** Queues the operation and waits until it is done. */
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

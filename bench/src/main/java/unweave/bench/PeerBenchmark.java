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

/** JMH's view of the jobs of a {@link Peer}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class PeerBenchmark {
    /** The name of a job; JMH demands a default. */
    @Param("toy training step, batch 16")
    String name;

    /** The name of a peer. */
    @Param("PyTorch")
    String peer;

    /** How many threads compute; 0 for one per processor. */
    @Param("0")
    int threads;

    /** Whether the results are compared with ours first, whose models take memory. */
    @Param("true")
    boolean check;

    private PreparedJob job;

    @Setup
    public void prepare() {
        Peer chosen = Peer.named(peer);
        PeerJob wanted = chosen.jobs().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(peer + " has no job \"" + name + "\""));
        chosen.load(threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
        if (check) {
            wanted.check().run();
        }
        ResidentMemory.setBaseline();
        job = wanted.setup().get();
    }

    @Benchmark
    public double run() {
        return job.run();
    }

    @TearDown
    public void close() {
        job.close();
    }
}

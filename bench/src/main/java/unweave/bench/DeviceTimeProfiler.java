package unweave.bench;

import java.util.ArrayList;
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
import unweave.explain.Devices;
import unweave.explain.progress.Monitor;
import unweave.kernels.Backend;
import unweave.kernels.ConvolutionLibrary;
import unweave.kernels.DeviceLog;
import unweave.kernels.Recording;
import unweave.kernels.operations.OperationCase;
import unweave.kernels.operations.PreparedOperation;

/**
 * Times the operation of an {@link OperationBenchmark} on its GPU by GPU events, directly after each iteration: what
 * the device needs, without the host's calls and waiting. Many runs are recorded as one CUDA graph, with an event
 * before and one behind it, so that the device never waits for the host between them. Operations that cannot be
 * recorded ({@link OperationCase#isRecordable}) have two events around each of their kernels instead. The runs that JMH
 * times have no events.
 */
public final class DeviceTimeProfiler implements InternalProfiler {
    /** The name of its first result: milliseconds that a run takes on the device, the median over the graphs. */
    static final String TIME = "device.time";
    /** The name of its second result: kernels, copies and library calls that a run queues. */
    static final String LAUNCHES = "device.launches";

    private static final double GRAPH_NANOS = 2e6;
    private static final double ALL_NANOS = 1e8;
    private static final int MOST_RUNS_OF_A_GRAPH = 100;
    private static final int LEAST_GRAPHS = 3;
    private static final int MOST_GRAPHS = 100;

    /**
     * What the device needs for a run.
     *
     * @param milliseconds between GPU events
     * @param launches kernels, copies and library calls
     */
    record DeviceTime(double milliseconds, double launches) {}

    @Override
    public String getDescription() {
        return "time of a run on the device by GPU events";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        // The device is looked at behind the iteration.
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        if (iteration.getType() != IterationType.MEASUREMENT
                || result.getRawPrimaryResults().isEmpty()) {
            return List.of(); // warming up, or the benchmark has failed, which the harness reports
        }
        DeviceTime time = measure(OperationBenchmark.named(benchmark.getParam("name")), benchmark.getParam("device"));
        return List.of(
                new ScalarResult(TIME, time.milliseconds(), "ms/op", AggregationPolicy.AVG),
                new ScalarResult(LAUNCHES, time.launches(), "launches/op", AggregationPolicy.AVG));
    }

    /** What the device has done, in its order. */
    private static final class Pieces implements DeviceLog {
        private final List<Double> graphs = new ArrayList<>();
        private final List<Double> launches = new ArrayList<>();

        @Override
        public void deviceWork(
                String stream, String work, String shape, double flops, double bytes, long begin, long end) {
            (work.equals("graph") ? graphs : launches).add((end - begin) * 1e-6);
        }
    }

    /** Opens the device, runs, and closes it, which is when all events have been read. */
    static DeviceTime measure(OperationCase operation, String device) {
        Pieces pieces = new Pieces();
        int runs; // of a graph
        int directly = 1; // counted, not timed, where there are graphs
        try (Backend backend = Devices.open(device, ConvolutionLibrary.OWN, 0, Monitor.silent());
                PreparedOperation prepared = operation.prepare(backend)) {
            nanos(prepared, backend); // loads the kernels
            double nanos = nanos(prepared, backend);
            runs = (int) Math.max(1, Math.min(MOST_RUNS_OF_A_GRAPH, GRAPH_NANOS / nanos));
            int graphs = (int) Math.max(LEAST_GRAPHS, Math.min(MOST_GRAPHS, ALL_NANOS / (nanos * runs)));
            if (operation.isRecordable()) {
                play(prepared, backend, runs, graphs, pieces);
            } else {
                directly = runs * graphs;
                report(backend, pieces);
            }
            repeat(prepared, directly);
        }
        double milliseconds = operation.isRecordable()
                ? median(pieces.graphs) / runs
                : pieces.launches.stream().mapToDouble(Double::doubleValue).sum() / directly;
        return new DeviceTime(milliseconds, pieces.launches.size() / (double) directly);
    }

    private static double nanos(PreparedOperation operation, Backend backend) {
        long begin = System.nanoTime();
        operation.run();
        backend.synchronize();
        return System.nanoTime() - begin;
    }

    /** The recording is made before events are, so that it becomes one graph. */
    private static void play(PreparedOperation operation, Backend backend, int runs, int graphs, Pieces pieces) {
        try (Recording recording = backend.record(() -> repeat(operation, runs))) {
            report(backend, pieces);
            for (int i = 0; i < graphs; i++) {
                recording.play();
            }
        }
    }

    private static void report(Backend backend, Pieces pieces) {
        if (!backend.reportTo(pieces)) {
            throw new IllegalStateException(backend.description() + " has no events");
        }
    }

    private static void repeat(PreparedOperation operation, int runs) {
        for (int i = 0; i < runs; i++) {
            operation.run();
        }
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }
}

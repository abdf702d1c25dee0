package unweave.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.runner.options.TimeValue;
import unweave.bench.BenchmarkRun.Entry;
import unweave.bench.DeviceTimeProfiler.DeviceTime;
import unweave.cli.console.Console;
import unweave.explain.output.Json;
import unweave.kernels.cuda.TestGpu;
import unweave.kernels.operations.OperationCase;
import unweave.kernels.operations.Operations;

/** The benchmarks on a GPU, or on the stand-in for one, whose times mean nothing. */
class GpuOperationBenchmarkTest {
    @BeforeAll
    static void aGpuIsThere() {
        TestGpu.requirePlatform();
        TestGpu.prepare();
    }

    static List<OperationCase> smallest() {
        return OperationBenchmarkTest.smallest();
    }

    @ParameterizedTest
    @MethodSource("smallest")
    void everyOperationRunsOnTheGpuAndWritesNumbers(OperationCase operation) {
        OperationBenchmarkTest.requireNumbers(operation, "cuda");
    }

    /** What engineers ask first: a convolution, a pooling, a product, a pass of LRP and the subspaces' gradient. */
    @Test
    void theTableHasTheDevicesTimeBesideTheHosts() {
        List<String> operations = List.of(
                "convForward",
                "maxPoolForward",
                "convReluMaxPool",
                "gemm",
                "convBackwardInputProduct",
                "subspaceGradient");
        List<Entry> entries = Benchmarks.entries(List.of(), true, true).stream()
                .filter(entry -> operations.contains(entry.name().split(" ", 2)[0])
                        && smallest().stream()
                                .anyMatch(operation -> operation.name().equals(entry.name())))
                .toList();
        assertEquals(operations.size(), entries.size());
        Harness inThisJvm = new Harness(0, 1, 1, TimeValue.milliseconds(1), null);
        Results results =
                new BenchmarkRun(inThisJvm, "cuda:0", 0, null, List.of()).measure(entries, Console.system(true));
        for (Measurement measurement : results.measurements()) {
            Timing timing = measurement.timing();
            assertTrue(timing.deviceMilliseconds() > 0 && timing.launches() >= 1, measurement.toString());
            assertTrue(Double.isNaN(timing.possibleFlops()), "the CPU's peak says nothing of a GPU: " + measurement);
            assertEquals(
                    1e-9 * flops(measurement.name()) / (1e-3 * timing.deviceMilliseconds()),
                    measurement.gflops(),
                    1e-9 * measurement.gflops());
        }
        List<String> lines = results.lines();
        assertEquals(
                List.of("cuda:0", 0),
                List.of(results.settings().device(), results.settings().threads()));
        assertTrue(lines.get(1).contains("compute capability"), lines.get(1));
        assertTrue(lines.get(2).startsWith("roofline, the GPU: "), lines.get(2));
        assertEquals(
                "host ms 10 % - 90 % of runs device ms launches GFLOP/s GB/s roofline allocated",
                lines.get(4).strip().replaceAll(" +", " "));
        assertEquals(5 + entries.size(), lines.size());
        String json = Json.pretty(results);
        assertTrue(json.contains("\"device\": \"cuda:0\"") && json.contains("\"deviceMilliseconds\": 0."), json);
    }

    private static double flops(String name) {
        return OperationBenchmark.named(name).cost().flops();
    }

    /** The orthogonalisation cannot be recorded as a graph: each of its launches has events of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"gemm", "avgPoolBackward", "orthogonalize"})
    void graphsAndSingleLaunchesAreTimed(String operation) {
        OperationCase small = Operations.small().stream()
                .filter(candidate -> candidate.operation().equals(operation))
                .findFirst()
                .orElseThrow();
        DeviceTime time = DeviceTimeProfiler.measure(small, "cuda");
        assertTrue(time.milliseconds() > 0 && time.launches() >= 1, time.toString());
    }
}

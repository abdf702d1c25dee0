package unweave.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unweave.kernels.operations.OperationCase;
import unweave.kernels.operations.Operations;

class OperationBenchmarkTest {
    /** Of each method of the backend the smallest shape that is timed. */
    static List<OperationCase> smallest() {
        Map<String, OperationCase> smallest = Operations.ofBenchmarkSize().stream()
                .collect(Collectors.toMap(
                        OperationCase::operation,
                        c -> c,
                        BinaryOperator.minBy(Comparator.comparingDouble(
                                operation -> operation.cost().bytes())),
                        TreeMap::new));
        return List.copyOf(smallest.values());
    }

    @ParameterizedTest
    @MethodSource("smallest")
    void everyOperationRunsAndWritesNumbers(OperationCase operation) {
        requireNumbers(operation, "cpu");
    }

    /** Runs the benchmark of an operation once on a device. */
    static void requireNumbers(OperationCase operation, String device) {
        OperationBenchmark benchmark = new OperationBenchmark();
        benchmark.name = operation.name();
        benchmark.device = device;
        benchmark.prepare();
        try {
            benchmark.run();
            for (String output : operation.outputNames()) {
                for (float value : benchmark.operation().download(output)) {
                    assertTrue(Float.isFinite(value), output);
                }
            }
        } finally {
            benchmark.close();
        }
    }
}

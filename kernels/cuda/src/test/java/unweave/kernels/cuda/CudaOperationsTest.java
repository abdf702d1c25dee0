package unweave.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import unweave.kernels.operations.OperationCase;
import unweave.kernels.operations.OperationCheck;
import unweave.kernels.operations.Operations;

/** The table of operations on a GPU: the definition is met, and the same call gives the same bytes. */
class CudaOperationsTest {
    private static CudaBackend backend;

    @BeforeAll
    static void openGpu() {
        backend = TestGpu.open();
    }

    @AfterAll
    static void closeGpu() {
        if (backend != null) {
            backend.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> theKernelsAgreeWithTheDefinition() {
        return Operations.small().stream()
                .map(operation -> dynamicTest(operation.name(), () -> {
                    OperationCheck check = OperationCheck.run(operation, backend);
                    assertNull(check.problem(), check::problem);
                }));
    }

    @TestFactory
    Stream<DynamicTest> theSameCallGivesTheSameBytes() {
        return Operations.small().stream()
                .map(operation -> dynamicTest(operation.name(), () -> {
                    float[][] first = operation.run(backend);
                    float[][] second = operation.run(backend);
                    assertSameBytes(operation, first, second);
                }));
    }

    @TestFactory
    Stream<DynamicTest> recordedAndPlayedOperationsDoNotDifferByABit() {
        return Operations.small().stream()
                .filter(OperationCase::isRecordable)
                .map(operation -> dynamicTest(
                        operation.name(),
                        () -> assertSameBytes(operation, operation.run(backend), operation.runRecorded(backend))));
    }

    private static void assertSameBytes(OperationCase operation, float[][] first, float[][] second) {
        for (int output = 0; output < first.length; output++) {
            int[] expected = new int[first[output].length];
            int[] actual = new int[expected.length];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = Float.floatToRawIntBits(first[output][i]);
                actual[i] = Float.floatToRawIntBits(second[output][i]);
            }
            assertArrayEquals(expected, actual, operation.outputNames().get(output));
        }
    }
}

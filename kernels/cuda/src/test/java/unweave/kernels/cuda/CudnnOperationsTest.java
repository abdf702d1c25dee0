package unweave.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import unweave.kernels.ConvolutionLibrary;
import unweave.kernels.cuda.driver.CudaUnavailableException;
import unweave.kernels.operations.OperationCheck;
import unweave.kernels.operations.Operations;

/** What cuDNN computes, or leaves to our kernels, agrees with the definition. */
class CudnnOperationsTest {
    private static final Set<String> OPERATIONS = Set.of(
            "convForward",
            "convBackwardInput",
            "convBackwardWeights",
            "gemm",
            "maxPoolForward",
            "maxPoolBackward",
            "avgPoolForward",
            "avgPoolBackward");
    private static CudaBackend backend;

    @BeforeAll
    static void openGpu() {
        TestGpu.prepare();
        System.setProperty(CudaBackend.LEAK_CHECK, "true");
        try {
            backend = CudaBackend.create(0, ConvolutionLibrary.CUDNN);
        } catch (CudaUnavailableException e) {
            Assumptions.assumeFalse(
                    TestGpu.isReal(), e.getMessage()); // a real GPU may come without cuDNN, the stand-in may not
            throw e;
        }
    }

    @AfterAll
    static void closeGpu() {
        if (backend != null) {
            backend.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> theLibraryAgreesWithTheDefinition() {
        return Operations.small().stream()
                .filter(operation -> OPERATIONS.contains(operation.operation()))
                .map(operation -> dynamicTest(operation.name(), () -> {
                    OperationCheck check = OperationCheck.run(operation, backend);
                    assertNull(check.problem(), check::problem);
                }));
    }
}

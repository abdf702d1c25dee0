package unweave.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import unweave.kernels.cuda.driver.CudaException;
import unweave.kernels.cuda.driver.CudaUnavailableException;

class ErrorReportTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final ErrorReport report = new ErrorReport(new PrintStream(said, true, StandardCharsets.UTF_8));

    @Test
    void aDeviceThatIsNotThereIsForTheUserToMend() {
        assertEquals(2, report.execution(new CudaUnavailableException("--device cuda: no NVIDIA driver"), null, null));
        assertEquals("unweave: --device cuda: no NVIDIA driver\n", said.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aKernelThatFailsIsNamedInOneLine() {
        assertEquals(
                1,
                report.execution(
                        new CudaException("kernel relu failed: an illegal memory access was encountered"), null, null));
        assertEquals(
                "unweave: the GPU failed: kernel relu failed: an illegal memory access was encountered\n",
                said.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aDefectOfOursShowsWhere() {
        assertEquals(
                1, report.execution(new IllegalStateException("GPU memory is used after it was closed"), null, null));
        String text = said.toString(StandardCharsets.UTF_8);
        assertEquals(
                "unweave: internal error, please report it with the lines below",
                text.lines().findFirst().orElseThrow());
        assertEquals(
                "java.lang.IllegalStateException: GPU memory is used after it was closed",
                text.lines().skip(1).findFirst().orElseThrow());
    }
}

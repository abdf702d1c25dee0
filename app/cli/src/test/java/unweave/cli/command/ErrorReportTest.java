package unweave.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import unweave.kernels.BadInputException;
import unweave.kernels.DeviceUnavailableException;

class ErrorReportTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final ErrorReport report = new ErrorReport(new PrintStream(said, true, StandardCharsets.UTF_8));

    @Test
    void aDeviceThatIsNotThereIsForTheUserToMend() {
        assertEquals(
                2,
                report.execution(
                        new DeviceUnavailableException("--device cuda: no NVIDIA driver", true, null), null, null));
        assertEquals("unweave: --device cuda: no NVIDIA driver\n", said.toString(StandardCharsets.UTF_8));
    }

    @Test
    void badInputIsOneLine() {
        assertEquals(2, report.execution(new BadInputException("song.wav: silent"), null, null));
        assertEquals("unweave: song.wav: silent\n", said.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aFileThatIsMissingIsBadInput() {
        assertEquals(
                2,
                report.execution(new UncheckedIOException(new NoSuchFileException("model.safetensors")), null, null));
        assertEquals("unweave: model.safetensors: no such file or folder\n", said.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aDefectIsOneLineThatNamesItsTrace() throws IOException {
        for (Exception problem : List.of(
                new IllegalArgumentException("2 maps do not fit into 1"),
                new ArithmeticException("/ by zero"),
                new IllegalStateException("GPU memory is used after it was closed"),
                new IllegalStateException("kernel relu failed: an illegal memory access was encountered"))) {
            said.reset();
            assertEquals(3, report.execution(problem, null, null));
            String text = said.toString(StandardCharsets.UTF_8);
            assertEquals(1, text.lines().count(), text);
            String start = "unweave: a defect in Unweave (" + problem + "); please report it with ";
            assertTrue(text.startsWith(start), text);
            Path trace = Path.of(text.substring(start.length()).strip());
            assertTrue(Files.readString(trace).contains("\tat " + getClass().getName()), trace.toString());
            Files.delete(trace);
        }
    }
}

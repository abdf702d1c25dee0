package unweave.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.explain.progress.Monitor;
import unweave.kernels.Backend;
import unweave.kernels.ConvolutionLibrary;
import unweave.kernels.cuda.TestGpu;

/** Which device a name gives, on machines that the stand-in plays; each in a process of its own. */
class DevicesTest {
    @TempDir
    private Path folder;

    /** Opens the device named by the first argument; prints the remarks and what it is. */
    static final class Opened {
        private Opened() {}

        public static void main(String[] arguments) {
            Monitor monitor = new Monitor() {
                @Override
                public void note(String line) {
                    System.out.println(line);
                }
            };
            try (Backend backend = Devices.open(arguments[0], ConvolutionLibrary.OWN, 1, monitor)) {
                System.out.println(backend.description());
            }
        }
    }

    @Test
    void unknownNamesAreRefused() {
        for (String name : new String[] {"gpu", "cuda:", "cuda:x", "cuda:-1", "CPU", ""}) {
            assertThrows(IllegalArgumentException.class, () -> Devices.requireKnown(name));
        }
        for (String name : new String[] {"auto", "cpu", "scalar", "cuda", "cuda:12"}) {
            Devices.requireKnown(name);
        }
    }

    @Test
    void withoutADriverAutoIsTheCpuAndNothingIsSaid() throws Exception {
        List<String> lines = open(folder, Map.of(), "auto");
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.get(0).startsWith("CPU, "), lines::toString);
    }

    @Tag("gpu")
    @Test
    void autoTakesTheGpu() throws Exception {
        List<String> lines = open(TestGpu.standin(), Map.of(), "auto");
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.get(0).contains("compute capability 9.0"), lines::toString);
    }

    @Tag("gpu")
    @Test
    void autoSaysWhyItDoesNotTakeAGpuThatIsThere() throws Exception {
        List<String> lines = open(TestGpu.standin(), Map.of("UNWEAVE_STANDIN_COMPUTE_CAPABILITY", "6.1"), "auto");
        assertEquals(2, lines.size(), lines::toString);
        assertTrue(
                lines.get(0)
                        .startsWith(
                                "the CPU computes, since the GPU cannot be used: GPU 0 (CUDA stand-in on the CPU) is too old"),
                lines::toString);
        assertTrue(lines.get(1).startsWith("CPU, "), lines::toString);
    }

    private List<String> open(Path libraries, Map<String, String> environment, String device)
            throws IOException, InterruptedException {
        Path errors = folder.resolve("errors");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "-Dunweave.cuda.libraries=" + libraries,
                "-Dunweave.cuda.systemLibraries=false",
                Opened.class.getName(),
                device));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("UNWEAVE_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(0, process.waitFor(), Files.readString(errors));
        return lines;
    }
}

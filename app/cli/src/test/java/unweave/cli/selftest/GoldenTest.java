package unweave.cli.selftest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

/** Everything in the golden folder: the system property {@code golden.dir}, or the copies beside this test. */
class GoldenTest {
    @TestFactory
    Stream<DynamicTest> agreesWithIndependentSoftware() throws Exception {
        return GoldenFiles.in(folder()).stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> compare(file)));
    }

    private static void compare(Path file) throws IOException {
        try (Backend backend = CpuBackend.create(2)) {
            compare(file, backend);
        }
    }

    static void compare(Path file, Backend backend) throws IOException {
        List<Check> checks = GoldenFiles.compare(file, backend);
        assertFalse(checks.isEmpty(), file + " holds nothing to compare");
        List<Check> failed = checks.stream().filter(check -> !check.ok()).toList();
        assertTrue(failed.isEmpty(), () -> failed.size() + " of " + checks.size() + " differ: " + failed);
    }

    /** A relative property may be meant from this module's folder or from the root, where Maven was started. */
    static Path folder() throws URISyntaxException {
        String property = System.getProperty("golden.dir");
        if (property == null) {
            return Path.of(GoldenTest.class.getResource("/golden").toURI());
        }
        Path given = Path.of(property);
        return Files.isDirectory(given) ? given : Path.of("../..").resolve(given);
    }

    @Test
    void aWrongValueIsFound() {
        double[] expected = {1, -2, 4};
        assertTrue(
                Check.largest("same", expected, new double[] {1, -2, 4}, 1e-9).ok());
        assertEquals(
                0.25,
                Check.largest("one off", expected, new double[] {1, -1, 4}, 1e-9)
                        .error(),
                1e-12);
        assertFalse(Check.largest("not a number", expected, new double[] {1, Double.NaN, 4}, 1e9)
                .ok());
        assertFalse(
                Check.largest("too short", expected, new double[] {1, -2}, 1e9).ok());
        assertFalse(Check.rootMeanSquare("quieter", expected, new float[] {0.9f, -1.8f, 3.6f}, 0.09)
                .ok());
        assertTrue(Check.rootMeanSquare("quieter", expected, new float[] {0.9f, -1.8f, 3.6f}, 0.11)
                .ok());
    }

    @Test
    void aFolderWithoutGoldenFilesIsRefused(@TempDir Path empty) {
        IllegalArgumentException problem = assertThrows(IllegalArgumentException.class, () -> GoldenFiles.in(empty));
        assertTrue(problem.getMessage().contains("toy_model.safetensors"), problem.getMessage());
    }
}

package unweave.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

/** The Java example of the README: it compiles, runs, and is what the README says. */
class ReadmeTest {
    private static final int SECONDS = 31;

    @TempDir
    private Path folder;

    private static String example() throws IOException {
        try (InputStream in = ReadmeTest.class.getResourceAsStream("readme.java.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void theReadmeShowsTheExample() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("README.md"))) {
            root = root.getParent();
        }
        assertTrue(
                Files.readString(root.resolve("README.md")).contains("```java\n" + example() + "```"),
                "the README's Java block has to be src/test/resources/unweave/explain/readme.java.txt");
    }

    @Test
    void theExampleRuns() throws IOException, InterruptedException {
        try (Backend backend = CpuBackend.create(1)) {
            ExampleNetwork.writeFiles(folder, backend);
        }
        ExampleNetwork.writeTone(folder.resolve("song.wav"), 440, SECONDS * ExampleNetwork.SAMPLE_RATE);
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Path source = folder.resolve("Example.java");
        Files.writeString(source, program(example()));
        assertEquals(
                0,
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-cp", classPath, "-d", folder.toString(), source.toString()));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        folder + ":" + classPath,
                        "Example")
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(0, process.waitFor(), lines::toString);
        assertTrue(ExampleNetwork.CLASSES.contains(lines.get(0).split(" ", 2)[0]), lines::toString);
        assertEquals(1 + ExampleNetwork.CONCEPTS, lines.size(), lines::toString);
        assertTrue(Files.size(folder.resolve("concept-" + ExampleNetwork.CONCEPTS + ".wav")) > ExampleNetwork.SAMPLES);
    }

    /** The example as a program: its imports, and the rest as what {@code main} does. */
    private static String program(String example) {
        String imports =
                example.lines().filter(line -> line.startsWith("import ")).collect(Collectors.joining("\n"));
        String statements =
                example.lines().filter(line -> !line.startsWith("import ")).collect(Collectors.joining("\n"));
        return imports + "\nclass Example {\npublic static void main(String[] a) throws Exception {\n" + statements
                + "\n}\n}\n";
    }
}

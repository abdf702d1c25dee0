package unweave.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher as users start it, laid out as in the bundle: beside it a Java runtime and a jar, which names the
 * classes under test.
 */
class LauncherTest {
    @TempDir
    private static Path folder;

    private static final Path LAUNCHER =
            Path.of("../../unweave").toAbsolutePath().normalize();

    @BeforeAll
    static void layOut() throws IOException {
        assumeTrue(
                System.getProperty("os.name").equals("Linux") && Files.exists(LAUNCHER), "the launcher is for Linux");
        Files.copy(LAUNCHER, folder.resolve("unweave"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        Path benchmarks = Files.createDirectories(folder.resolve("bench")).resolve("run");
        Files.copy(LAUNCHER.resolveSibling("bench/run"), benchmarks, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        Files.createSymbolicLink(folder.resolve("runtime"), Path.of(System.getProperty("java.home")));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            entries.add(Path.of(entry).toUri().toString());
        }
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", entries));
        Path jar = Files.createDirectories(folder.resolve("lib")).resolve("unweave-cli.jar");
        try (OutputStream out = Files.newOutputStream(jar, StandardOpenOption.CREATE_NEW)) {
            new JarOutputStream(out, manifest).close();
        }
    }

    @AfterAll
    static void unlink() throws IOException {
        Files.deleteIfExists(folder.resolve("runtime"));
    }

    private record Ended(int code, String out, String err) {}

    /** Runs the launcher; {@code locale} is all that the environment says of one. */
    private static Ended run(Map<String, String> locale, String... arguments) throws IOException, InterruptedException {
        Process process = start(locale, arguments);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ends");
        return new Ended(
                process.exitValue(),
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
                new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    private static Process start(Map<String, String> locale, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(folder.resolve("unweave").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
        builder.environment().remove("UNWEAVE_JAVA_OPTS");
        builder.environment().putAll(locale);
        return builder.start();
    }

    /** Services, containers and cron jobs have such locales. */
    @Test
    void namesBeyondAsciiAreFoundInEveryLocale() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("manifest.csv"), "path,label\n");
        try (OutputStream script = Files.newOutputStream(folder.resolve("make.sh"))) {
            script.write("mkdir -p größe && cp manifest.csv größe/狗.csv".getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(
                0,
                new ProcessBuilder("sh", "make.sh")
                        .directory(folder.toFile())
                        .start()
                        .waitFor());
        for (Map<String, String> locale : List.of(
                Map.of("LC_ALL", "C"),
                Map.of("LC_ALL", "POSIX"),
                Map.<String, String>of(),
                Map.of("LANG", "xx_XX.UTF-8"),
                Map.of("LC_ALL", "C.UTF-8"))) {
            // Java would encode the arguments by its own locale; the shell passes the bytes on.
            try (OutputStream script = Files.newOutputStream(folder.resolve("run.sh"))) {
                script.write("exec ./unweave train größe/狗.csv --out model".getBytes(StandardCharsets.UTF_8));
            }
            ProcessBuilder builder = new ProcessBuilder("bash", "run.sh").directory(folder.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
            builder.environment().putAll(locale);
            Process process = builder.start();
            String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(2, process.waitFor(), said);
            assertTrue(said.startsWith("unweave: größe/狗.csv: found no class"), locale + ": " + said);
        }
    }

    @Test
    void argumentsThatAreNoTextAreRefused() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("bytes.sh"), "exec ./unweave train \"$(printf 'gr\\374')\" --out model");
        Process process = new ProcessBuilder("bash", "bytes.sh")
                .directory(folder.toFile())
                .start();
        String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(2, process.waitFor(), said);
        assertTrue(said.startsWith("unweave: argument \"gr"), said);
        assertEquals(1, said.lines().count(), said);
    }

    @Test
    void nothingIsSaidOfIncubatorModules() throws IOException, InterruptedException {
        Ended ended = run(Map.of(), "devices");
        assertEquals(0, ended.code(), ended.err());
        assertEquals("", ended.err());
        assertTrue(ended.out().contains("auto is "), ended.out());
        // The launcher of the benchmarks, which starts something else here.
        Ended bench = run(Map.of("UNWEAVE_BENCH_MAIN", "unweave.cli.Main"), "bench", "devices");
        assertEquals(0, bench.code(), bench.err());
        assertEquals("", bench.err());
        assertTrue(bench.out().contains("auto is "), bench.out());
        Ended wrong = run(Map.of("UNWEAVE_BENCH_MAIN", "unweave.cli.Main"), "bench", "dvices");
        assertTrue(wrong.err().startsWith("unweave: ") && wrong.err().contains("devices"), wrong.err());
    }

    @Test
    void withoutACommandTheUsageIsShown() throws IOException, InterruptedException {
        Ended ended = run(Map.of());
        assertEquals(2, ended.code());
        assertTrue(ended.err().startsWith("Usage: unweave"), ended.err());
        assertTrue(ended.err().contains("unweave train FOLDER"), ended.err());
        assertEquals("", ended.out());
    }

    /** What the JVM itself says, such as this, is not lost. */
    @Test
    void mistakesInOptionsOfTheJvmAreShown() throws IOException, InterruptedException {
        Ended ended = run(Map.of("UNWEAVE_JAVA_OPTS", "-XX:NoSuchOption"), "devices");
        assertEquals(1, ended.code());
        assertTrue((ended.out() + ended.err()).contains("NoSuchOption"), ended.err());
    }

    @Test
    void anInterruptionSaysHowToGoOn() throws IOException, InterruptedException {
        Path data = folder.resolve("data");
        assertEquals(0, Main.run("synth", "--samples", "20", "--out", data.toString(), "--quiet"));
        Process process = start(
                Map.of(), "train", data.resolve("manifest.csv").toString(), "--epochs", "100000", "--out", "stopped");
        for (int wait = 0; wait < 600 && !Files.exists(folder.resolve("stopped/checkpoint.safetensors")); wait++) {
            Thread.sleep(50);
        }
        new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                .start()
                .waitFor();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ends");
        String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(130, process.exitValue(), said);
        assertTrue(said.contains("unweave: interrupted; the same command with --resume goes on"), said);
        assertFalse(said.contains("\tat "), said);
    }
}

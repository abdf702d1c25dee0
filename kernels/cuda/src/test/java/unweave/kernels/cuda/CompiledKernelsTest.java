package unweave.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The committed PTX belongs to the committed sources. */
class CompiledKernelsTest {
    private static final Path SOURCES = Path.of("src/main/cuda");
    private static final Path COMPILED = Path.of("src/main/resources/unweave/kernels/cuda");
    private static final Pattern HASH = Pattern.compile("// sha256 of the source and its headers: ([0-9a-f]{64})");
    private static final Pattern KERNEL = Pattern.compile("^\\.visible \\.entry (\\w+)\\(", Pattern.MULTILINE);
    private static final Pattern INCLUDE = Pattern.compile("^#include \"(.*)\"$", Pattern.MULTILINE);
    private static final Pattern COMPILER = Pattern.compile("^// (Cuda compilation tools, .*)$", Pattern.MULTILINE);

    @Test
    void everySourceIsCompiledAndUnchangedSince() throws IOException {
        List<Path> sources = files(SOURCES, ".cu");
        assertTrue(!sources.isEmpty(), "no kernels in " + SOURCES.toAbsolutePath());
        for (Path source : sources) {
            String ptx = Files.readString(
                    COMPILED.resolve(source.getFileName().toString().replace(".cu", ".ptx")));
            Matcher hash = HASH.matcher(ptx);
            assertTrue(hash.find(), () -> source + ": its PTX has no hash");
            assertEquals(
                    hash.group(1),
                    hashWithHeaders(source),
                    () -> source + " has changed since it was compiled; run kernels/cuda/compile-ptx");
            assertTrue(
                    ptx.contains("\n.version 6.4\n") && ptx.contains("\n.target sm_75\n"),
                    () -> source + ": PTX for other drivers and GPUs");
        }
        assertEquals(
                sources.size(),
                files(COMPILED, ".ptx").size(),
                "PTX files without a source; run kernels/cuda/compile-ptx");
    }

    @Test
    void theIndexNamesEveryKernelOnce() throws IOException {
        Map<String, String> expected = new TreeMap<>();
        for (Path file : files(COMPILED, ".ptx")) {
            Matcher kernel = KERNEL.matcher(Files.readString(file));
            while (kernel.find()) {
                String other = expected.put(kernel.group(1), file.getFileName().toString());
                assertEquals(null, other, () -> "two files hold a kernel " + kernel.group(1));
            }
        }
        List<String> lines = expected.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .toList();
        assertEquals(lines, Files.readAllLines(COMPILED.resolve(KernelLibrary.INDEX)), "run kernels/cuda/compile-ptx");
    }

    @Test
    void compilingAgainGivesTheSame(@TempDir Path directory) throws IOException, InterruptedException {
        List<Path> committed = files(COMPILED, ".ptx");
        String compiler = compiler();
        assumeTrue(compiler != null, "nvcc is not installed");
        Matcher used = COMPILER.matcher(Files.readString(committed.get(0)));
        assertTrue(used.find(), "the PTX does not name its compiler");
        assumeTrue(compiler.contains(used.group(1)), () -> "nvcc is another than " + used.group(1));

        Process process = new ProcessBuilder("./compile-ptx", "--to", directory.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        for (Path file : committed) {
            String again = Files.readString(directory.resolve(file.getFileName()));
            assertEquals(again, Files.readString(file), () -> file + "; run kernels/cuda/compile-ptx --all");
        }
    }

    private static String compiler() throws InterruptedException {
        try {
            Process process = new ProcessBuilder("nvcc", "--version")
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? output : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static List<Path> files(Path directory, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    /**
     * As kernels/cuda/compile-ptx computes it: the source, then what it includes, each file once, in the order of the
     * first inclusion.
     */
    private static String hashWithHeaders(Path source) throws IOException {
        Set<Path> files = new LinkedHashSet<>();
        collect(source, files);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files) {
                digest.update(Files.readAllBytes(file));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java runtime has SHA-256", e);
        }
    }

    private static void collect(Path file, Set<Path> files) throws IOException {
        if (files.add(file)) {
            Matcher include = INCLUDE.matcher(Files.readString(file));
            while (include.find()) {
                collect(file.resolveSibling(include.group(1)), files);
            }
        }
    }
}

package unweave.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import unweave.kernels.BadInputException;
import unweave.kernels.operations.OperationCase;
import unweave.kernels.operations.Operations;

class BenchmarksTest {
    @TempDir
    private Path folder;

    private static List<String> names(List<String> filters, boolean all) {
        return Benchmarks.entries(filters, all, false).stream()
                .map(BenchmarkRun.Entry::name)
                .toList();
    }

    /** What a call with bad input prints on standard error, its exit code in front. */
    private static String refusal(String... arguments) {
        return refusal(Benchmarks::run, arguments);
    }

    private static String refusal(ToIntFunction<String[]> program, String... arguments) {
        PrintStream before = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            return program.applyAsInt(arguments) + " "
                    + printed.toString(StandardCharsets.UTF_8).strip();
        } finally {
            System.setErr(before);
        }
    }

    @Test
    void aGpuThatIsNotThereIsRefused() {
        String refusal = refusal(GpuBenchmarks::run, "--quick", "--gpu", "99");
        assertTrue(refusal.startsWith("2 unweave: --gpu 99: "), refusal);
        assertEquals(1, refusal.lines().count(), refusal);
    }

    @Test
    void theMainJobsAreTheDefault() {
        assertEquals(Jobs.main().stream().map(Job::name).toList(), names(List.of(), false));
    }

    @Test
    void filtersLookAtJobsAndOperations() {
        List<String> names = names(List.of("LOG-MEL", "orthogonalize 3"), false);
        assertEquals(
                List.of(
                        "log-mel of a toy input",
                        "synthetic set, 4,000 samples to log-mel",
                        "orthogonalize 3x128x128",
                        "orthogonalize 3x128x128 newton-schulz"),
                names);
    }

    @Test
    void theWordNetworksNamesTheGroup() {
        assertEquals(Jobs.networks().stream().map(Job::name).toList(), names(List.of("networks"), false));
        assertEquals(List.of("networks/resnet18/forward, batch 8"), names(List.of("networks/resnet18/forward"), false));
    }

    @Test
    void allIsEverything() {
        assertEquals(
                Jobs.all().size() + Operations.ofBenchmarkSize().size(),
                names(List.of(), true).size());
    }

    @Test
    void onAGpuThereAreOperationsOnly() {
        List<String> all =
                Operations.ofBenchmarkSize().stream().map(OperationCase::name).toList();
        assertEquals(all, gpuNames(List.of()));
        assertEquals(
                List.of("orthogonalize 3x128x128", "orthogonalize 3x128x128 newton-schulz"),
                gpuNames(List.of("LOG-MEL", "orthogonalize 3")));
        List<String> pooling = List.of(
                "maxPoolForward",
                "maxPoolBackward",
                "avgPoolForward",
                "avgPoolBackward",
                "convReluMaxPool",
                "convReluMaxPoolBackward",
                "convMaxPoolDivide",
                "convMaxPoolBackwardInputProduct");
        for (String operation : pooling) {
            assertTrue(all.stream().anyMatch(name -> name.startsWith(operation + " ")), operation);
        }
    }

    private static List<String> gpuNames(List<String> filters) {
        return Benchmarks.entries(filters, false, true).stream()
                .map(BenchmarkRun.Entry::name)
                .toList();
    }

    @Test
    void devicesAreChecked() {
        assertEquals(
                "2 unweave: --device tpu: expected cpu, cuda or cuda:N (scalar code on a CPU: --vector-bits 0)",
                refusal("--device", "tpu"));
        assertEquals(
                "2 unweave: --device cuda:1: --peers, --threads and --vector-bits belong to the CPU; leave them out "
                        + "(beside PyTorch on a GPU: bench/gpu)",
                refusal("--device", "cuda:1", "--threads", "2"));
        assertEquals(
                "2 unweave: no operation has a name with log-mel in it; --list --device cuda shows the names",
                refusal("--device", "cuda", "log-mel"));
    }

    @Test
    void peersMustBeThere() {
        assertEquals(
                "2 unweave: --peers: PyTorch and ONNX Runtime are no part of Unweave; in a checkout of the sources, "
                        + "./unweave bench --peers fetches and builds what it takes",
                refusal("--peers", "toy"));
    }

    @Test
    void peersAreChosenByWords() {
        List<Peer> found = List.of(new NamedPeer("PyTorch"), new NamedPeer("ONNX Runtime"));
        assertEquals(found, Benchmarks.requirePeers(found, List.of()));
        assertEquals(found.subList(1, 2), Benchmarks.requirePeers(found, List.of("onnx")));
        assertEquals(
                "--peer jax: no peer has a name with that in it; there are PyTorch; ONNX Runtime",
                assertThrows(BadInputException.class, () -> Benchmarks.requirePeers(found, List.of("jax")))
                        .getMessage());
    }

    private record NamedPeer(String name) implements Peer {
        @Override
        public String description() {
            return name;
        }

        @Override
        public void load(int threads) {}

        @Override
        public List<PeerJob> jobs() {
            return List.of();
        }
    }

    @Test
    void anotherJavaIsReadFromItsFolder() throws IOException {
        OtherJava same = OtherJava.of(Path.of(System.getProperty("java.home")));
        assertEquals(String.valueOf(Runtime.version().feature()), same.version().split("[.]", 2)[0]);
        assertEquals(ModuleFinder.ofSystem().find("jdk.incubator.vector").isPresent(), same.hasVectors());
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("java"), same.program());
        Files.writeString(folder.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");
        assertEquals(
                "2 unweave: --other-java " + folder + ": is Java 11.0.2; expected 17 or newer",
                refusal("--other-java", folder.toString()));
    }

    @Test
    void helpHasTheNameOfTheCommand() {
        assertTrue(new CommandLine(new Benchmarks()).getUsageMessage().startsWith("Usage: unweave bench ["));
    }

    @Test
    void badInputIsRefusedInOneLine() {
        assertEquals(
                "2 unweave: no job and no operation has a name with nonsense in it; --list shows the names",
                refusal("nonsense"));
        assertEquals(
                "2 unweave: --vector-bits 64: expected 128, 256, 512, or 0 for scalar code",
                refusal("--vector-bits", "64"));
        assertEquals("2 unweave: --threads -1: expected 0 (one per processor) or more", refusal("--threads", "-1"));
        assertEquals(
                "2 unweave: --other-java /no/java: there is no /no/java/bin/java; expected the folder of a JDK",
                refusal("--other-java", "/no/java"));
        assertTrue(refusal("--json", "/no/such/folder/results.json")
                .startsWith("2 unweave: --json /no/such/folder/results.json: there is no folder"));
    }
}

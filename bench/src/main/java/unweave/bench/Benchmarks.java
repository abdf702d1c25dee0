package unweave.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unweave.bench.BenchmarkRun.Entry;
import unweave.cli.StandardError;
import unweave.cli.command.ErrorReport;
import unweave.cli.console.Console;
import unweave.explain.output.Json;
import unweave.explain.output.ResultFile;
import unweave.kernels.BadInputException;
import unweave.kernels.operations.Operations;

/** The command line: {@code unweave bench [FILTER...]}. */
@Command(
        name = "unweave bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        version = "unweave 0.1.0",
        description = {
            "Times the main jobs and, if asked, single operations, in fresh JVMs. Prints them beside the roofline of",
            "this machine, which is measured in between: peak arithmetic from registers and the bandwidth of copying.",
            "The column \"then\" uses the peak arithmetic directly before and after each second of the job, which is",
            "less when others use the machine too. Peak memory is the memory of a job without the program itself.",
            "Close other programs: they use the processors that are measured. The main jobs take a quarter of an hour,",
            "with --quick 5 minutes, with --peers or --other-java about twice as long. The word networks measures a",
            "group of other networks, networks/resnet18 one of them, networks/resnet18/forward one of its jobs.",
            "",
            "With --device cuda the operations run on an NVIDIA GPU: \"host ms\" is from the call until the result is",
            "there, \"device ms\" what the GPU needs by its own events, without calls and waiting; rates and the",
            "roofline, measured on the GPU, are those of \"device ms\". Whole jobs on a GPU: bench/gpu.",
            ""
        })
public final class Benchmarks implements Callable<Integer> {
    private static final int HELP_WIDTH = 120;
    private static final String VECTOR_BITS = "unweave.vector.bits";

    @Parameters(
            paramLabel = "FILTER",
            arity = "0..*",
            description = "Only jobs and operations whose name contains this, in capitals or not (several: any of "
                    + "them). Default: the main jobs, neither networks nor operations; on a GPU all operations.")
    private List<String> filters = List.of();

    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = BenchmarkRun.CPU,
            description = "What computes: cpu, or cuda or cuda:N (NVIDIA GPU number N), which measures operations only "
                    + "(default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--all", description = "All jobs and all operations; an hour.")
    private boolean all;

    @Option(names = "--list", description = "Print the names that FILTER looks at, and end.")
    private boolean list;

    @Option(names = "--quick", description = "One fork with fewer iterations, for a first impression.")
    private boolean quick;

    @Option(
            names = "--peers",
            description = "Measure the same jobs in PyTorch and ONNX Runtime in turn with ours (in a checkout; fetches "
                    + "150 MB once).")
    private boolean peers;

    @Option(
            names = "--peer",
            paramLabel = "WORD",
            description = "As --peers, but only those whose name contains this, such as onnx or \"channels last\" "
                    + "(repeatable).")
    private List<String> peerWords = List.of();

    @Option(
            names = "--other-java",
            paramLabel = "HOME",
            description = "Measure on the JDK in this folder too, in turn.")
    private Path otherJava;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads to compute with, 0 for one per processor (default).")
    private int threads;

    @Option(
            names = "--forks",
            paramLabel = "N",
            description = "Fresh JVMs for every benchmark (default: 3, with --quick 1).")
    private Integer forks;

    @Option(
            names = "--vector-bits",
            paramLabel = "BITS",
            description = "Force vectors of 128, 256 or 512 bits, or scalar code with 0.")
    private Integer vectorBits;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results to this file too.")
    private Path json;

    /** Runs the program and ends the process with its exit code: 0, 2 (bad input) or 3 (defect). */
    public static void main(String[] arguments) {
        StandardError.use();
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        ErrorReport errors = new ErrorReport(System.err);
        return new CommandLine(new Benchmarks())
                .setUsageHelpWidth(HELP_WIDTH)
                .setParameterExceptionHandler(errors::parameters)
                .setExecutionExceptionHandler(errors::execution)
                .execute(arguments);
    }

    @Override
    public Integer call() throws IOException {
        Console console = Console.system(false);
        requireDevice();
        if (list) {
            entries(filters, filters.isEmpty(), onGpu()).forEach(entry -> console.print(entry.name()));
            return 0;
        }
        requireSensible();
        List<Peer> beside = besides() ? requirePeers(Peer.all(), peerWords) : List.of();
        OtherJava other = otherJava == null ? null : OtherJava.of(otherJava);
        List<Entry> entries = entries(filters, all, onGpu());
        if (entries.isEmpty()) {
            throw new BadInputException((onGpu() ? "no operation" : "no job and no operation") + " has a name with "
                    + String.join(" or ", filters) + " in it; "
                    + (onGpu() ? "--list --device " + device + " shows the names" : "--list shows the names"));
        }
        int forkCount = forks != null ? forks : quick ? 1 : 3;
        Harness harness = quick ? Harness.quick(forkCount, vectorBits) : Harness.thorough(forkCount, vectorBits);
        Results results = new BenchmarkRun(harness, device, threads, other, beside).measure(entries, console);
        results.lines().forEach(console::print);
        if (json != null) {
            ResultFile.write(json, Json.pretty(results).getBytes(StandardCharsets.UTF_8));
        }
        return 0;
    }

    private boolean besides() {
        return peers || !peerWords.isEmpty();
    }

    private boolean onGpu() {
        return !device.equals(BenchmarkRun.CPU);
    }

    private void requireDevice() {
        if (!device.matches("cpu|cuda(:\\d{1,4})?")) {
            throw new BadInputException(
                    "--device " + device + ": expected cpu, cuda or cuda:N (scalar code on a CPU: --vector-bits 0)");
        }
        if (onGpu() && (besides() || threads != 0 || vectorBits != null)) {
            throw new BadInputException(
                    "--device " + device + ": --peers, --threads and --vector-bits belong to the CPU; "
                            + "leave them out (beside PyTorch on a GPU: bench/gpu)");
        }
    }

    private void requireSensible() {
        if (threads < 0) {
            throw new BadInputException("--threads " + threads + ": expected 0 (one per processor) or more");
        }
        if (forks != null && forks < 1) {
            throw new BadInputException("--forks " + forks + ": expected 1 or more");
        }
        if (vectorBits != null) {
            if (!List.of(0, 128, 256, 512).contains(vectorBits)) {
                throw new BadInputException(
                        "--vector-bits " + vectorBits + ": expected 128, 256, 512, or 0 for scalar code");
            }
            System.setProperty(
                    VECTOR_BITS,
                    vectorBits.toString()); // for the description of the backend; forks get it from the harness
        }
        if (json != null && !Files.isDirectory(json.toAbsolutePath().getParent())) {
            throw new BadInputException("--json " + json + ": there is no folder "
                    + json.toAbsolutePath().getParent());
        }
    }

    /**
     * The peers with one of the words in their names.
     *
     * @param words empty for all
     */
    static List<Peer> requirePeers(List<Peer> found, List<String> words) {
        if (found.isEmpty()) {
            throw new BadInputException(
                    "--peers: PyTorch and ONNX Runtime are no part of Unweave; in a checkout of the sources, "
                            + "./unweave bench --peers fetches and builds what it takes");
        }
        for (String word : words) {
            if (found.stream().noneMatch(peer -> contains(peer.name(), word))) {
                throw new BadInputException("--peer " + word + ": no peer has a name with that in it; there are "
                        + found.stream().map(Peer::name).collect(Collectors.joining("; ")));
            }
        }
        return found.stream()
                .filter(peer -> words.isEmpty() || words.stream().anyMatch(word -> contains(peer.name(), word)))
                .toList();
    }

    /**
     * What to measure: everything, or what the filters name, or else the main jobs. On a GPU there are no jobs, and all
     * operations if nothing is named.
     */
    static List<Entry> entries(List<String> filters, boolean all, boolean onGpu) {
        boolean mainJobs = !all && !onGpu && filters.isEmpty();
        List<Job> known = onGpu ? List.of() : mainJobs ? Jobs.main() : Jobs.all();
        Stream<Entry> jobs = known.stream()
                .map(job -> new Entry(job.name(), job.flops(), 0, job.reportedRuns(), JobBenchmark.class));
        if (mainJobs) {
            return jobs.toList();
        }
        Stream<Entry> operations = Operations.ofBenchmarkSize().stream()
                .map(operation -> new Entry(
                        operation.name(),
                        operation.cost().flops(),
                        operation.cost().bytes(),
                        1,
                        OperationBenchmark.class));
        return Stream.concat(jobs, operations)
                .filter(entry ->
                        filters.isEmpty() || filters.stream().anyMatch(filter -> contains(entry.name(), filter)))
                .toList();
    }

    private static boolean contains(String name, String filter) {
        return name.toLowerCase(Locale.ROOT).contains(filter.toLowerCase(Locale.ROOT));
    }
}

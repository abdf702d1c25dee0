package unweave.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unweave.app.command.ErrorReport;
import unweave.app.console.Console;
import unweave.app.console.Progress;
import unweave.app.output.AtomicFile;
import unweave.app.output.Json;
import unweave.kernels.operations.Operations;

/** The command line: {@code bench/run [FILTER...]}. */
@Command(name = "bench/run", mixinStandardHelpOptions = true, sortOptions = false, version = "unweave 0.1.0",
    description = {
      "Times the main jobs and, if asked, single operations, and prints them beside the roofline of this machine, which it measures first:",
      "peak arithmetic from registers and the bandwidth of copying. Close other programs: they take the processors that are being measured."
    })
public final class Benchmarks implements Callable<Integer> {
  private static final String VECTOR_BITS = "unweave.vector.bits";

  @Parameters(paramLabel = "FILTER", arity = "0..*",
      description = "Only jobs and operations whose name contains this, in capitals or not (several: any of them). Default: all jobs, no operation.")
  private List<String> filters = List.of();

  @Option(names = "--all", description = "All jobs and all operations; an hour.")
  private boolean all;

  @Option(names = "--list", description = "Print the names that FILTER looks at, and end.")
  private boolean list;

  @Option(names = "--quick", description = "One fork with fewer iterations, for a first impression.")
  private boolean quick;

  @Option(names = "--threads", paramLabel = "N", defaultValue = "0", description = "Threads to compute with, 0 for one per processor (default).")
  private int threads;

  @Option(names = "--forks", paramLabel = "N", description = "Fresh JVMs for every benchmark (default: 2, with --quick 1).")
  private Integer forks;

  @Option(names = "--vector-bits", paramLabel = "BITS", description = "Force vectors of 128, 256 or 512 bits, or scalar code with 0.")
  private Integer vectorBits;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the results to this file too.")
  private Path json;

  /** A line to measure: its name, its cost, and where JMH finds it. */
  record Entry(String name, double flops, double bytes, int parts, Class<?> benchmark) {}

  /** Runs the program and ends the process with its exit code: 0, 1 (internal error) or 2 (bad input). */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    ErrorReport errors = new ErrorReport(System.err);
    return new CommandLine(new Benchmarks()).setParameterExceptionHandler(errors::parameters).setExecutionExceptionHandler(errors::execution)
        .execute(arguments);
  }

  @Override
  public Integer call() throws IOException {
    Console console = Console.system(false);
    if (list) {
      entries(filters, filters.isEmpty()).forEach(entry -> console.print(entry.name()));
      return 0;
    }
    requireSensible();
    List<Entry> entries = entries(filters, all);
    if (entries.isEmpty()) {
      throw new IllegalArgumentException("no job and no operation has a name with " + String.join(" or ", filters) + " in it; --list shows the names");
    }
    Results results = measure(entries, console);
    results.lines().forEach(console::print);
    if (json != null) {
      AtomicFile.write(json, Json.pretty(results).getBytes(StandardCharsets.UTF_8));
    }
    return 0;
  }

  private void requireSensible() {
    if (threads < 0) {
      throw new IllegalArgumentException("--threads " + threads + ": expected 0 (one per processor) or more");
    }
    if (forks != null && forks < 1) {
      throw new IllegalArgumentException("--forks " + forks + ": expected 1 or more");
    }
    if (vectorBits != null) {
      if (!List.of(0, 128, 256, 512).contains(vectorBits)) {
        throw new IllegalArgumentException("--vector-bits " + vectorBits + ": expected 128, 256, 512, or 0 for scalar code");
      }
      System.setProperty(VECTOR_BITS, vectorBits.toString()); // for the description of the backend; forks get it from the harness
    }
    if (json != null && !Files.isDirectory(json.toAbsolutePath().getParent())) {
      throw new IllegalArgumentException("--json " + json + ": there is no folder " + json.toAbsolutePath().getParent());
    }
  }

  /** What to measure: everything, or what the filters name, or else the jobs. */
  static List<Entry> entries(List<String> filters, boolean all) {
    Stream<Entry> jobs = Jobs.all().stream().map(job -> new Entry(job.name(), job.flops() / job.parts(), 0, job.parts(), JobBenchmark.class));
    Stream<Entry> operations = Operations.ofBenchmarkSize().stream()
        .map(operation -> new Entry(operation.name(), operation.flops(), operation.bytes(), 1, OperationBenchmark.class));
    if (!all && filters.isEmpty()) {
      return jobs.toList();
    }
    return Stream.concat(jobs, operations).filter(entry -> filters.isEmpty() || filters.stream().anyMatch(filter -> contains(entry.name(), filter)))
        .toList();
  }

  private static boolean contains(String name, String filter) {
    return name.toLowerCase(Locale.ROOT).contains(filter.toLowerCase(Locale.ROOT));
  }

  private Results measure(List<Entry> entries, Console console) {
    int threadCount = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    int forkCount = forks != null ? forks : quick ? 1 : 2;
    Harness harness = quick ? Harness.quick(forkCount, vectorBits) : Harness.thorough(forkCount, vectorBits);
    Machine machine = Machine.describe(threads);
    List<Roofline> rooflines = new ArrayList<>();
    List<Measurement> measurements = new ArrayList<>();
    try (Progress progress = console.progress("benchmarks", entries.size() + 1L)) {
      rooflines.add(Roofline.measure(1));
      if (threadCount > 1) {
        rooflines.add(Roofline.measure(threadCount));
      }
      progress.at(1, "roofline");
      Roofline bound = rooflines.get(rooflines.size() - 1);
      for (Entry entry : entries) {
        Timing timing = harness.time(entry.benchmark(), Map.of("name", entry.name(), "threads", String.valueOf(threads)));
        measurements.add(Measurement.of(entry.name(), timing.dividedBy(entry.parts()), entry.flops(), entry.bytes(), bound));
        progress.at(measurements.size() + 1L, entry.name() + " " + Results.number(timing.median() / entry.parts()) + " ms");
      }
    }
    Results.Settings settings = new Results.Settings(threadCount, forkCount, harness.warmup(), harness.iterations(), harness.length().toString());
    return new Results(machine, settings, rooflines, measurements);
  }
}

package unweave.bench;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * Runs single benchmarks in fresh JVMs with the options of the {@code unweave} launcher.
 *
 * @param forks JVMs one after the other; 0 runs in this one, for tests
 * @param warmup iterations before anything counts
 * @param iterations iterations that count
 * @param length of an iteration
 * @param vectorBits vector width to force (128, 256, 512, or 0 for scalar code); null for the processor's own
 */
record Harness(int forks, int warmup, int iterations, TimeValue length, Integer vectorBits) {
  /** For results that count. C2 needs seconds to compile everything, hence the long warm-up. */
  static Harness thorough(int forks, Integer vectorBits) {
    return new Harness(forks, 8, 5, TimeValue.seconds(1), vectorBits);
  }

  /** For a first impression. */
  static Harness quick(int forks, Integer vectorBits) {
    return new Harness(forks, 4, 2, TimeValue.seconds(1), vectorBits);
  }

  /**
   * Times the method {@code run} of a benchmark.
   *
   * @param parameters values of its parameters
   */
  Timing time(Class<?> benchmark, Map<String, String> parameters) {
    ChainedOptionsBuilder options = options(benchmark).addProfiler(GCProfiler.class);
    parameters.forEach(options::param);
    RunResult result = run(options);
    Statistics statistics = result.getPrimaryResult().getStatistics();
    List<Double> medians = result.getBenchmarkResults().stream()
        .map(fork -> fork.getPrimaryResult().getStatistics().getPercentile(50)).toList();
    return new Timing(statistics.getPercentile(50), statistics.getPercentile(10), statistics.getPercentile(90), medians,
        allocatedBytes(result.getBenchmarkResults()));
  }

  private ChainedOptionsBuilder options(Class<?> benchmark) {
    return new OptionsBuilder()
        .include("^" + Pattern.quote(benchmark.getName() + ".run") + "$")
        .forks(forks)
        .warmupIterations(warmup)
        .warmupTime(length)
        .measurementIterations(iterations)
        .measurementTime(length)
        .jvmArgs(jvmArguments())
        .verbosity(VerboseMode.SILENT)
        .shouldFailOnError(true);
  }

  private String[] jvmArguments() {
    List<String> arguments = new ArrayList<>(List.of("-Djava.awt.headless=true", "-XX:+UseParallelGC"));
    if (ModuleFinder.ofSystem().find("jdk.incubator.vector").isPresent()) {
      arguments.add("--add-modules=jdk.incubator.vector");
    }
    if (vectorBits != null) {
      arguments.add("-Dunweave.vector.bits=" + vectorBits);
    }
    return arguments.toArray(String[]::new);
  }

  /** What the forks print, such as the JVM's warning about incubator modules, is shown only if one fails. */
  private static RunResult run(ChainedOptionsBuilder options) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try {
      PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
      return new Runner(options.build(), OutputFormatFactory.createFormatInstance(stream, VerboseMode.SILENT)).runSingle();
    } catch (RunnerException e) {
      throw new IllegalStateException("a benchmark failed: " + reason(e) + "\n" + printed.toString(StandardCharsets.UTF_8), e);
    }
  }

  /** JMH wraps what a benchmark threw in exceptions that carry it as a cause or as suppressed. */
  private static String reason(Throwable problem) {
    Throwable innermost = problem;
    while (innermost.getCause() != null || innermost.getSuppressed().length > 0) {
      innermost = innermost.getCause() != null ? innermost.getCause() : innermost.getSuppressed()[0];
    }
    return innermost.toString();
  }

  /** What the profiler of the garbage collector found, averaged over the forks. */
  private static double allocatedBytes(Collection<BenchmarkResult> forks) {
    return forks.stream().flatMap(fork -> fork.getSecondaryResults().values().stream())
        .filter(result -> result.getLabel().endsWith("gc.alloc.rate.norm"))
        .mapToDouble(Result::getScore).average().orElse(Double.NaN);
  }
}

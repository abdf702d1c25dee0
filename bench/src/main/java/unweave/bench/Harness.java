package unweave.bench;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
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
 * @param warmup iterations that do not count
 * @param iterations iterations that count
 * @param length of an iteration
 * @param vectorBits vector width to force (128, 256, 512, or 0 for scalar code); null for the processor's own
 */
record Harness(int forks, int warmup, int iterations, TimeValue length, Integer vectorBits) {
    private static final int SHORT_WARMUP = 3;
    private static final int MEMORY_ITERATIONS = 3;
    private static final List<String> LAUNCHER_MEMORY = List.of("-XX:+UseParallelGC");
    /** JDKs of 2023 and later trim the native heap. */
    private static final List<String> TIGHT_MEMORY = List.of(
            "-XX:+UseSerialGC",
            "-XX:MinHeapFreeRatio=5",
            "-XX:MaxHeapFreeRatio=10",
            "-Xmn" + ResidentMemory.YOUNG_BYTES,
            "-XX:+IgnoreUnrecognizedVMOptions",
            "-XX:TrimNativeHeapInterval=500");

    /**
     * What to run: the method {@code run} of a class.
     *
     * @param parameters values of its parameters by name
     * @param java to run on; null for the one that runs this
     * @param nativeCode whether nearly all work is done by a library that is compiled already and needs little warm-up
     */
    record Target(Class<?> benchmark, Map<String, String> parameters, boolean nativeCode, OtherJava java) {
        Target(Class<?> benchmark, Map<String, String> parameters, boolean nativeCode) {
            this(benchmark, parameters, nativeCode, null);
        }

        /** The same on another Java. */
        Target on(OtherJava other) {
            return new Target(benchmark, parameters, nativeCode, other);
        }

        /** The same, of a peer without comparing its results with ours. */
        Target unchecked() {
            Map<String, String> changed = new HashMap<>(parameters);
            if (benchmark == PeerBenchmark.class) {
                changed.put("check", "false");
            }
            return new Target(benchmark, changed, nativeCode, java);
        }

        private boolean isOnGpu() {
            return parameters.getOrDefault("device", "").startsWith("cuda");
        }
    }

    /** For results that count. C2 needs seconds to compile everything, hence the long warm-up. */
    static Harness thorough(int forks, Integer vectorBits) {
        return new Harness(forks, 8, 5, TimeValue.seconds(1), vectorBits);
    }

    /** For a first impression. */
    static Harness quick(int forks, Integer vectorBits) {
        return new Harness(forks, 4, 2, TimeValue.seconds(1), vectorBits);
    }

    /** Times one benchmark. */
    Timing time(Target target) {
        return time(List.of(target)).get(0);
    }

    /**
     * Times benchmarks that are to be compared: their forks take turns, so that other load on the machine affects all
     * of them alike.
     */
    List<Timing> time(List<Target> targets) {
        List<List<BenchmarkResult>> results = new ArrayList<>();
        targets.forEach(target -> results.add(new ArrayList<>()));
        for (int fork = 0; fork < Math.max(1, forks); fork++) {
            for (int i = 0; i < targets.size(); i++) {
                Target target = targets.get(i);
                ChainedOptionsBuilder options = options(target, LAUNCHER_MEMORY)
                        .addProfiler(GCProfiler.class)
                        .addProfiler(target.isOnGpu() ? DeviceTimeProfiler.class : CeilingProfiler.class)
                        .measurementIterations(iterations)
                        .warmupIterations(target.nativeCode() ? Math.min(warmup, SHORT_WARMUP) : warmup);
                results.get(i).addAll(run(options).getBenchmarkResults());
            }
        }
        return results.stream().map(Harness::timing).toList();
    }

    private static Timing timing(List<BenchmarkResult> forks) {
        RunResult all = new RunResult(forks.get(0).getParams(), forks);
        Statistics statistics = all.getPrimaryResult().getStatistics();
        List<Double> medians = forks.stream()
                .map(fork -> fork.getPrimaryResult().getStatistics().getPercentile(50))
                .toList();
        return new Timing(
                statistics.getPercentile(50),
                statistics.getPercentile(10),
                statistics.getPercentile(90),
                medians,
                secondary(forks, "gc.alloc.rate.norm"),
                secondary(forks, CeilingProfiler.LABEL),
                secondary(forks, DeviceTimeProfiler.TIME),
                secondary(forks, DeviceTimeProfiler.LAUNCHES));
    }

    /**
     * The peak memory of a benchmark that calls {@link ResidentMemory#setBaseline}, in bytes; NaN if the system does
     * not report it. Measured in a JVM of its own, since the options that make the figure comparable may cost time: see
     * {@link ResidentMemory}.
     */
    double peakBytes(Target target) {
        ChainedOptionsBuilder options = options(target, TIGHT_MEMORY)
                .warmupIterations(Math.min(warmup, SHORT_WARMUP))
                .measurementIterations(MEMORY_ITERATIONS)
                .addProfiler(PeakMemoryProfiler.class);
        return secondary(run(options).getBenchmarkResults(), PeakMemoryProfiler.LABEL);
    }

    private ChainedOptionsBuilder options(Target target, List<String> memory) {
        List<String> arguments = new ArrayList<>(jvmArguments(target.java()));
        arguments.addAll(memory);
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(target.benchmark().getName() + ".run") + "$")
                .forks(Math.min(forks, 1))
                .warmupTime(length)
                .measurementTime(length)
                .jvmArgs(arguments.toArray(String[]::new))
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
        if (target.java() != null) {
            options.jvm(target.java().program().toString());
        }
        target.parameters().forEach(options::param);
        return options;
    }

    private List<String> jvmArguments(OtherJava java) {
        List<String> arguments =
                new ArrayList<>(List.of("-Djava.awt.headless=true", "--enable-native-access=ALL-UNNAMED"));
        String folder = System.getProperty(GpuBenchmarks.FOLDER);
        if (folder != null) {
            arguments.add("-D" + GpuBenchmarks.FOLDER + "=" + folder); // where peers unpack their libraries
        }
        if (java != null
                ? java.hasVectors()
                : ModuleFinder.ofSystem().find("jdk.incubator.vector").isPresent()) {
            arguments.add("--add-modules=jdk.incubator.vector");
        }
        if (vectorBits != null) {
            arguments.add("-Dunweave.vector.bits=" + vectorBits);
        }
        return arguments;
    }

    /** What the forks print, such as the JVM's warning about incubator modules, is shown only if one fails. */
    private static RunResult run(ChainedOptionsBuilder options) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try {
            PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
            return new Runner(options.build(), OutputFormatFactory.createFormatInstance(stream, VerboseMode.SILENT))
                    .runSingle();
        } catch (RunnerException e) {
            throw new IllegalStateException(
                    "a benchmark failed: " + reason(e) + "\n" + printed.toString(StandardCharsets.UTF_8), e);
        }
    }

    /** JMH wraps what a benchmark threw in exceptions that carry it as a cause or as suppressed. */
    private static String reason(Throwable problem) {
        Throwable innermost = problem;
        while (innermost.getCause() != null || innermost.getSuppressed().length > 0) {
            innermost = innermost.getCause() != null
                    ? innermost.getCause()
                    : innermost.getSuppressed()[0];
        }
        return innermost.toString();
    }

    /** What a profiler found, averaged over the forks. */
    private static double secondary(Collection<BenchmarkResult> forks, String label) {
        return forks.stream()
                .flatMap(fork -> fork.getSecondaryResults().values().stream())
                .filter(result -> result.getLabel().endsWith(label))
                .mapToDouble(result -> result.getScore())
                .average()
                .orElse(Double.NaN);
    }
}

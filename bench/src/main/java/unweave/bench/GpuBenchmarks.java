package unweave.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import unweave.bench.GpuResults.Difference;
import unweave.bench.GpuResults.Line;
import unweave.cli.StandardError;
import unweave.cli.command.ErrorReport;
import unweave.cli.console.Console;
import unweave.explain.output.Json;
import unweave.explain.output.ResultFile;
import unweave.kernels.BadInputException;
import unweave.kernels.Ceilings;
import unweave.kernels.ConvolutionLibrary;
import unweave.kernels.cuda.CudaBackend;
import unweave.kernels.cuda.driver.CudaUnavailableException;

/** The command line: {@code bench/gpu}. */
@Command(
        name = "bench/gpu",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        version = "unweave 0.1.0",
        description = {
            "Measures Unweave on an NVIDIA GPU: searches for subspaces, training steps, heatmaps, every convolution,",
            "and the limits of the GPU. cuDNN and, where python3 has it, PyTorch stand beside it on the same GPU.",
            "Prints a table and writes it to bench/results."
        })
public final class GpuBenchmarks implements Callable<Integer> {
    /** Names the folder {@code bench}, which holds {@code results} and {@code peers}; the launcher sets it. */
    static final String FOLDER = "unweave.bench.folder";

    private static final double LEAST_TRAINING_SPEED = 1;
    private static final double LEAST_HEATMAP_SPEED = 5;

    @Option(
            names = "--gpu",
            paramLabel = "N",
            defaultValue = "0",
            description = "Number of the GPU (default: ${DEFAULT-VALUE}).")
    private int ordinal;

    @Option(
            names = "--quick",
            description = "Small problems and few runs: shows that everything works, writes no file unless --json "
                    + "asks for it.")
    private boolean quick;

    @Option(
            names = "--python",
            paramLabel = "FILE",
            defaultValue = "python3",
            description = "Python with PyTorch (default: ${DEFAULT-VALUE}).")
    private String python;

    @Option(
            names = "--peers-device",
            paramLabel = "NAME",
            description = "The device of PyTorch (default: the same GPU).")
    private String peersDevice;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Where to write the results (default: bench/results/DATE-GPU.json).")
    private Path json;

    /** Runs the program and ends the process with its exit code: 0, 1 (internal error) or 2 (bad input, or no GPU). */
    public static void main(String[] arguments) {
        StandardError.use();
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        ErrorReport errors = new ErrorReport(System.err);
        return new CommandLine(new GpuBenchmarks())
                .setParameterExceptionHandler(errors::parameters)
                .setExecutionExceptionHandler(errors::execution)
                .execute(arguments);
    }

    @Override
    public Integer call() throws IOException {
        if (json != null && !Files.isDirectory(json.toAbsolutePath().getParent())) {
            throw new BadInputException("--json " + json + ": there is no folder "
                    + json.toAbsolutePath().getParent());
        }
        Console console = Console.system(false);
        GpuResults results = measure(quick ? GpuPlan.quick() : GpuPlan.full(), console);
        results.table().forEach(console::print);
        Path file = json != null || quick ? json : folder().resolve("results").resolve(fileName(results));
        if (file != null) {
            Files.createDirectories(
                    file.toAbsolutePath().getParent()); // the self-contained bundle comes without results
            ResultFile.write(file, Json.pretty(results).getBytes(StandardCharsets.UTF_8));
            console.print("written to " + file);
        }
        return 0;
    }

    private GpuResults measure(GpuPlan plan, Console console) throws IOException {
        List<Line> lines = new ArrayList<>();
        List<Difference> differences = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        Ceilings ceilings;
        String gpu;
        try (CudaBackend backend = CudaBackend.create(ordinal)) {
            console.note("measuring " + backend.description());
            gpu = backend.description();
            ceilings = backend.measureCeilings();
            GpuMeasurements measurements = new GpuMeasurements(backend, ceilings);
            for (GpuPlan.AscentPlan one : plan.ascents()) {
                GpuAscent ascent = new GpuAscent(backend, measurements, one);
                lines.addAll(ascent.lines());
                differences.add(ascent.difference());
            }
            for (GpuPlan.Training training : plan.trainings()) {
                Job step = NetworkJobs.trainingStep(
                        training.model(), GpuPlan.description(training.model()), training.batch());
                lines.add(measurements.time(step, plan));
            }
            lines.add(measurements.time(
                    ExplanationJobs.heatmaps(plan.model(), GpuPlan.description(plan.model()), plan.heatmaps()), plan));
        } catch (CudaUnavailableException e) {
            throw new BadInputException("--gpu " + ordinal + ": " + e.getMessage(), e);
        }
        String device = peersDevice == null ? "cuda:" + ordinal : peersDevice;
        GpuPeers peers = GpuPeers.run(python, folder().resolve("peers/gpu_peers.py"), device, plan);
        notes.add(peers.description());
        lines.replaceAll(line -> peers.beside(line, plan.targets() ? leastSpeed(line) : Double.NaN));
        lines.addAll(ConvolutionComparison.run(ordinal, plan, hasCudnn(notes), ceilings));
        return new GpuResults(
                Machine.describe(0),
                gpu,
                ceilings.flopsPerSecond() * 1e-12,
                ceilings.bytesPerSecond() * 1e-9,
                lines,
                differences,
                notes);
    }

    /** The larger batch must be at least as fast as PyTorch's; the smaller is for information. */
    private static double leastSpeed(Line line) {
        if (line.name().startsWith("LRP")) {
            return LEAST_HEATMAP_SPEED;
        }
        return line.name().equals("gtzan training step, batch 64") ? LEAST_TRAINING_SPEED : Double.NaN;
    }

    private boolean hasCudnn(List<String> notes) {
        try (CudaBackend backend = CudaBackend.create(ordinal, ConvolutionLibrary.CUDNN)) {
            notes.add("convolutions beside " + backend.description().replaceAll(".*, ", ""));
            return true;
        } catch (CudaUnavailableException e) {
            notes.add(e.getMessage());
            return false;
        }
    }

    private static Path folder() {
        return Path.of(System.getProperty(FOLDER, "bench"));
    }

    /** "2026-11-22-nvidia-h200.json". */
    private static String fileName(GpuResults results) {
        String name =
                results.gpu().replaceAll(",.*", "").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        return results.machine().date().substring(0, 10) + "-" + name + ".json";
    }
}

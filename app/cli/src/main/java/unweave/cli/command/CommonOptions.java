package unweave.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import unweave.cli.console.Console;
import unweave.cli.profile.Profile;
import unweave.explain.Choices;
import unweave.explain.Devices;
import unweave.explain.output.Json;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.ConvolutionLibrary;
import unweave.kernels.profile.Timeline;

/** The options that every command has. */
final class CommonOptions {
    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Decides everything random; the same seed gives the same files (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads to compute with, 0 for one per processor (default). Results do not depend on it.")
    int threads;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = "auto",
            description =
                    "auto (a GPU if one can be used, else the CPU), cpu, scalar (the CPU without SIMD), cuda or cuda:N "
                            + "(NVIDIA GPU number N) (default: ${DEFAULT-VALUE}).")
    String device;

    @Option(
            names = "--conv",
            paramLabel = "NAME",
            defaultValue = "own",
            description = "Kernels for convolutions on a GPU: own or cudnn (default: ${DEFAULT-VALUE}).")
    ConvolutionLibrary convolutionLibrary;

    @Option(names = "--json", description = "Print the result as JSON on standard output.")
    boolean json;

    @Option(
            names = "--profile",
            paramLabel = "FILE",
            description = "Write what the time is spent on to FILE, a trace for chrome://tracing and Perfetto, and "
                    + "print a table of operations against"
                    + " what the device can do.")
    private Path profileFile;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print no progress and no notes.")
    boolean quiet;

    private Console console;
    private Profile profile;

    Console console() {
        if (console == null) {
            console = Console.system(quiet);
        }
        return console;
    }

    /** What an explainer works with, its device apart. */
    Choices choices() {
        return new Choices().withThreads(threads).withSeed(seed).withMonitor(console());
    }

    /** Opens the chosen device. */
    Backend backend() {
        requireKnownDevice();
        if (threads < 0) {
            throw new BadInputException("--threads " + threads + ": expected 0 (one per processor) or more");
        }
        Backend backend = Devices.open(device, convolutionLibrary, threads, console());
        return profile == null ? backend : profile.of(backend);
    }

    /**
     * Begins to record, if that was asked for or Java Flight Recorder is running.
     *
     * @throws BadInputException if the profile's file cannot be written
     */
    void beginProfile() {
        if (profileFile != null || Timeline.flightRecorderRuns()) {
            profile = new Profile(profileFile);
            console().nameStagesIn(profile.spans());
        }
    }

    /** Writes the profile and prints its table. */
    void finishProfile() throws IOException {
        if (profile != null) {
            profile.finish().forEach(console()::remark);
        }
    }

    /** The device without the choice that auto leaves open. */
    String deviceName() {
        return device.equals("auto") ? Devices.automatic() : device;
    }

    void requireKnownDevice() {
        Devices.requireKnown(device);
    }

    /** Prints the result: as JSON if asked for, as lines for people otherwise. */
    void result(Object asJson, List<String> lines) {
        if (json) {
            console().printText(Json.pretty(asJson).stripTrailing());
        } else {
            lines.forEach(console()::print);
        }
    }
}

package unweave.app.command;

import java.util.List;
import picocli.CommandLine.Option;
import unweave.app.console.Console;
import unweave.app.output.Json;
import unweave.kernels.Backend;
import unweave.kernels.cuda.ConvolutionLibrary;

/** The options that every command has. */
final class CommonOptions {
  @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
      description = "Decides everything random; the same seed gives the same files (default: ${DEFAULT-VALUE}).")
  long seed;

  @Option(names = "--threads", paramLabel = "N", defaultValue = "0",
      description = "Threads to compute with, 0 for one per processor (default). Results do not depend on it.")
  int threads;

  @Option(names = "--device", paramLabel = "NAME", defaultValue = "auto",
      description = "auto (a GPU if one can be used, else the CPU), cpu, scalar (the CPU without SIMD), cuda or cuda:N (NVIDIA GPU number N) "
          + "(default: ${DEFAULT-VALUE}).")
  String device;

  @Option(names = "--conv", paramLabel = "NAME", defaultValue = "own",
      description = "Whose kernels convolve on a GPU: own or cudnn (default: ${DEFAULT-VALUE}).")
  ConvolutionLibrary convolutionLibrary;

  @Option(names = "--json", description = "Print the result as JSON on standard output.")
  boolean json;

  @Option(names = {"-q", "--quiet"}, description = "No progress and no remarks.")
  boolean quiet;

  private Console console;

  Console console() {
    if (console == null) {
      console = Console.system(quiet);
    }
    return console;
  }

  /** Opens the chosen device. */
  Backend backend() {
    requireKnownDevice();
    if (threads < 0) {
      throw new IllegalArgumentException("--threads " + threads + ": expected 0 (one per processor) or more");
    }
    return Devices.open(device, convolutionLibrary, threads, console());
  }

  void requireKnownDevice() {
    Devices.requireKnown(device);
  }

  /** Prints the result: as JSON if asked for, as lines for people otherwise. */
  void result(Object asJson, List<String> lines) {
    if (json) {
      console().print(Json.pretty(asJson).stripTrailing());
    } else {
      lines.forEach(console()::print);
    }
  }
}

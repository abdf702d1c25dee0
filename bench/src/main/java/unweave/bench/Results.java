package unweave.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What one run of the benchmarks found; written as JSON as it is.
 *
 * @param roofline of one thread, then of as many as computed
 */
record Results(Machine machine, Settings settings, List<Roofline> roofline, List<Measurement> measurements) {
  /** How long and how often was measured: {@link Harness}. */
  record Settings(int threads, int forks, int warmupIterations, int iterations, String iterationLength) {}

  private static final String HEADER = "%-WIDTHs  %10s  %21s  %9s  %8s  %9s  %11s";
  private static final String ROW = "%-WIDTHs  %10s  %10s - %8s  %9s  %8s  %9s  %11s";

  /** The table that people read. */
  List<String> lines() {
    int width = measurements.stream().mapToInt(measurement -> measurement.name().length()).max().orElse(1);
    List<String> lines = new ArrayList<>();
    lines.add(machine.cpu() + ", " + machine.processors() + " processors, load " + number(machine.load()) + ", JDK " + machine.jdk());
    lines.add(machine.backend());
    for (Roofline line : roofline) {
      lines.add("roofline, " + line.threads() + (line.threads() == 1 ? " thread: " : " threads: ") + number(line.gflops()) + " GFLOP/s, copy "
          + number(line.gigabytes()) + " GB/s");
    }
    lines.add("");
    lines.add(String.format(HEADER.replace("WIDTH", String.valueOf(width)), "", "median ms", "10 % - 90 % of runs", "GFLOP/s", "GB/s",
        "roofline", "allocated"));
    for (Measurement measurement : measurements) {
      lines.add(row(measurement, ROW.replace("WIDTH", String.valueOf(width))));
    }
    return lines;
  }

  private static String row(Measurement measurement, String format) {
    Timing timing = measurement.timing();
    double fraction = measurement.rooflineFraction();
    String percent = Double.isNaN(fraction) ? "-" : String.format(Locale.ROOT, "%.0f %%", 100 * fraction);
    return String.format(Locale.ROOT, format, measurement.name(), number(timing.median()), number(timing.low()), number(timing.high()),
        number(measurement.gflops()), number(measurement.gigabytes()), percent, bytes(timing.allocatedBytes()));
  }

  /** Three significant digits. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    int decimals = value == 0 ? 0 : Math.max(0, 2 - (int) Math.floor(Math.log10(Math.abs(value))));
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  private static String bytes(double bytes) {
    if (Double.isNaN(bytes)) {
      return "-";
    }
    return bytes < 1e6 ? number(bytes / 1e3) + " kB" : number(bytes / 1e6) + " MB";
  }
}

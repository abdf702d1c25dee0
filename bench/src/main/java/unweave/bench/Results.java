package unweave.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The results of one run of the benchmarks, and their form in JSON.
 *
 * @param peers descriptions of the peers by name
 * @param roofline of one thread, then of all threads that computed
 */
record Results(
        Machine machine,
        Settings settings,
        Map<String, String> peers,
        List<Roofline> roofline,
        List<Measurement> measurements) {
    /**
     * What computed, and the number and length of the iterations: {@link Harness}.
     *
     * @param device cpu, cuda or cuda:N
     * @param threads of the CPU; 0 if a GPU computed
     */
    record Settings(
            String device, int threads, int forks, int warmupIterations, int iterations, String iterationLength) {}

    private static final int TEXT_WIDTH = 140;
    private static final String INDENT = "  ";
    private static final String ROW = "%-WIDTHs  %10s  %21s  %9s  %8s  %9s  %9s  %11s  %11s";
    private static final String RATIOS = "  %8s  %8s";
    private static final String GPU_ROW = "%-WIDTHs  %10s  %21s  %10s  %8s  %9s  %8s  %9s  %11s";

    /** The table that people read. A peer's line stands below ours; its last columns compare us with it. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(machine.cpu() + ", " + machine.processors() + " processors, load " + number(machine.load()) + ", JDK "
                + machine.jdk());
        lines.add(machine.backend());
        roofline.forEach(line -> lines.add(line.toString()));
        lines.add("");
        if (settings.threads() == 0) {
            lines.addAll(gpuRows());
            return lines;
        }
        String format = ROW.replace("WIDTH", String.valueOf(width()));
        lines.add(String.format(
                        format,
                        "",
                        "median ms",
                        "10 % - 90 % of runs",
                        "GFLOP/s",
                        "GB/s",
                        "roofline",
                        "then",
                        "allocated",
                        "peak memory")
                + (peers.isEmpty() ? "" : String.format(RATIOS, "we: fast", "memory")));
        for (Measurement measurement : measurements) {
            Timing timing = measurement.timing();
            lines.add(String.format(
                    format,
                    measurement.name(),
                    number(timing.median()),
                    spread(timing),
                    number(measurement.gflops()),
                    number(measurement.gigabytes()),
                    percent(measurement.rooflineFraction()),
                    percent(measurement.fractionThen()),
                    bytes(timing.allocatedBytes()),
                    bytes(measurement.peakBytes())));
            for (Measurement.Beside beside : measurement.peers()) {
                lines.add(String.format(
                                format,
                                INDENT + beside.peer(),
                                number(beside.timing().median()),
                                spread(beside.timing()),
                                "",
                                "",
                                percent(beside.rooflineFraction()),
                                percent(beside.fractionThen()),
                                "",
                                bytes(beside.peakBytes()))
                        + String.format(RATIOS, times(beside.timesAsFast()), percent(beside.memoryOfPeer())));
            }
        }
        if (!peers.isEmpty()) {
            lines.add("");
            peers.keySet().forEach(peer -> lines.addAll(range(peer)));
            peers.forEach((name, description) -> lines.addAll(wrapped(name + ": " + description)));
        }
        return lines;
    }

    /** The job in which we are slowest beside a peer, and the one in which we are fastest; none if it has one job. */
    private List<String> range(String peer) {
        List<Measurement> known = measurements.stream()
                .filter(measurement -> !Double.isNaN(measurement.timesAsFast(peer)))
                .sorted(Comparator.comparingDouble(measurement -> measurement.timesAsFast(peer)))
                .toList();
        if (known.size() < 2) {
            return List.of();
        }
        Measurement worst = known.get(0);
        Measurement best = known.get(known.size() - 1);
        return wrapped("beside " + peer + " we are from " + times(worst.timesAsFast(peer)) + " as fast (" + worst.name()
                + ") to " + times(best.timesAsFast(peer)) + " (" + best.name() + ")");
    }

    /** Rates and the roofline are those of the device's own time. */
    private List<String> gpuRows() {
        List<String> rows = new ArrayList<>();
        String format = GPU_ROW.replace("WIDTH", String.valueOf(width()));
        rows.add(String.format(
                format,
                "",
                "host ms",
                "10 % - 90 % of runs",
                "device ms",
                "launches",
                "GFLOP/s",
                "GB/s",
                "roofline",
                "allocated"));
        for (Measurement measurement : measurements) {
            Timing timing = measurement.timing();
            rows.add(String.format(
                    format,
                    measurement.name(),
                    number(timing.median()),
                    spread(timing),
                    number(timing.deviceMilliseconds()),
                    number(timing.launches()),
                    number(measurement.gflops()),
                    number(measurement.gigabytes()),
                    percent(measurement.rooflineFraction()),
                    bytes(timing.allocatedBytes())));
        }
        return rows;
    }

    /** Lines of at most {@value #TEXT_WIDTH} characters, all but the first indented. */
    private static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", 0)) {
            if (line.length() > 0 && line.length() + 1 + word.length() > TEXT_WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(INDENT + word);
            } else {
                line.append(line.length() == 0 ? "" : " ").append(word);
            }
        }
        lines.add(line.toString());
        return lines;
    }

    private int width() {
        int width = measurements.stream()
                .mapToInt(measurement -> measurement.name().length())
                .max()
                .orElse(1);
        return peers.keySet().stream()
                .mapToInt(peer -> INDENT.length() + peer.length())
                .reduce(width, Math::max);
    }

    private static String spread(Timing timing) {
        return String.format(Locale.ROOT, "%10s - %8s", number(timing.low()), number(timing.high()));
    }

    private static String percent(double fraction) {
        return Double.isNaN(fraction) ? "-" : String.format(Locale.ROOT, "%.0f %%", 100 * fraction);
    }

    private static String times(double factor) {
        return Double.isNaN(factor) ? "-" : number(factor) + " x";
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

package unweave.cli.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import unweave.kernels.Ceilings;
import unweave.kernels.profile.Cost;
import unweave.kernels.profile.Timeline;

/**
 * The time of every operation (or, where a device works beside the host, of every kernel and copy) and what it reached
 * in it, by name and then, for the longest, by shape. Shares are of the sum over all operations, so they add up to 100
 * %.
 */
final class ProfileTable {
    private static final int SHAPES = 15;
    private static final String ROW = "%-44s %11s %10s %7s %8s %8s %9s %8s";

    private final List<Timeline.Total> totals;
    private final Ceilings ceilings;
    private final double wallSeconds;

    /** @param totals those that took longest first */
    ProfileTable(List<Timeline.Total> totals, Ceilings ceilings, double wallSeconds) {
        this.totals = totals;
        this.ceilings = ceilings;
        this.wallSeconds = wallSeconds;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        double all = seconds(totals);
        lines.add(String.format(
                Locale.ROOT,
                "ceilings measured: %.1f GFLOP/s multiplying and adding, %.1f GB/s copying",
                ceilings.flopsPerSecond() * 1e-9,
                ceilings.bytesPerSecond() * 1e-9));
        lines.add(head("operation"));
        List<Timeline.Total> byName = byName();
        byName.forEach(total -> lines.add(row(total.operation(), total, all)));
        lines.add(
                String.format(Locale.ROOT, ROW, "all operations", count(totals), time(all), percent(1), "", "", "", "")
                        .stripTrailing());
        lines.add(String.format(
                Locale.ROOT,
                "operations took %.2f s of %.2f s (%s); the rest is the host's other work, or waiting",
                all,
                wallSeconds,
                percent(all / wallSeconds)));
        if (totals.size() > byName.size()) {
            lines.add("");
            lines.add(head(totals.size() > SHAPES ? "by shape, the " + SHAPES + " that took longest" : "by shape"));
            totals.stream()
                    .limit(SHAPES)
                    .forEach(total -> lines.add(row((total.operation() + " " + total.shape()).strip(), total, all)));
        }
        return lines;
    }

    private List<Timeline.Total> byName() {
        Map<String, Timeline.Total> sums = new LinkedHashMap<>();
        for (Timeline.Total total : totals) {
            sums.merge(
                    total.operation(),
                    total,
                    (a, b) -> new Timeline.Total(
                            a.operation(),
                            "",
                            a.calls() + b.calls(),
                            a.nanoseconds() + b.nanoseconds(),
                            a.cost().plus(b.cost())));
        }
        return sums.values().stream()
                .sorted((a, b) -> Long.compare(b.nanoseconds(), a.nanoseconds()))
                .toList();
    }

    private static String head(String first) {
        return String.format(
                Locale.ROOT, ROW, first, "calls", "time", "share", "GB/s", "of copy", "GFLOP/s", "of peak");
    }

    private String row(String name, Timeline.Total total, double all) {
        Cost cost = total.cost();
        double seconds = total.nanoseconds() * 1e-9;
        double bytes = cost.bytes() / seconds;
        double flops = cost.flops() / seconds;
        return String.format(
                Locale.ROOT,
                ROW,
                name,
                String.format(Locale.ROOT, "%,d", total.calls()),
                time(seconds),
                percent(seconds / all),
                known(bytes, String.format(Locale.ROOT, "%.1f", bytes * 1e-9)),
                known(bytes, percent(bytes / ceilings.bytesPerSecond())),
                known(flops, String.format(Locale.ROOT, "%.1f", flops * 1e-9)),
                known(flops, percent(flops / ceilings.flopsPerSecond())));
    }

    /** What needs no arithmetic, or moves nothing, or is not known, has no rate. */
    private static String known(double rate, String text) {
        return rate > 0 && Double.isFinite(rate) ? text : "-";
    }

    private static double seconds(List<Timeline.Total> totals) {
        return totals.stream().mapToLong(Timeline.Total::nanoseconds).sum() * 1e-9;
    }

    private static String count(List<Timeline.Total> totals) {
        return String.format(
                Locale.ROOT,
                "%,d",
                totals.stream().mapToLong(Timeline.Total::calls).sum());
    }

    private static String time(double seconds) {
        return seconds < 1
                ? String.format(Locale.ROOT, "%.3f ms", seconds * 1e3)
                : String.format(Locale.ROOT, "%.3f s", seconds);
    }

    private static String percent(double part) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * part);
    }
}

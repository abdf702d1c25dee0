package unweave.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The results of one run on a GPU, and their form in JSON.
 *
 * @param gpu its name and size
 * @param teraflops 10^12 float32 additions and multiplications per second from registers, measured
 * @param gigabytes 10^9 bytes per second read and written by copying, measured
 * @param notes measurements that were left out, with the reasons
 */
record GpuResults(
        Machine machine,
        String gpu,
        double teraflops,
        double gigabytes,
        List<Line> lines,
        List<Difference> orthogonalization,
        List<String> notes) {
    /**
     * One measurement.
     *
     * @param milliseconds our median time
     * @param low a tenth of the runs were faster
     * @param high a tenth of the runs were slower
     * @param ceilingFraction the least possible time by the measured ceilings as a part of ours; null where neither
     *     flops nor bytes say much
     * @param peer the library that does the same work, or null
     * @param peerMilliseconds its median, or null
     * @param speedOfPeer how many times as fast ours is, or null
     * @param target the target in words; null for none
     * @param met whether the target is met; null if unknown
     */
    record Line(
            String name,
            double milliseconds,
            double low,
            double high,
            Double ceilingFraction,
            String peer,
            Double peerMilliseconds,
            Double speedOfPeer,
            String target,
            Boolean met) {
        /** The same with a target of its own. */
        Line withTarget(String goal, boolean isMet) {
            return new Line(
                    name, milliseconds, low, high, ceilingFraction, peer, peerMilliseconds, speedOfPeer, goal, isMet);
        }

        /** The same beside a peer, with a target for our speed as a part of its speed. */
        Line against(String other, double milliseconds, double leastSpeed) {
            double speed = milliseconds / this.milliseconds;
            String goal =
                    Double.isNaN(leastSpeed) ? target : String.format(Locale.ROOT, "%.1f x %s", leastSpeed, other);
            return new Line(
                    name,
                    this.milliseconds,
                    low,
                    high,
                    ceilingFraction,
                    other,
                    milliseconds,
                    speed,
                    goal,
                    Double.isNaN(leastSpeed) ? met : (Boolean) (speed >= leastSpeed));
        }
    }

    /**
     * How far the results of the Newton-Schulz iteration are from those of the eigendecomposition.
     *
     * @param afterOneStep the largest difference of a value of U
     * @param objectiveAtTheEnd relative difference of the best final objective
     */
    record Difference(String ascent, double afterOneStep, int steps, double objectiveAtTheEnd) {}

    /** The table for people. */
    List<String> table() {
        List<String> table = new ArrayList<>();
        table.add(gpu + "; " + machine.date());
        table.add(String.format(
                Locale.ROOT,
                "measured ceilings: %s TFLOP/s of float32, copies at %s GB/s",
                Results.number(teraflops),
                Results.number(gigabytes)));
        table.add("");
        int width = lines.stream().mapToInt(line -> line.name().length()).max().orElse(1);
        String format = "%-" + width + "s  %10s  %8s  %-14s %10s  %8s  %-18s %s";
        table.add(String.format(format, "", "median ms", "ceiling", "peer", "its ms", "ours is", "target", ""));
        for (Line line : lines) {
            table.add(row(format, line).stripTrailing());
        }
        for (Difference difference : orthogonalization) {
            table.add(String.format(
                    Locale.ROOT,
                    "%s: Newton-Schulz differs from eigenvalues by %.1e in U after 1 step, %.1e in J after %d steps",
                    difference.ascent(),
                    difference.afterOneStep(),
                    difference.objectiveAtTheEnd(),
                    difference.steps()));
        }
        notes.forEach(note -> table.add("note: " + note));
        return table;
    }

    private static String row(String format, Line line) {
        String fraction = line.ceilingFraction() == null
                ? ""
                : String.format(Locale.ROOT, "%.0f %%", 100 * line.ceilingFraction());
        String speed = line.speedOfPeer() == null ? "" : String.format(Locale.ROOT, "%.2f x", line.speedOfPeer());
        String verdict = line.met() == null ? "" : line.met() ? "met" : "MISSED";
        return String.format(
                Locale.ROOT,
                format,
                line.name(),
                Results.number(line.milliseconds()),
                fraction,
                text(line.peer()),
                line.peerMilliseconds() == null ? "" : Results.number(line.peerMilliseconds()),
                speed,
                text(line.target()),
                verdict);
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }
}

package unweave.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The memory that Linux keeps in RAM for this process: Java heap, compiled code and native libraries alike, so it can
 * be compared between a program in Java and one in C++. What a job takes is
 *
 * <pre>
 * (most that was resident while it was measured) - (what was resident before its models and data were made)
 * </pre>
 *
 * in bytes. Libraries are loaded before the second is taken. A JVM and the C library keep freed memory for later, which
 * would blur the difference. {@link Harness#peakBytes} and {@link #setBaseline} avoid this in the same way on both
 * sides:
 *
 * <ul>
 *   <li>the young generation of the heap fills up before the first collection, whether a step discards 1 kB or 1 MB. It
 *       is therefore small, and is filled once before the baseline. Objects that a step discards there are in the
 *       table's column "allocated"; larger arrays and objects that stay alive count here.
 *   <li>the rest of the heap would grow generously. Options keep it tight, and the garbage of the preparation is
 *       collected before the measured iterations.
 *   <li>freed native memory stays with the process: the JVM gives it back every half second.
 *   <li>the JVM's compiler takes tens of megabytes while it is busy, sometimes after the warm-up too. The job runs in
 *       several iterations, and the one with the lowest peak counts.
 * </ul>
 *
 * The result is the need of the job, not the size of a process with a large heap.
 *
 * <p>NaN on systems other than Linux.
 */
final class ResidentMemory {
    /** Size of the young generation in the forks that measure memory. */
    static final int YOUNG_BYTES = 16 << 20;

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR_REFERENCES = Path.of("/proc/self/clear_refs");
    private static final String RESET_PEAK = "5"; // proc(5)
    private static final int GARBAGE = 64 << 10;

    private static double baseline = Double.NaN;
    /** Written only: an array that nothing holds might never be allocated. */
    @SuppressWarnings("UnusedVariable")
    private static Object sink;

    private ResidentMemory() {}

    /** Takes the memory that is resident now as the baseline of the job. */
    static void setBaseline() {
        for (int filled = 0; filled < 4 * YOUNG_BYTES; filled += GARBAGE) {
            sink = new byte[GARBAGE];
        }
        sink = null;
        System.gc();
        baseline = bytes("VmRSS");
    }

    /**
     * Collects garbage and forgets earlier peaks. Where the system does not permit that, {@link #peakGrowth} looks back
     * to the start of the process, an upper bound.
     */
    static void resetPeak() {
        System.gc();
        try {
            Files.write(CLEAR_REFERENCES, RESET_PEAK.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // not Linux, or a container that hides the file
        }
    }

    /** How far memory rose above the baseline at most since {@link #resetPeak}, in bytes. */
    static double peakGrowth() {
        return Math.max(0, bytes("VmHWM") - baseline); // NaN stays NaN
    }

    private static double bytes(String field) {
        try {
            return bytes(field, Files.readAllLines(STATUS));
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    /** A field of Linux' /proc/self/status, such as "VmRSS: 2180 kB". */
    static double bytes(String field, List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToDouble(kilobytes -> Double.parseDouble(kilobytes) * 1024)
                .findFirst()
                .orElse(Double.NaN);
    }
}

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
 * in bytes. Libraries are loaded before the second is taken. What a JVM and the C library keep for later would blur the
 * difference; {@link Harness#peakBytes} and {@link #setBaseline} see to that, in the same way on both sides:
 *
 * <ul>
 *   <li>the young generation of the heap fills up before the first collection, whether a step discards 1 kB or 1 MB: it
 *       is small and has been filled once before the baseline. What a step discards within it is the table's column
 *       "allocated"; larger arrays, and all that lives on, count here.
 *   <li>the rest of the heap grows with room to spare: it is kept tight, and what preparation has left is collected
 *       before the measured iterations.
 *   <li>freed native memory stays with the process: the JVM gives it back every half second.
 *   <li>the JVM's compiler takes tens of megabytes while it is busy, now and then after the warm-up, too: of several
 *       iterations, in each of which the job runs, that with the lowest peak counts.
 * </ul>
 *
 * So this is what the job needs, not the size of a process with a roomy heap.
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

    /** Takes what is resident now as what was there before the job. */
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

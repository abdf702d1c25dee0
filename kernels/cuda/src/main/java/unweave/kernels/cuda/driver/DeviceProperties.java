package unweave.kernels.cuda.driver;

import java.util.Locale;

/**
 * What a GPU is.
 *
 * @param ordinal its number, from 0, as CUDA counts
 * @param totalMemory bytes
 * @param clockKilohertz the highest clock of the multiprocessors
 * @param memoryClockKilohertz the highest clock of the memory
 * @param memoryBusBits width of the path to memory
 */
public record DeviceProperties(
        int ordinal,
        String name,
        int computeMajor,
        int computeMinor,
        int multiprocessors,
        long totalMemory,
        int l2Bytes,
        int clockKilohertz,
        int memoryClockKilohertz,
        int memoryBusBits) {

    /** Compute capability as one number: 75 for 7.5. */
    public int computeCapability() {
        return 10 * computeMajor + computeMinor;
    }

    /** "NVIDIA H200, compute capability 9.0, 132 multiprocessors, 139.8 GiB". */
    public String description() {
        return String.format(
                Locale.ROOT,
                "%s, compute capability %d.%d, %d multiprocessors, %.1f GiB",
                name,
                computeMajor,
                computeMinor,
                multiprocessors,
                totalMemory / (double) (1L << 30));
    }
}

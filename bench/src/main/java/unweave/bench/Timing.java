package unweave.bench;

import java.util.List;

/**
 * How long one run took, over all runs of all forks.
 *
 * @param median of all runs, in milliseconds
 * @param low a tenth of the runs were faster, in milliseconds
 * @param high a tenth of the runs were slower, in milliseconds
 * @param forks the median of each fork, in milliseconds: far apart where the compiler can settle in different states
 * @param allocatedBytes fresh Java memory per run
 * @param possibleFlops additions and multiplications from registers that the machine could have done in the time of a
 *     run, at its speed at that time; NaN if not measured
 * @param deviceMilliseconds of a run on a GPU, by GPU events; NaN on a CPU
 * @param launches kernels, copies and library calls that a run queues on a GPU; NaN on a CPU
 */
public record Timing(
        double median,
        double low,
        double high,
        List<Double> forks,
        double allocatedBytes,
        double possibleFlops,
        double deviceMilliseconds,
        double launches) {
    /** On a CPU. */
    Timing(double median, double low, double high, List<Double> forks, double allocatedBytes, double possibleFlops) {
        this(median, low, high, forks, allocatedBytes, possibleFlops, Double.NaN, Double.NaN);
    }

    /** Milliseconds that bound the work: the device's own where it is a GPU, the median elsewhere. */
    double working() {
        return Double.isNaN(deviceMilliseconds) ? median : deviceMilliseconds;
    }

    /** The time of so many equal runs; of a part of a run if less than 1. */
    Timing times(double runs) {
        return new Timing(
                median * runs,
                low * runs,
                high * runs,
                forks.stream().map(fork -> fork * runs).toList(),
                allocatedBytes * runs,
                possibleFlops * runs,
                deviceMilliseconds * runs,
                launches * runs);
    }
}

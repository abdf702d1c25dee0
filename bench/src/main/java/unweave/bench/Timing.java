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
 */
public record Timing(double median, double low, double high, List<Double> forks, double allocatedBytes) {
  /** The time of one of so many equal parts of a run. */
  Timing dividedBy(int parts) {
    return new Timing(median / parts, low / parts, high / parts, forks.stream().map(fork -> fork / parts).toList(), allocatedBytes / parts);
  }
}

package unweave.bench;

import java.util.List;

/**
 * One line of the result.
 *
 * @param name of the operation or job
 * @param timing of the reported runs
 * @param gflops 10^9 additions and multiplications per second, on a GPU of its own time; NaN if their number is unknown
 * @param gigabytes 10^9 bytes of operands per second, on a GPU of its own time; NaN if their number is unknown
 * @param rooflineFraction see {@link Roofline#fraction}
 * @param fractionThen as {@code rooflineFraction}, with the peak arithmetic that the machine reached directly before
 *     and after; NaN if flops are unknown
 * @param peakBytes the memory it takes, see {@link ResidentMemory}; NaN if not measured
 * @param peers the same job done by others
 */
record Measurement(
        String name,
        Timing timing,
        double gflops,
        double gigabytes,
        double rooflineFraction,
        double fractionThen,
        double peakBytes,
        List<Beside> peers) {
    /**
     * The same job by a {@link Peer}.
     *
     * @param timesAsFast its median time divided by ours
     * @param memoryOfPeer our peak of memory divided by its
     */
    record Beside(
            String peer,
            Timing timing,
            double rooflineFraction,
            double fractionThen,
            double peakBytes,
            double timesAsFast,
            double memoryOfPeer) {}

    /**
     * Without peers.
     *
     * @param flops and bytes of what is reported; 0 if unknown
     */
    static Measurement of(String name, Timing timing, double flops, double bytes, double peakBytes, Roofline roofline) {
        double seconds = timing.working() * 1e-3;
        return new Measurement(
                name,
                timing,
                rate(flops, seconds),
                rate(bytes, seconds),
                roofline.fraction(flops, bytes, seconds),
                fractionThen(flops, timing),
                peakBytes,
                List.of());
    }

    private static double fractionThen(double flops, Timing timing) {
        return flops == 0 ? Double.NaN : flops / timing.possibleFlops();
    }

    private static double rate(double count, double seconds) {
        return count == 0 ? Double.NaN : count * 1e-9 / seconds;
    }

    /** A peer's time divided by ours; NaN if it does not know this job. */
    double timesAsFast(String peer) {
        return peers.stream()
                .filter(beside -> beside.peer().equals(peer))
                .mapToDouble(Beside::timesAsFast)
                .findFirst()
                .orElse(Double.NaN);
    }

    /** A peer's measurement of the same job, compared with this one. */
    Beside beside(String peer, Timing timing, double peakBytes) {
        double speed = timing.median() / this.timing.median();
        double then = fractionThen * this.timing.possibleFlops() / timing.possibleFlops();
        return new Beside(peer, timing, rooflineFraction / speed, then, peakBytes, speed, this.peakBytes / peakBytes);
    }

    /** This with a comparison from {@link #beside}. */
    Measurement withPeers(List<Beside> beside) {
        return new Measurement(name, timing, gflops, gigabytes, rooflineFraction, fractionThen, peakBytes, beside);
    }
}

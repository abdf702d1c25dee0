package unweave.bench;

import java.util.function.Supplier;

/**
 * A job as a {@link Peer} does it.
 *
 * @param name of the {@link Job} that does the same
 * @param reportedRuns as in {@link Job}; a run need not do as much as one of ours
 * @param check throws an {@link IllegalStateException} if the peer computes something else than we do; runs untimed,
 *     after {@link Peer#load} and before the job is timed
 * @param setup prepares the job, untimed, after {@link Peer#load}
 */
public record PeerJob(String name, double reportedRuns, Runnable check, Supplier<PreparedJob> setup) {
    /** The largest difference between a peer's results and ours, as a part of our largest value. */
    private static final double TOLERANCE = 1e-3;

    /** A job that only tests compare with ours. */
    public PeerJob(String name, double reportedRuns, Supplier<PreparedJob> setup) {
        this(name, reportedRuns, () -> {}, setup);
    }

    /**
     * Compares results.
     *
     * @param what they are, such as "logits"
     * @throws IllegalStateException if they differ by more than a thousandth of our largest value
     */
    public static void requireAgreement(String what, float[] ours, float[] theirs) {
        requireAgreement(what, TOLERANCE, ours, theirs);
    }

    /**
     * As {@link #requireAgreement(String, float[], float[])}.
     *
     * @param tolerance the largest difference, as a part of our largest value
     */
    public static void requireAgreement(String what, double tolerance, float[] ours, float[] theirs) {
        if (ours.length != theirs.length) {
            throw new IllegalStateException(what + ": the peer has " + theirs.length + " values, not " + ours.length);
        }
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < ours.length; i++) {
            largest = Math.max(largest, Math.abs(ours[i]));
            double apart = Math.abs(ours[i] - theirs[i]);
            difference = Double.isNaN(apart) ? Double.POSITIVE_INFINITY : Math.max(difference, apart);
        }
        if (!(difference <= tolerance * largest)) {
            throw new IllegalStateException(
                    what + ": the peer differs from us by " + difference + ", where our largest value is " + largest
                            + "; at most " + tolerance + " of that may be rounding");
        }
    }
}

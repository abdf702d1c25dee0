package unweave.bench;

import java.util.function.Supplier;

/**
 * A job as a {@link Peer} does it.
 *
 * @param name of the {@link Job} that does the same
 * @param reportedRuns as in {@link Job}; a run need not do as much as one of ours
 * @param setup prepares the job, untimed, after {@link Peer#load}
 */
public record PeerJob(String name, double reportedRuns, Supplier<PreparedJob> setup) {}

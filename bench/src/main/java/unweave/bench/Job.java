package unweave.bench;

import unweave.kernels.Backend;

/**
 * One computation that users wait for, such as a training step.
 *
 * @param name what is computed, with the model and the batch size
 * @param flops additions and multiplications of what is reported, by the plain formulas; 0 where the time does not
 *     depend on them
 * @param reportedRuns the time of so many runs is reported: 1 as a rule; 1/3 where a run does the work of three starts
 *     at once; 40 where a run is one epoch of 40 alike
 * @param setup prepares the job, untimed
 */
public record Job(String name, double flops, double reportedRuns, Setup setup) {
    /** Makes a job ready to run. */
    @FunctionalInterface
    public interface Setup {
        /**
         * Prepares inputs and models.
         *
         * @param threads how many threads compute, for work that does not go through the backend
         */
        PreparedJob prepare(Backend backend, int threads);
    }

    @Override
    public String toString() {
        return name;
    }
}

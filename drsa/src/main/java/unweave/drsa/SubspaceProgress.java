package unweave.drsa;

/** Receives the progress of an optimisation, on the thread that runs it. */
@FunctionalInterface
public interface SubspaceProgress {
    /** Ignores all progress. */
    SubspaceProgress SILENT = (step, steps, objectives, secondsLeft) -> {};

    /**
     * Called every {@value SubspaceAscent#STEPS_PER_REPORT} steps and after the last.
     *
     * @param step steps done, of {@code steps}
     * @param objectives the latest known objective J of every start
     * @param secondsLeft what the remaining steps take at the speed so far; 0 at the end
     */
    void progress(int step, int steps, float[] objectives, double secondsLeft);
}

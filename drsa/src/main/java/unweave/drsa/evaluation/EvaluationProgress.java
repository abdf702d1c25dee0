package unweave.drsa.evaluation;

/** Receives the progress of an evaluation after every batch, on the thread that runs it. */
@FunctionalInterface
public interface EvaluationProgress {
    /** Ignores all progress. */
    EvaluationProgress SILENT = (done, total, secondsLeft) -> {};

    /**
     * Called after every batch.
     *
     * @param done inputs done, of {@code total}
     * @param secondsLeft what the rest takes at the speed so far; 0 at the end
     */
    void progress(int done, int total, double secondsLeft);
}

package unweave.drsa.evaluation;

/** Reports to an {@link EvaluationProgress} how many inputs are done and how long the rest will take. */
public final class ProgressClock {
    private final EvaluationProgress progress;
    private final int total;
    private final long begin = System.nanoTime();

    /** @param total how many inputs there are to do */
    public ProgressClock(EvaluationProgress progress, int total) {
        this.progress = progress;
        this.total = total;
    }

    /** Reports that {@code count} inputs in all are done. */
    public void done(int count) {
        double seconds = (System.nanoTime() - begin) * 1e-9;
        progress.progress(count, total, seconds / count * (total - count));
    }
}

package unweave.drsa.evaluation;

/** Tells an {@link EvaluationProgress} how far a computation is and how long the rest will take. */
final class ProgressClock {
  private final EvaluationProgress progress;
  private final int total;
  private final long begin = System.nanoTime();

  ProgressClock(EvaluationProgress progress, int total) {
    this.progress = progress;
    this.total = total;
  }

  void done(int count) {
    double seconds = (System.nanoTime() - begin) * 1e-9;
    progress.progress(count, total, seconds / count * (total - count));
  }
}

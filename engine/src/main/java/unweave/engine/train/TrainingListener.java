package unweave.engine.train;

/** Is told of the progress of a training, on the training thread. */
public interface TrainingListener {
    /** Ignores everything. */
    TrainingListener NONE = new TrainingListener() {};

    /**
     * The progress of a training.
     *
     * @param epoch from 1
     * @param batch batches of this epoch that are done
     * @param loss mean over the epoch so far
     * @param accuracy share over the epoch so far
     * @param seconds since the training was started or resumed
     * @param secondsLeft estimated from the time so far
     */
    record Progress(
            int epoch,
            int epochs,
            int batch,
            int batches,
            double loss,
            double accuracy,
            double seconds,
            double secondsLeft) {}

    /** Called several times per second at most, and at the end of each epoch's batches. */
    default void progress(Progress progress) {}

    /** Called when the epoch is validated and its checkpoint is written. */
    default void epochDone(EpochRecord epoch) {}
}

package unweave.bench;

/** A job with its inputs and models, ready to run many times. */
public interface PreparedJob extends AutoCloseable {
    /**
     * Runs once; the number returned depends on the result, so no part of the work can be left out. Not finite if the
     * result is not.
     */
    double run();

    @Override
    default void close() {}
}

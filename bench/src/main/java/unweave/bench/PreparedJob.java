package unweave.bench;

/** A job with its inputs and models, ready to run many times. */
public interface PreparedJob extends AutoCloseable {
    /**
     * Runs once and returns a number that depends on the whole result, so that the compiler can leave no work out. It
     * is not finite if the result is not.
     */
    double run();

    @Override
    default void close() {}
}

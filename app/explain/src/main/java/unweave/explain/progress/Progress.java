package unweave.explain.progress;

/** How far a piece of work has come. Closing it says that the work has ended. */
public interface Progress extends AutoCloseable {
    /** {@code done} steps of the total are finished; {@code detail} is a short remark such as "loss 0.031". */
    void at(long done, String detail);

    @Override
    void close();

    /** Progress that nobody sees. */
    static Progress none() {
        return new Progress() {
            @Override
            public void at(long done, String detail) {}

            @Override
            public void close() {}
        };
    }
}

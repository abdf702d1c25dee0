package unweave.kernels;

/**
 * A run of float32 values in the memory of one backend. Closing gives the memory back for reuse; using it afterwards is
 * an error.
 */
public interface Floats extends AutoCloseable {
    /** Number of values. */
    long size();

    @Override
    void close();
}

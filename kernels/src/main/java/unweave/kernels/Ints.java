package unweave.kernels;

/** A run of int32 values (labels, row numbers, winners of a pooling window) in the memory of one backend. */
public interface Ints extends AutoCloseable {
    /** Number of values. */
    long size();

    @Override
    void close();
}

package unweave.kernels;

/**
 * Operations that were written down once and are computed again and again, without the calls, checks and plans in
 * between: a CUDA graph on a GPU, a list of tasks on a processor, which allocates nothing when it is played.
 *
 * <p>Every play works on what the memory of the operands holds by then. Numbers that were handed over by value stay
 * what they were; what changes from play to play has to lie in memory. Belongs to the thread of its backend, and is
 * closed before it.
 */
public interface Recording extends AutoCloseable {
    /** Queues all operations, in their order. The memory that they were given must still be open. */
    void play();

    /** Frees the memory that was asked for and closed while the operations were recorded. */
    @Override
    void close();
}

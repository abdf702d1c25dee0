package unweave.kernels;

/**
 * Operations that were recorded once and are computed many times, without calls, checks and plans in between: a CUDA
 * graph on a GPU, a list of tasks on a processor. Playing it allocates nothing.
 *
 * <p>Each play reads the current content of the operands' memory. Numbers that were passed by value stay the same, so a
 * number that changes from play to play has to lie in memory. A recording belongs to the thread of its backend and is
 * closed before it.
 */
public interface Recording extends AutoCloseable {
    /** Queues all operations, in their order. The memory of their operands must still be open. */
    void play();

    /** Frees the memory that was asked for and closed while the operations were recorded. */
    @Override
    void close();
}

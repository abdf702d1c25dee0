package unweave.kernels;

/**
 * A device that computes. Operations are queued in the order of the calls and may run asynchronously; only downloads
 * and {@link #synchronize} wait. All memory handed to a backend must be its own. A backend belongs to one thread at a
 * time.
 *
 * <p>Results are the same bytes for the same inputs, whatever the number of threads.
 */
public interface Backend
        extends Transfers,
                Convolutions,
                Pooling,
                Fused,
                Elementwise,
                Activations,
                Training,
                Propagation,
                Subspaces,
                AutoCloseable {

    /** A line for people: what computes, how wide, with how many threads. */
    String description();

    /**
     * Measures what the device can do at most; takes about half a second, in which it should have nothing else to do.
     */
    Ceilings measureCeilings();

    /**
     * How many inputs a walk through a whole network should take at once, if memory allows: a processor's caches hold
     * few, while a device of thousands of threads idles with few.
     */
    default int inputsAtOnce() {
        return 16;
    }

    /** Where callers name the parts of their work; nobody looks unless a profile is wanted. */
    default Spans spans() {
        return Spans.NONE;
    }

    /**
     * From now on tells {@code log} of every piece of work that the device does on its own time.
     *
     * @return false, and nothing is told, if operations are done when their calls return: then the caller can time them
     *     itself
     */
    default boolean reportTo(DeviceLog log) {
        return false;
    }

    /**
     * Writes operations down instead of computing them. They may ask for memory; what they close serves the recording
     * alone until it is closed. The same operations must have been computed once before, when a GPU loads their
     * kernels. Excluded are transfers between host and device, and operations on {@link Subspaces}, where
     * {@link #ascend} is a recording of its own.
     *
     * @param operations runs once or, while a profile is taken, whenever the recording is played
     * @throws IllegalStateException on an operation that cannot be recorded
     */
    Recording record(Runnable operations);

    /** The plain version, step by step; a device that is faster when it knows that more steps follow has its own. */
    @Override
    default void ascend(
            Ascent ascent, int steps, Floats a, Floats c, Floats u, Floats gradient, Floats objective, long offset) {
        for (int step = 0; step < steps; step++) {
            subspaceGradient(
                    ascent.starts(),
                    ascent.rows(),
                    ascent.dimensions(),
                    ascent.subspaces(),
                    a,
                    c,
                    u,
                    gradient,
                    objective,
                    offset + (long) step * ascent.starts());
            addScaled(ascent.stepSize(), gradient, u);
            orthogonalize(ascent.orthogonalization(), ascent.starts(), ascent.dimensions(), u);
        }
    }

    /** Frees all memory and threads. */
    @Override
    void close();
}

package unweave.kernels;

import java.lang.reflect.Method;
import java.util.List;

/**
 * A device that computes. It offers its operations in groups, one object each for as long as the backend is open:
 *
 * <pre>
 * backend.convolutions().convForward(shape, x, w, bias, relu, y);
 * </pre>
 *
 * Operations are queued in the order of the calls and may run asynchronously; only downloads and {@link #synchronize}
 * wait. All memory handed to a backend must be its own: another's is refused with an {@link IllegalArgumentException}
 * that names both backends.
 *
 * <p>A backend belongs to one thread, at first to the one that created it; {@link #claim} hands it over. A call by
 * another thread throws an {@link IllegalStateException} that names both threads.
 *
 * <p>Results are the same bytes for the same inputs, whatever the number of threads.
 */
public interface Backend extends Transfers, AutoCloseable {
    /** The types of the groups, in the order of their methods below. */
    List<Class<?>> GROUPS = List.of(
            Convolutions.class,
            Pooling.class,
            Fused.class,
            Elementwise.class,
            Broadcasting.class,
            Indexing.class,
            Recurrence.class,
            Activations.class,
            Normalization.class,
            Attention.class,
            Training.class,
            Propagation.class,
            Subspaces.class);

    /**
     * Makes the calling thread the one that the backend, and its memory, belongs to. The thread before must be done
     * with it, and what it did must be visible here: hand over through a queue, a lock, or the end of a thread.
     */
    void claim();

    /** A line for people: what computes, how wide, with how many threads. */
    String description();

    /** Convolutions and matrix products. */
    Convolutions convolutions();

    /** Maximum and average pooling. */
    Pooling pooling();

    /** Operations that do the work of several others in one pass over memory. */
    Fused fused();

    /** Sums, products and ReLU, value by value; rows and columns. */
    Elementwise elementwise();

    /** Sums, products and comparisons of operands that repeat along axes, and sums over axes. */
    Broadcasting broadcasting();

    /** Rows picked by their number. */
    Indexing indexing();

    /** Recurrent layers. */
    Recurrence recurrence();

    /** Nonlinearities that are not ReLU. */
    Activations activations();

    /** Batch and layer normalisation. */
    Normalization normalization();

    /** Softmax, and products of activations. */
    Attention attention();

    /** The loss and the optimisers. */
    Training training();

    /** Pieces of layer-wise relevance propagation. */
    Propagation propagation();

    /** Disentangled relevant subspace analysis. */
    Subspaces subspaces();

    /** Measures the limits of the device. This takes about half a second, during which it should have no other work. */
    Ceilings measureCeilings();

    /**
     * The number of inputs that a pass through a whole network should take at once, if memory allows. The caches of a
     * processor hold few; a device of thousands of threads needs many.
     */
    default int inputsAtOnce() {
        return 16;
    }

    /** What {@link Orthogonalization#AUTO} means on this device: the way that is faster here. */
    default Orthogonalization fastestOrthogonalization() {
        return Orthogonalization.NEWTON_SCHULZ;
    }

    /** The spans by which callers name the parts of their work. They are ignored unless a profile is written. */
    default Spans spans() {
        return Spans.NONE;
    }

    /**
     * From now on reports to {@code log} every piece of work that the device does asynchronously.
     *
     * @return false, and nothing is reported, if operations are done when their calls return; the caller can then time
     *     them itself
     */
    default boolean reportTo(DeviceLog log) {
        return false;
    }

    /**
     * Records operations instead of computing them. They may allocate memory; memory that they close is kept for the
     * recording until that is closed. The same operations must have been computed once before, so that a GPU has loaded
     * their kernels. Excluded are transfers between host and device, and operations on {@link Subspaces}, where
     * {@link Subspaces#ascend} is a recording of its own.
     *
     * @param operations runs once or, while a profile is taken, whenever the recording is played
     * @throws IllegalStateException on an operation that cannot be recorded
     */
    Recording record(Runnable operations);

    /** The group of {@code backend} that has that type, one of {@link #GROUPS}. */
    static Object group(Backend backend, Class<?> type) {
        try {
            for (Method method : Backend.class.getMethods()) {
                if (method.getReturnType() == type) {
                    return method.invoke(backend);
                }
            }
            throw new IllegalArgumentException(type + " is no group of operations");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Frees all memory and threads. */
    @Override
    void close();
}

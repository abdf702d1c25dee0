package unweave.kernels;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The thread that a backend belongs to, and the backend's name in messages. Backends ask {@link #require} at the head
 * of every call; it compares one field.
 */
public final class Owner {
    private static final AtomicInteger BACKENDS = new AtomicInteger();

    private final String backend;
    private volatile Thread thread = Thread.currentThread();

    /**
     * The calling thread owns the backend.
     *
     * @param description what computes; a number is added, since several backends may have the same
     */
    public Owner(String description) {
        backend = "backend " + BACKENDS.incrementAndGet() + " (" + description + ")";
    }

    /**
     * Does nothing on the thread that owns the backend.
     *
     * @throws IllegalStateException on any other thread
     */
    public void require() {
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException(
                    backend + " belongs to thread \"" + thread.getName() + "\" and was called by thread \""
                            + Thread.currentThread().getName()
                            + "\": call claim() on the backend first, when the other thread is done with it");
        }
    }

    /** From now on the backend belongs to the calling thread. */
    public void claim() {
        thread = Thread.currentThread();
    }

    /** What to throw where an operand is not this backend's memory; {@code values} says whose it is. */
    public IllegalArgumentException foreign(Object values) {
        return new IllegalArgumentException("memory of another backend was handed to " + backend + ": " + values);
    }

    @Override
    public String toString() {
        return backend;
    }
}

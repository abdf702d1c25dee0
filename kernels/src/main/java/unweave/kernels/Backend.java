package unweave.kernels;

/**
 * A device that computes. Operations are queued in the order of the calls and may run asynchronously; only downloads and {@link
 * #synchronize} wait. All memory handed to a backend must be its own. A backend belongs to one thread at a time.
 *
 * <p>Results are the same bytes for the same inputs, whatever the number of threads.
 */
public interface Backend
    extends Transfers, Convolutions, Pooling, Elementwise, Activations, Training, Propagation, Subspaces, AutoCloseable {

  /** A line for people: what computes, how wide, with how many threads. */
  String description();

  /** Frees all memory and threads. */
  @Override
  void close();
}

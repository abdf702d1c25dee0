package unweave.kernels;

/**
 * Names the parts of a run for a profile: an epoch, a step, the forward pass of a layer. Spans of a thread nest.
 *
 * <pre>{@code
 * try (Spans.Span span = backend.spans().open("forward", "conv1")) {
 *   ...
 * }
 * }</pre>
 */
public interface Spans {
    /** Spans that are ignored; opening one costs nothing. */
    Spans NONE = (kind, name) -> Span.NONE;

    /**
     * Begins a part of the work; close the result where the part ends, on the same thread.
     *
     * @param kind what sort of part: "epoch", "forward", "relevance"
     * @param name which one: a layer, a number, a file. Its text is made only if somebody looks
     */
    Span open(String kind, Object name);

    /** A part of the work that has begun. */
    interface Span extends AutoCloseable {
        /** See {@link Spans#NONE}. */
        Span NONE = () -> {};

        /** The part has ended. */
        @Override
        void close();
    }
}

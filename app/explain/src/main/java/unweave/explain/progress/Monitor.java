package unweave.explain.progress;

import unweave.kernels.Spans;

/** Is told how far long work has come and what its user should know. Every method does nothing unless overridden. */
public interface Monitor {
    /** Begins a piece of work of {@code total} steps; close the result when it ends. */
    default Progress progress(String task, long total) {
        return Progress.none();
    }

    /** A remark about the work. */
    default void note(String line) {}

    /** Something the user should know. */
    default void warn(String line) {}

    /** Where parts of the work that are too small for a progress are named, for a profile. */
    default Spans spans() {
        return Spans.NONE;
    }

    /** A monitor that drops everything. */
    static Monitor silent() {
        return new Monitor() {};
    }
}

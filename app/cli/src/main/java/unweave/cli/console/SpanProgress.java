package unweave.cli.console;

import unweave.explain.progress.Progress;
import unweave.kernels.Spans;

/** Progress whose whole time is a span. */
record SpanProgress(Progress shown, Spans.Span span) implements Progress {
    @Override
    public void at(long done, String detail) {
        shown.at(done, detail);
    }

    @Override
    public void close() {
        shown.close();
        span.close();
    }
}

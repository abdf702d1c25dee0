package unweave.cli.console;

import java.io.PrintStream;
import java.util.Locale;
import unweave.explain.progress.Progress;
import unweave.kernels.VisibleText;

/** Where there is no terminal: a line at every tenth of the work, but not more than one in two seconds. */
final class LineProgress implements Progress {
    private static final int PARTS = 10;
    private static final long INTERVAL = 2_000_000_000L;
    private final String task;
    private final long total;
    private final PrintStream stream;
    private final long start = System.nanoTime();
    private long lastLine = start;
    private long nextPart = 1;

    LineProgress(String task, long total, PrintStream stream) {
        this.task = task;
        this.total = Math.max(1, total);
        this.stream = stream;
    }

    @Override
    public synchronized void at(long done, String detail) {
        long now = System.nanoTime();
        if (done * PARTS < nextPart * total || done >= total || now - lastLine < INTERVAL) {
            return;
        }
        nextPart = done * PARTS / total + 1;
        lastLine = now;
        double left = (now - start) * 1e-9 * (total - done) / done;
        stream.println(String.format(
                Locale.ROOT,
                "%s: %d %%, about %.0f s left%s",
                task,
                done * 100 / total,
                left,
                detail.isEmpty() ? "" : ", " + VisibleText.line(detail)));
    }

    @Override
    public void close() {}
}

package unweave.cli.console;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import unweave.explain.progress.Monitor;
import unweave.explain.progress.Progress;
import unweave.kernels.Spans;
import unweave.kernels.VisibleText;

/**
 * The terminal. Progress and notes go to standard error, results to standard output, so that {@code --json} output can
 * be piped. Control characters that names bring along are written out, so that none reaches the terminal.
 */
public final class Console implements Monitor {
    /** Longer notes are cut in their middle. */
    public static final int LONGEST_LINE = 300;

    /** Standard output, once it is ours alone. */
    private static volatile PrintStream claimed;

    private final PrintStream results;
    private final PrintStream notes;
    private final boolean terminal;
    private final boolean quiet;
    private Spans spans = Spans.NONE;

    /**
     * @param terminal whether standard error is a terminal that a progress bar can be drawn on
     * @param quiet whether to drop notes and progress
     */
    public Console(PrintStream results, PrintStream notes, boolean terminal, boolean quiet) {
        this.results = results;
        this.notes = notes;
        this.terminal = terminal;
        this.quiet = quiet;
    }

    /**
     * The process' own streams; the launcher says with {@code unweave.terminal} whether standard error is a terminal.
     */
    public static Console system(boolean quiet) {
        return new Console(standardOutput(), System.err, Boolean.getBoolean("unweave.terminal"), quiet);
    }

    /** Where results go. */
    public static PrintStream standardOutput() {
        return claimed == null ? System.out : claimed;
    }

    /**
     * Keeps standard output for results: what libraries print, as jFLAC does about damaged files, would spoil JSON that
     * a program reads.
     */
    public static void claimStandardOutput() {
        claimed = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    }

    /** A line of the result. */
    public void print(String line) {
        results.println(VisibleText.line(line));
        results.flush();
    }

    /** A result of several lines. */
    public void printText(String text) {
        results.println(VisibleText.lines(text));
        results.flush();
    }

    /** A line about the work, which is not part of the result. */
    @Override
    public void note(String line) {
        if (!quiet) {
            notes.println(shown(line));
        }
    }

    private static String shown(String line) {
        return VisibleText.shortened(VisibleText.line(line), LONGEST_LINE);
    }

    /** A line about something the user should know, shown even when quiet. */
    @Override
    public void warn(String line) {
        notes.println(shown("note: " + line));
    }

    /** A line that was asked for but is not part of the result, shown even when quiet. */
    public void remark(String line) {
        notes.println(VisibleText.line(line));
    }

    /** From now on every piece of work that has a progress is a span too. */
    public void nameStagesIn(Spans spans) {
        this.spans = spans;
    }

    /** Where parts of the work that are too small for a progress are named. */
    @Override
    public Spans spans() {
        return spans;
    }

    /** Begins a piece of work of {@code total} steps; close the result when it ends. */
    @Override
    public Progress progress(String task, long total) {
        String named = VisibleText.line(task);
        Progress shown = quiet
                ? Progress.none()
                : terminal ? new BarProgress(named, total, notes) : new LineProgress(named, total, notes);
        return spans == Spans.NONE ? shown : new SpanProgress(shown, spans.open("stage", task));
    }
}

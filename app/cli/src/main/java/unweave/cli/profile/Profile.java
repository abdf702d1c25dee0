package unweave.cli.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import unweave.explain.output.ResultFile;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.Ceilings;
import unweave.kernels.Spans;
import unweave.kernels.profile.ProfilingBackend;
import unweave.kernels.profile.Timeline;

/**
 * The profile of one command, from its beginning to {@link #finish}. Without a file it only serves Java Flight
 * Recorder.
 */
public final class Profile {
    /** A trace of a million pieces is a file of about 150 MB, the most that viewers take with ease. */
    private static final int MOST_PIECES = 1_000_000;

    private final Path file;
    private final Timeline timeline;
    private Ceilings ceilings;
    private String description = "no device";

    /**
     * Begins.
     *
     * @param file for the trace, or null for none
     * @throws BadInputException if the file cannot be written there
     */
    public Profile(Path file) {
        if (file != null) {
            requireWritable(file);
        }
        this.file = file;
        timeline = new Timeline(file == null ? 0 : MOST_PIECES);
    }

    private static void requireWritable(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new BadInputException("--profile " + file + ": there is no folder " + folder);
        }
        if (Files.isDirectory(file)) {
            throw new BadInputException("--profile " + file + ": is a folder; name a file in it");
        }
        if (!Files.isWritable(folder)) {
            throw new BadInputException("--profile " + file + ": the folder " + folder + " cannot be written to");
        }
    }

    /** Where parts of the work are named. */
    public Spans spans() {
        return timeline;
    }

    /**
     * A backend whose operations are recorded, after measuring what the device can do. Closes {@code backend} when it
     * is closed.
     */
    public Backend of(Backend backend) {
        description = backend.description();
        if (file != null) {
            try (Spans.Span span = timeline.open("stage", "measuring the ceilings")) {
                ceilings = backend.measureCeilings();
            }
        }
        return ProfilingBackend.of(backend, timeline);
    }

    /**
     * Writes the trace.
     *
     * @return the table, for people; nothing if there is no file
     */
    public List<String> finish() throws IOException {
        if (file == null) {
            return List.of();
        }
        double wallSeconds = (System.nanoTime() - timeline.start()) * 1e-9;
        ResultFile.write(file, out -> new ChromeTrace(timeline, description).write(out));
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "profile of %.2f s on %s", wallSeconds, description));
        if (ceilings != null) {
            lines.addAll(new ProfileTable(timeline.totals(), ceilings, wallSeconds).lines());
        }
        lines.add("trace: " + file + " (open it in chrome://tracing or https://ui.perfetto.dev)");
        if (timeline.dropped() > 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "the trace holds %,d pieces; %,d more that took less than 0.1 s are only in the table",
                    timeline.pieces().size(),
                    timeline.dropped()));
        }
        return lines;
    }
}

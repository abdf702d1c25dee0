package unweave.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import unweave.audio.spectral.FrontEnd;
import unweave.explain.AudioModel;
import unweave.explain.Explainer;
import unweave.explain.MapView;
import unweave.explain.data.Windows;
import unweave.explain.output.OutputFolder;
import unweave.explain.recording.RecordingExplainer;
import unweave.explain.recording.Timeline;
import unweave.kernels.BadInputException;
import unweave.report.explanation.ExplainRun;
import unweave.report.explanation.ExplanationPictures;
import unweave.report.recording.RecordingWriter;

/** Explains whole recordings, window by window. */
final class RecordingsJob implements ExplainJob {
    private static final int CLASSES_NAMED = 3;

    private final List<Path> files;
    private final double start;
    private final FrontEnd frontEnd;
    private final RecordingOptions options;
    private final QuestionOptions question;
    private final CommonOptions common;

    /** @param start of the part that is explained, in seconds */
    RecordingsJob(
            List<Path> files,
            double start,
            AudioModel model,
            RecordingOptions options,
            QuestionOptions question,
            CommonOptions common)
            throws IOException {
        this.files = files;
        this.start = start;
        this.frontEnd = model.frontEnd();
        this.options = options;
        this.question = question;
        this.common = common;
        for (Path file : files) { // all are opened once before anything is written
            Windows.open(file, frontEnd, 1, start, Double.POSITIVE_INFINITY).close();
        }
    }

    @Override
    public float[] bounds() {
        throw new BadInputException(
                "--composite: z-box(data) needs the bounds of all sounds before the first is explained;"
                        + " with --whole name them, such as z-box(-4, 2)");
    }

    @Override
    public void run(Explainer explainer, ExplainRun run, OutputFolder folder) throws IOException {
        MapView view = MapView.of(frontEnd);
        RecordingWriter writer = new RecordingWriter(folder, run, new ExplanationPictures(view, question.gain()));
        RecordingExplainer recordings = options.explainer(explainer, question.question(), start, common);
        List<String> lines = new ArrayList<>();
        for (Path file : files) {
            Timeline timeline = recordings.explain(file);
            writer.write(file, timeline, recordings, options.passages());
            lines.add(line(timeline));
        }
        lines.add("report: " + writer.writeReport());
        common.result(writer.numbers(), lines);
    }

    private static String line(Timeline timeline) {
        StringBuilder line =
                new StringBuilder(timeline.name() + ": " + timeline.windows().size() + " windows");
        timeline.seconds().entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .sorted(Map.Entry.comparingByValue((a, b) -> Double.compare(b, a)))
                .limit(CLASSES_NAMED)
                .forEach(entry ->
                        line.append(String.format(Locale.ROOT, ", %s %.1f s", entry.getKey(), entry.getValue())));
        return timeline.silent() == 0 ? line.toString() : line + ", " + timeline.silent() + " silent";
    }
}

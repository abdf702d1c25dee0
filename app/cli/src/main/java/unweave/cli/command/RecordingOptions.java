package unweave.cli.command;

import picocli.CommandLine.Option;
import unweave.explain.Explainer;
import unweave.explain.Question;
import unweave.explain.recording.RecordingExplainer;
import unweave.kernels.BadInputException;

/** How whole recordings are explained. */
final class RecordingOptions {
    private static final int PASSAGES = 3;

    @Option(
            names = "--whole",
            description = "Explain whole recordings of any length, window by window: a timeline of decisions and "
                    + "concepts, and the passages in which each concept counts most.")
    private boolean whole;

    @Option(
            names = "--end",
            paramLabel = "TIME",
            converter = SoundTime.class,
            description = "With --whole: where to stop, in seconds or as 1:30 or 1:02:03 (default: the end).")
    private Double end;

    @Option(
            names = "--hop",
            paramLabel = "SECONDS",
            description = "With --whole: distance of two windows (default: half the model's input).")
    private Double hop;

    @Option(
            names = "--top-k",
            paramLabel = "N",
            description = "With --whole: passages shown for each concept (default: " + PASSAGES + ").")
    private Integer topK;

    boolean whole() {
        return whole;
    }

    int passages() {
        return topK == null ? PASSAGES : topK;
    }

    /** @param start the other option, in seconds */
    void require(double start) {
        if (!whole && (end != null || hop != null || topK != null)) {
            throw new BadInputException((end != null ? "--end" : hop != null ? "--hop" : "--top-k")
                    + ": is for whole recordings; add --whole");
        }
        if (end != null && end <= start) {
            throw new BadInputException("--end " + end + ": expected a time after --start, " + start + " s");
        }
        if (hop != null && !(hop > 0 && hop < Double.POSITIVE_INFINITY)) {
            throw new BadInputException("--hop " + hop + ": expected more than 0 seconds");
        }
        if (topK != null && topK < 0) {
            throw new BadInputException("--top-k " + topK + ": expected 0 or more");
        }
    }

    RecordingExplainer explainer(Explainer explainer, Question question, double start, CommonOptions common) {
        RecordingExplainer recordings = new RecordingExplainer(explainer, question, common.console())
                .between(start, end == null ? Double.POSITIVE_INFINITY : end);
        return hop == null ? recordings : recordings.withHop(hop);
    }
}

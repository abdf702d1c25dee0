package unweave.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import unweave.explain.AudioModel;
import unweave.explain.Excerpt;
import unweave.explain.Explainer;
import unweave.explain.MapView;
import unweave.explain.Part;
import unweave.explain.Prediction;
import unweave.explain.output.OutputFolder;
import unweave.explain.progress.Progress;
import unweave.report.explanation.ExplainRun;
import unweave.report.explanation.ExplainedSound;
import unweave.report.explanation.ExplanationPictures;
import unweave.report.explanation.ExplanationWriter;
import unweave.report.explanation.LedgerTable;

/** Explains single sounds, each in full. */
final class SoundsJob implements ExplainJob {
    private final List<Excerpt> excerpts;
    private final QuestionOptions question;
    private final boolean ledger;
    private final CommonOptions common;

    private SoundsJob(List<Excerpt> excerpts, QuestionOptions question, boolean ledger, CommonOptions common) {
        this.excerpts = excerpts;
        this.question = question;
        this.ledger = ledger;
        this.common = common;
    }

    /**
     * Reads the sounds.
     *
     * @param start of the part to explain of each, in seconds
     * @param ledger whether to print how every layer divided its relevance
     */
    static SoundsJob read(
            List<Path> sounds,
            double start,
            AudioModel model,
            QuestionOptions question,
            boolean ledger,
            CommonOptions common)
            throws IOException {
        List<Excerpt> excerpts = new ArrayList<>();
        try (Progress progress = common.console().progress("reading sounds", sounds.size())) {
            for (Path sound : sounds) {
                excerpts.add(model.excerpt(sound, start, common.console()));
                progress.at(excerpts.size(), sound.toString());
            }
        }
        return new SoundsJob(excerpts, question, ledger, common);
    }

    @Override
    public float[] bounds() {
        float[] bounds = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
        for (Excerpt excerpt : excerpts) {
            for (float value : excerpt.frontEnd().input(excerpt.signal())) {
                bounds[0] = Math.min(bounds[0], value);
                bounds[1] = Math.max(bounds[1], value);
            }
        }
        return bounds;
    }

    @Override
    public void run(Explainer explainer, ExplainRun run, OutputFolder folder) throws IOException {
        if (question.needsDecision(explainer.model())) {
            for (Excerpt excerpt : excerpts) {
                question.requireSubspaces(excerpt.name(), explainer.predict(excerpt));
            }
        }
        MapView view = MapView.of(explainer.model().frontEnd());
        ExplanationWriter writer = new ExplanationWriter(folder, run, new ExplanationPictures(view, question.gain()));
        List<String> notes = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        try (Progress progress = common.console().progress("explaining", excerpts.size())) {
            for (int i = 0; i < excerpts.size(); i++) {
                Excerpt excerpt = excerpts.get(i);
                ExplainedSound sound = writer.write(excerpt, explainer.explain(excerpt, question.question()));
                sound.notes().forEach(note -> notes.add(excerpt.name() + ": " + note));
                lines.add(line(sound));
                if (ledger) {
                    lines.addAll(LedgerTable.lines(sound.explanation().conservation()));
                }
                progress.at(i + 1, excerpt.name());
            }
        }
        notes.forEach(common.console()::note); // not among the progress, which would be drawn over them
        lines.add("report: " + writer.writeReport());
        common.result(writer.numbers(), lines);
    }

    private static String line(ExplainedSound sound) {
        Prediction explained = sound.explanation().explained();
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "%s: %s, probability %.1f %%, logit %.2f",
                sound.excerpt().name(),
                explained.className(),
                100 * explained.probability(),
                explained.logit()));
        for (Part concept : sound.explanation().concepts()) {
            line.append(String.format(Locale.ROOT, ", %s %.0f %%", concept.name(), 100 * concept.share()));
        }
        return line.toString();
    }
}

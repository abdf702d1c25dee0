package unweave.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import unweave.audio.file.SoundFiles;
import unweave.explain.AudioModel;
import unweave.explain.Decision;
import unweave.explain.Excerpt;
import unweave.explain.Explainer;
import unweave.explain.MapView;
import unweave.explain.data.ExcludedSound;
import unweave.explain.data.Parallel;
import unweave.explain.data.SoundCollection;
import unweave.explain.data.SoundItem;
import unweave.explain.data.SoundScan;
import unweave.explain.labelled.Finding;
import unweave.explain.labelled.LabelledDecision;
import unweave.explain.labelled.LabelledSet;
import unweave.explain.output.OutputFolder;
import unweave.explain.progress.Monitor;
import unweave.explain.progress.Progress;
import unweave.kernels.BadInputException;
import unweave.report.explanation.ExplainRun;
import unweave.report.explanation.ExplanationPictures;
import unweave.report.explanation.ExplanationWriter;
import unweave.report.labelled.LabelledWriter;

/** Explains a folder or manifest of labelled sounds: all in numbers, some in full. */
final class LabelledJob implements ExplainJob {
    /** Sounds that are held and go through the network together. */
    private static final int BATCH = 32;
    /** So many differences and files are printed. */
    private static final int NAMED = 5;

    private final Path source;
    private final SoundCollection collection;
    private final List<ExcludedSound> excluded;
    private final double start;
    private final AudioModel model;
    private final SetOptions options;
    private final QuestionOptions question;
    private final CommonOptions common;

    private LabelledJob(
            Path source,
            SoundScan.Pruned sounds,
            double start,
            AudioModel model,
            SetOptions options,
            QuestionOptions question,
            CommonOptions common) {
        this.source = source;
        this.collection = sounds.sounds();
        this.excluded = sounds.excluded();
        this.start = start;
        this.model = model;
        this.options = options;
        this.question = question;
        this.common = common;
    }

    /**
     * Whether one folder or manifest was given, not sounds.
     *
     * @throws BadInputException for folders among others
     */
    static boolean isSet(List<Path> named) throws IOException {
        for (Path one : named) {
            if (named.size() > 1 && Files.isDirectory(one)) {
                throw new BadInputException(
                        one + ": is a folder; explain takes any number of sounds, or one folder or manifest at a time");
            }
        }
        if (named.size() != 1 || !Files.exists(named.get(0))) {
            return false;
        }
        Path only = named.get(0);
        return Files.isDirectory(only)
                || (Files.isRegularFile(only)
                        && only.toString().toLowerCase(Locale.ROOT).matches(".*\\.(csv|tsv)")
                        && SoundFiles.kind(only).isEmpty());
    }

    /**
     * Opens a set and reads every file of it once.
     *
     * @param start of the part to explain of each, in seconds
     */
    static LabelledJob open(
            Path source,
            double start,
            AudioModel model,
            SetOptions options,
            ManifestOptions manifest,
            QuestionOptions question,
            CommonOptions common)
            throws IOException {
        SoundCollection all = (options.part().split() == null
                        ? SoundCollection.openFor(model.classNames(), source, manifest.encoding)
                        : SoundCollection.openFor(model.classNames(), source, manifest.encoding, options.fold())
                                .part(options.part().split(), common.seed))
                .tell(common.console());
        SoundScan.Pruned readable =
                SoundScan.usable(all, model.frontEnd(), options.skipUnreadable(), common.threads, common.console());
        return new LabelledJob(source, readable, start, model, options, question, common);
    }

    @Override
    public float[] bounds() throws IOException {
        float[] bounds = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
        for (int place = 0; place < collection.items().size(); place++) {
            for (float value : model.frontEnd().input(excerpt(place).signal())) {
                bounds[0] = Math.min(bounds[0], value);
                bounds[1] = Math.max(bounds[1], value);
            }
        }
        return bounds;
    }

    private Excerpt excerpt(int place) throws IOException {
        return excerpt(place, Monitor.silent());
    }

    private Excerpt excerpt(int place, Monitor monitor) throws IOException {
        return model.audibleExcerpt(collection.items().get(place).path(), start, monitor);
    }

    /** Keeps what is said of files, which several threads read, in the files' order. */
    private static final class FileNotes implements Monitor {
        private final Set<String> notes = new ConcurrentSkipListSet<>();

        @Override
        public void note(String line) {
            notes.add(line);
        }

        void tell(Monitor monitor) {
            notes.stream().limit(NAMED).forEach(monitor::note);
            if (notes.size() > NAMED) {
                monitor.note("and " + (notes.size() - NAMED) + " more such notes on files");
            }
        }
    }

    @Override
    public void run(Explainer explainer, ExplainRun run, OutputFolder folder) throws IOException {
        LabelledSet set = new LabelledSet(model.classNames(), decide(explainer));
        List<LabelledDecision> shown = set.examples(options.wrongOnly(), options.limit());
        List<String> folders = show(explainer, run, folder.folder("sounds"), shown);
        LabelledWriter.Data data =
                new LabelledWriter.Data(source.toString(), options.part().toString());
        LabelledWriter writer = new LabelledWriter(folder, run);
        Path report = writer.write(set, excluded, data, new LabelledWriter.Shown(shown, folders));
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%d of %d sounds are decided rightly (%.1f %%)",
                set.right(),
                set.decisions().size(),
                100.0 * set.right() / set.decisions().size()));
        set.doubt().ifPresent(lines::add);
        if (!excluded.isEmpty()) {
            lines.add(excluded.size() + " left out, see skipped.csv");
        }
        List<Finding> findings = set.findings();
        findings.stream().limit(NAMED).forEach(finding -> lines.add("when " + finding));
        if (findings.size() > NAMED) {
            lines.add("and " + (findings.size() - NAMED) + " more such differences, in the report");
        }
        lines.add("report: " + report);
        common.result(writer.numbers(set, excluded, data), lines);
    }

    private List<LabelledDecision> decide(Explainer explainer) throws IOException {
        List<SoundItem> items = collection.items();
        List<LabelledDecision> decisions = new ArrayList<>();
        FileNotes notes = new FileNotes();
        try (Progress progress = common.console().progress("deciding", items.size())) {
            for (int first = 0; first < items.size(); first += BATCH) {
                int from = first;
                Excerpt[] excerpts = new Excerpt[Math.min(BATCH, items.size() - first)];
                Parallel.run(
                        excerpts.length, common.threads, Progress.none(), i -> excerpts[i] = excerpt(from + i, notes));
                List<Excerpt> batch = List.of(excerpts);
                List<Decision> made = explainer.decide(
                        batch.stream().map(Excerpt::name).toList(),
                        batch.stream().map(Excerpt::signal).toList(),
                        question.question());
                for (int i = 0; i < excerpts.length; i++) {
                    SoundItem item = items.get(first + i);
                    decisions.add(new LabelledDecision(
                            item.path(),
                            first + i,
                            model.classNames().get(item.label()),
                            excerpts[i].start(),
                            made.get(i)));
                }
                progress.at(decisions.size(), items.get(first).path().toString());
            }
        }
        notes.tell(common.console());
        return decisions;
    }

    /** The names of their folders. */
    private List<String> show(Explainer explainer, ExplainRun run, OutputFolder folder, List<LabelledDecision> shown)
            throws IOException {
        List<String> folders = new ArrayList<>();
        if (shown.isEmpty()) {
            return folders;
        }
        MapView view = MapView.of(model.frontEnd());
        ExplanationWriter writer = new ExplanationWriter(folder, run, new ExplanationPictures(view, question.gain()));
        try (Progress progress = common.console().progress("explaining in full", shown.size())) {
            for (int i = 0; i < shown.size(); i++) {
                LabelledDecision one = shown.get(i);
                Explainer able = one.decision().through() == null ? explainer.whole() : explainer;
                Excerpt excerpt = excerpt(one.place());
                folders.add(writer.write(excerpt, able.explain(excerpt, question.question()))
                        .folder());
                progress.at(i + 1, excerpt.name());
            }
        }
        writer.writeReport();
        return folders;
    }
}

package unweave.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unweave.explain.AudioModel;
import unweave.explain.Explainer;
import unweave.explain.output.OutputFolder;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.lrp.Assignment;
import unweave.lrp.Composite;
import unweave.report.explanation.LedgerTable;

/** Explains a model's decisions about sound files. Everything is checked before the first file is written. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Explains a model's decisions about sounds, in pictures and sounds.",
            "",
            "Writes for each sound a folder with pictures (PNG), sounds (WAV), arrays (NPY) and numbers (JSON), and",
            "one report.html for all. Of a folder or manifest of labelled sounds it also tells which are decided",
            "rightly and which concepts confusions rest on; with --whole it walks through recordings of any length."
        })
public final class ExplainCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "Model file that 'unweave train' or 'unweave import' wrote.")
    private Path modelFile;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "SOUND",
            description =
                    "Sound files of any format, rate and number of channels; or one folder or manifest of labelled "
                            + "sounds, whose decisions are counted and compared.")
    private List<Path> sounds;

    @Option(
            names = "--start",
            paramLabel = "TIME",
            defaultValue = "0",
            converter = SoundTime.class,
            description = "Where to begin in sounds longer than the model's input, in seconds or as 1:30 or 1:02:03 "
                    + "(default: ${DEFAULT-VALUE}).")
    private double start;

    @Mixin
    private QuestionOptions question;

    @Option(names = "--show-rules", description = "Only list every layer, the rule it would get and why.")
    private boolean showRules;

    @Option(
            names = "--ledger",
            description = "Print for every layer how its relevance was divided: inputs, biases, stabiliser, dropped.")
    private boolean ledger;

    @Mixin
    private RecordingOptions recordings;

    @Mixin
    private SetOptions set;

    @Mixin
    private ManifestOptions manifest;

    @Mixin
    private OutputOptions output;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        boolean labelled = LabelledJob.isSet(sounds) && !recordings.whole();
        recordings.require(start);
        set.require(labelled);
        question.require();
        if (ledger && (labelled || recordings.whole())) {
            throw new BadInputException("--ledger: is for single sounds"
                    + (labelled
                            ? "; those of a set have theirs in sounds/NAME/explanation.json"
                            : ", not for --whole"));
        }
        // The folder is asked for before sounds are read: a large set takes a while.
        try (OutputFolder folder = showRules ? null : output.open();
                Backend backend = common.backend();
                AudioModel model = AudioModel.load(modelFile, backend)) {
            ExplainJob job = job(model, labelled);
            Composite composite = question.composite(model, job);
            List<Assignment> assignments = composite.assignments(model.network());
            if (showRules) {
                common.result(assignments.stream().map(LedgerTable::json).toList(), LedgerTable.lines(assignments));
                return 0;
            }
            try (Explainer explainer = question.explainer(model, composite, common)) {
                job.run(explainer, question.run(modelFile, explainer, common.seed), folder);
            }
        }
        return 0;
    }

    private ExplainJob job(AudioModel model, boolean labelled) throws IOException {
        if (recordings.whole()) {
            return new RecordingsJob(sounds, start, model, recordings, question, common);
        }
        if (labelled) {
            return LabelledJob.open(sounds.get(0), start, model, set, manifest, question, common);
        }
        return SoundsJob.read(sounds, start, model, question, ledger, common);
    }
}

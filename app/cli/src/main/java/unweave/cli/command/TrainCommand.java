package unweave.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unweave.audio.spectral.LogMel;
import unweave.drsa.evaluation.AboveChance;
import unweave.engine.train.Evaluation;
import unweave.engine.train.Trainer;
import unweave.explain.data.Folds;
import unweave.explain.data.Slicing;
import unweave.explain.data.SoundCollection;
import unweave.explain.data.SoundScan;
import unweave.explain.output.OutputFolder;
import unweave.explain.output.StepResults;
import unweave.explain.preset.ClassWeights;
import unweave.explain.preset.Preset;
import unweave.explain.preset.TrainingPlan;
import unweave.explain.train.CrossValidation;
import unweave.explain.train.CrossValidationSummary;
import unweave.explain.train.FoldResult;
import unweave.explain.train.ModelTraining;
import unweave.explain.train.TrainingSounds;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.report.training.CrossValidationReport;
import unweave.report.training.TrainingFigures;

/** Trains a network on a collection of sounds. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Trains a network on your sounds.",
        description = {
            "Trains a network on sounds: a folder with one sub-folder per class,",
            "or a CSV manifest (columns path, label, and split or fold)."
        })
public final class TrainCommand implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    private Source source;

    @Option(
            names = {"-p", "--preset"},
            paramLabel = "NAME",
            defaultValue = "toy",
            description =
                    "toy (1 s inputs), gtzan (3 s slices of music), thesis (toy with the thesis' rules, layer and "
                            + "augmentation), thesis-code (toy as the thesis' published code has it), or a preset "
                            + "file (default: ${DEFAULT-VALUE}).")
    private String preset;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Passes over the training sounds (default: the preset's).")
    private Integer epochs;

    @Option(names = "--batch", paramLabel = "N", description = "Inputs per update (default: the preset's).")
    private Integer batch;

    @Option(names = "--rate", paramLabel = "X", description = "Learning rate (default: the preset's).")
    private Double rate;

    @Option(
            names = "--class-weights",
            paramLabel = "WEIGHTS",
            description = "How much the sounds of each class count: balanced (rare classes as much as frequent ones), "
                    + "none (every sound alike), name=weight,name=weight,... (the others 1), or a file with such a pair "
                    + "on each line (default: the preset's, which is none for the built-in ones).")
    private String classWeights;

    @Option(
            names = "--keep",
            paramLabel = "WHICH",
            defaultValue = "best",
            description = "best: the epoch with the best result on the validation sounds; last: the last epoch "
                    + "(default: ${DEFAULT-VALUE}).")
    private Keep keep;

    @Option(
            names = "--folds",
            paramLabel = "N",
            description = "Cross-validation: deal the sounds into N parts, by track, and train once for each part to "
                    + "test on.")
    private Integer folds;

    @Option(
            names = {"--fold", "--only-folds"},
            paramLabel = "N",
            split = ",",
            description = "With --folds: train only these folds, such as 1,4. Without it, for a manifest with a fold "
                    + "column: the fold to test on"
                    + " (default: 0). The next fold validates.")
    private List<Integer> chosenFolds = List.of();

    @Option(
            names = "--skip-unreadable",
            description = "Leave out files that cannot be read, with a line for each that says why (default: stop, and "
                    + "list them).")
    private boolean skipUnreadable;

    @Option(
            names = "--resume",
            description =
                    "Go on from what is in --out, with the same other options: a checkpoint, or the folds that are"
                            + " done.")
    private boolean resume;

    @Mixin
    private ManifestOptions manifest;

    @Mixin
    private SlicingOptions slices;

    @Mixin
    private CommonOptions common;

    /** What to do: train on a collection, or print a preset. */
    private static final class Source {
        @Parameters(index = "0", paramLabel = "DATA", description = "Folder or manifest.")
        private Path data;

        @Option(
                names = "--show-preset",
                paramLabel = "NAME",
                description = "Print a preset as JSON, to start a preset file from, and stop.")
        private String show;
    }

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            description = "Folder for the results; created if missing, refused if it holds" + " files.")
    private Path folder;

    @Option(names = "--overwrite", description = "Replace what an earlier run wrote into the folder; other files stay.")
    private boolean overwrite;

    /** Which epoch's weights the model gets. */
    enum Keep {
        BEST,
        LAST
    }

    @Override
    public Integer call() throws IOException {
        if (source.show != null) {
            common.console().printText(Preset.text(source.show).stripTrailing());
            return 0;
        }
        Preset settings = Preset.of(preset);
        TrainingPlan changed = settings.training().with(epochs, batch, rate);
        TrainingPlan plan = classWeights == null ? changed : changed.with(ClassWeights.parse(classWeights));
        ModelTraining training =
                new ModelTraining(settings, plan, keep == Keep.BEST, common.seed, common.threads, common.console());
        TrainingSounds sounds =
                new TrainingSounds(settings, plan, slices.slicing(), common.seed, common.threads, common.console());
        return folds == null
                ? trainOnce(settings, plan, sounds, training)
                : crossValidate(settings, plan, sounds, training);
    }

    private int trainOnce(Preset settings, TrainingPlan plan, TrainingSounds sounds, ModelTraining training)
            throws IOException {
        if (chosenFolds.size() > 1) {
            throw new BadInputException("--fold " + chosenFolds
                    + ": several folds need --folds, the number of parts to deal the sounds" + " into");
        }
        OutputFolder out = open(Trainer.CHECKPOINT);
        SoundCollection all = SoundCollection.open(
                        source.data, manifest.encoding, chosenFolds.isEmpty() ? 0 : chosenFolds.get(0))
                .tell(common.console());
        SoundCollection collection = readable(all, settings);
        plan.classWeights().requireClasses(collection.classNames());
        try (out;
                Backend backend = common.backend()) {
            ModelTraining.Data data = sounds.load(collection);
            ModelTraining.Trained trained = training.run(data, backend, out, goesOn());
            try (var model = trained.model()) {
                int skipped = all.items().size() - collection.items().size();
                report(out, collection, skipped, data, trained);
            }
        }
        return 0;
    }

    /** Every file is read once before training begins, so that a broken one does not end it late. */
    private SoundCollection readable(SoundCollection all, Preset settings) throws IOException {
        return SoundScan.readable(
                all, new LogMel(settings.spectrogram()), skipUnreadable, common.threads, common.console());
    }

    private int crossValidate(Preset settings, TrainingPlan plan, TrainingSounds sounds, ModelTraining training)
            throws IOException {
        OutputFolder out = open(StepResults.SETTINGS);
        SoundCollection collection =
                readable(SoundCollection.open(source.data, manifest.encoding).tell(common.console()), settings);
        plan.classWeights().requireClasses(collection.classNames());
        Folds dealt = Folds.of(collection, folds, common.seed);
        List<Integer> chosen = chosenFolds.isEmpty() ? dealt.numbers() : chosenFolds;
        // Refuses folds that do not exist, and those without a sound of some class, before the first is trained.
        chosen.forEach(fold -> dealt.testedOn(fold).completeSplit(common.seed));
        Map<String, Object> identity = new LinkedHashMap<>();
        identity.put("preset", settings.name());
        identity.put("network", settings.network());
        identity.put("spectrogram", settings.spectrogram().toString());
        identity.put("training", plan);
        identity.put("keep", keep.name());
        identity.put("seed", common.seed);
        identity.put("folds", dealt.identity());
        if (!slices.slicing().equals(Slicing.TEN)) {
            identity.put("hop", slices.slicing().hop());
        }
        StepResults steps = StepResults.open(out, identity);
        try (out;
                Backend backend = common.backend()) {
            List<FoldResult> results = new CrossValidation(
                            sounds.folds(collection, dealt), training, backend, common.console())
                    .run(chosen, out, steps);
            CrossValidationSummary summary = new CrossValidationSummary(collection.classNames(), results);
            out.writeText("folds.csv", dealt.manifest());
            if (plan.epochs() > 0) {
                out.write("accuracy.png", TrainingFigures.foldAccuracy(results));
                out.write("loss.png", TrainingFigures.foldLoss(results));
            }
            out.write("confusion.png", TrainingFigures.confusion(summary));
            out.writeText(
                    "report.html",
                    CrossValidationReport.toHtml(
                            summary,
                            dealt.numbers().size(),
                            CrossValidationReport.facts(settings.name(), plan.epochs(), common.seed)));
            out.writeJson("cross-validation.json", summary.json());
            common.result(
                    summary.json(),
                    TrainingLines.of(out, summary, dealt.numbers().size()));
        }
        return 0;
    }

    /** How many sounds of each class train, validate and test. */
    private Map<String, Map<String, Integer>> sounds(SoundCollection collection) {
        Map<String, Map<String, Integer>> sounds = new LinkedHashMap<>();
        collection.counts(collection.split(common.seed)).forEach((name, parts) -> {
            Map<String, Integer> counts = new LinkedHashMap<>();
            parts.forEach((part, count) -> counts.put(part.name().toLowerCase(Locale.ROOT), count));
            sounds.put(name, counts);
        });
        return sounds;
    }

    private boolean goesOn() {
        return resume && Files.exists(folder.resolve(Trainer.CHECKPOINT));
    }

    /** @param needed what an earlier run has left behind if there is one to go on from */
    private OutputFolder open(String needed) throws IOException {
        if (folder == null) {
            throw new BadInputException("--out is missing: name a folder for the model");
        }
        OutputFolder.Existing existing = resume
                ? OutputFolder.Existing.KEEP
                : overwrite ? OutputFolder.Existing.OVERWRITE : OutputFolder.Existing.REFUSE;
        if (resume && !Files.exists(folder.resolve(needed))) {
            if (!OutputFolder.isUnused(folder)) {
                throw new BadInputException(
                        folder + ": holds no " + needed + " to go on from; leave out --resume to start anew");
            }
            common.console().note(folder + ": there is nothing to go on from yet, training starts from the beginning");
        }
        return OutputFolder.open(folder, existing);
    }

    private void report(
            OutputFolder out,
            SoundCollection collection,
            int skipped,
            ModelTraining.Data data,
            ModelTraining.Trained trained)
            throws IOException {
        if (trained.result().epoch() > 0) {
            out.write("loss.png", TrainingFigures.loss(trained.result().history()));
            out.write("accuracy.png", TrainingFigures.accuracy(trained.result().history()));
        }
        Evaluation test = trained.test();
        if (test != null) {
            out.write("confusion.png", TrainingFigures.confusion(test, collection.classNames()));
        }
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("model", out.path().resolve(ModelTraining.MODEL).toString());
        summary.put("classes", collection.classNames());
        summary.put("skippedSounds", skipped);
        summary.put("trainingInputs", data.train().size());
        summary.put("sounds", sounds(collection));
        summary.put("validationInputs", data.validation().size());
        summary.put("testInputs", data.test().size());
        summary.put("epochKept", trained.result().epoch());
        summary.put("validationAccuracy", trained.result().chosen().validationAccuracy());
        summary.put(
                "validationBalancedAccuracy",
                trained.validation() == null ? null : trained.validation().balancedAccuracy());
        summary.put("testAccuracy", test == null ? null : test.accuracy());
        summary.put("testBalancedAccuracy", test == null ? null : test.balancedAccuracy());
        summary.put("testAboveChance", test == null ? null : AboveChance.of(test.confusion()));
        summary.put("testInputsPerClass", test == null ? null : test.counts());
        summary.put("testLoss", test == null ? null : test.loss());
        summary.put("confusion", test == null ? null : test.confusion());
        summary.put("trainSeconds", trained.seconds());
        out.writeJson("training.json", summary);
        List<String> lines = TrainingLines.of(out, data, trained);
        if (skipped > 0) { // the same folder would be split in another way
            Path manifest = out.writeText("sounds.csv", collection.manifest(common.seed));
            lines.add(skipped + " unreadable files left out; for 'subspaces' and 'evaluate': --data " + manifest);
        }
        common.result(summary, lines);
    }
}

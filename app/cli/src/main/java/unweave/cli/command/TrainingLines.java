package unweave.cli.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import unweave.drsa.evaluation.AboveChance;
import unweave.engine.train.Evaluation;
import unweave.explain.output.OutputFolder;
import unweave.explain.train.CrossValidation;
import unweave.explain.train.CrossValidationSummary;
import unweave.explain.train.FoldResult;
import unweave.explain.train.ModelTraining;
import unweave.report.training.CrossValidationReport;

/** What {@link TrainCommand} prints about its results. */
final class TrainingLines {
    /** Of more classes the counts are summed up. */
    private static final int LISTED_CLASSES = 12;

    private TrainingLines() {}

    static List<String> of(OutputFolder out, ModelTraining.Data data, ModelTraining.Trained trained) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "trained on %d inputs in %.1f s, weights of epoch %d",
                data.train().size(),
                trained.seconds(),
                trained.result().epoch()));
        if (trained.validation() != null) {
            lines.add("validation " + accuracy(trained.validation(), data.classNames()));
        }
        if (trained.test() != null) {
            lines.add("test " + accuracy(trained.test(), data.classNames()));
            addChance(lines, AboveChance.of(trained.test().confusion()));
        }
        lines.add("model: " + out.path().resolve(ModelTraining.MODEL));
        return lines;
    }

    static List<String> of(OutputFolder out, CrossValidationSummary summary, int allFolds) {
        List<String> lines = new ArrayList<>();
        for (FoldResult fold : summary.folds()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "fold %d: test %s, weights of epoch %d",
                    fold.fold(),
                    accuracy(fold.test(), summary.classNames()),
                    fold.epochKept()));
        }
        lines.add(String.format(
                Locale.ROOT,
                "mean and standard deviation over %d of %d folds: accuracy %s, balanced %s",
                summary.folds().size(),
                allFolds,
                CrossValidationReport.percent(summary.accuracy()),
                CrossValidationReport.percent(summary.balancedAccuracy())));
        addChance(lines, summary.aboveChance());
        lines.add("report: " + out.path().resolve("report.html"));
        lines.add("for 'subspaces' and 'evaluate': the model "
                + out.path()
                        .resolve(CrossValidation.folder(summary.folds().get(0).fold()))
                        .resolve(ModelTraining.MODEL) + " with --data "
                + out.path().resolve("folds.csv") + " --fold "
                + summary.folds().get(0).fold());
        return lines;
    }

    private static void addChance(List<String> lines, AboveChance network) {
        if (!network.shown()) {
            lines.add("not shown to be better than chance on the test sounds (" + network
                    + "); explanations of guesses explain nothing");
        }
    }

    /** "accuracy 97.50 %, balanced 97.22 % (40 inputs: cat 22, dog 18)". */
    private static String accuracy(Evaluation evaluation, List<String> classNames) {
        int[] counts = evaluation.counts();
        String perClass = classNames.size() <= LISTED_CLASSES
                ? IntStream.range(0, counts.length)
                        .mapToObj(c -> classNames.get(c) + " " + counts[c])
                        .collect(Collectors.joining(", "))
                : Arrays.stream(counts).min().orElse(0) + " to "
                        + Arrays.stream(counts).max().orElse(0) + " of each class";
        return String.format(
                Locale.ROOT,
                "accuracy %.2f %%, balanced %.2f %% (%d inputs: %s)",
                100 * evaluation.accuracy(),
                100 * evaluation.balancedAccuracy(),
                Arrays.stream(counts).sum(),
                perClass);
    }
}

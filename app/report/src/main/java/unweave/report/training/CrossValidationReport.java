package unweave.report.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import unweave.explain.train.CrossValidationSummary;
import unweave.explain.train.FoldResult;
import unweave.report.Figure;
import unweave.report.Picture;
import unweave.report.ReportPage;

/**
 * A cross-validation as a page: accuracy of every fold, curves and confusion matrix averaged over the folds (thesis
 * Fig. A.1, A.2).
 */
public final class CrossValidationReport {
    private CrossValidationReport() {}

    /** The page. */
    public static String toHtml(CrossValidationSummary summary, int allFolds, Map<String, String> facts) {
        ReportPage page = new ReportPage("Cross-validation")
                .kicker("Unweave train")
                .lead(String.format(
                        Locale.ROOT,
                        "Test accuracy %s, balanced %s (all classes count alike), over %d of %d folds, split by"
                                + " track.",
                        percent(summary.accuracy()),
                        percent(summary.balancedAccuracy()),
                        summary.folds().size(),
                        allFolds));
        page.facts(facts);
        if (summary.folds().size() < allFolds) {
            page.warning("Only " + summary.folds().size() + " of " + allFolds
                    + " folds are trained; the mean may change with the others.");
        }
        if (!summary.aboveChance().shown()) {
            page.warning("The networks are not shown to be better than chance on the test sounds ("
                    + summary.aboveChance() + ").");
        }
        page.section("Folds");
        folds(page, summary);
        if (!figures(summary).isEmpty()) {
            page.section("Curves");
            page.figures(figures(summary));
        }
        page.section("Confusion matrix");
        page.figure(
                TrainingFigures.confusion(summary),
                "Confusion matrix",
                "Mean over the folds, in percent of each true class.");
        page.table(
                "Test inputs of each class in all folds together.",
                List.of("class", "test inputs", "correct"),
                classes(summary));
        return page.footer("Made by Unweave.").toHtml();
    }

    /** A row for every fold: its inputs, the epoch that was kept, how it did. */
    public static void folds(ReportPage page, CrossValidationSummary summary) {
        page.table(
                "Inputs of each fold, and what it gave on its test inputs. Every fold is tested on once, the next one"
                        + " validates, the others train.",
                List.of("fold", "training", "validation", "test", "epoch kept", "accuracy", "balanced", "loss"),
                rows(summary));
    }

    /** Accuracy and loss, side by side; none without an epoch. */
    public static List<Figure> figures(CrossValidationSummary summary) {
        if (summary.folds().get(0).trainLoss().length == 0) {
            return List.of();
        }
        return List.of(
                new Figure(
                        new Picture(TrainingFigures.foldAccuracy(summary.folds()), "Accuracy per epoch"),
                        summary.folds().size() == 1
                                ? "Accuracy."
                                : "Accuracy: the mean over the folds, each fold faint."),
                new Figure(new Picture(TrainingFigures.foldLoss(summary.folds()), "Loss per epoch"), "Cross-entropy."));
    }

    private static List<List<String>> rows(CrossValidationSummary summary) {
        List<List<String>> rows = new ArrayList<>();
        for (FoldResult fold : summary.folds()) {
            rows.add(List.of(
                    String.valueOf(fold.fold()),
                    String.valueOf(fold.inputs()[0]),
                    String.valueOf(fold.inputs()[1]),
                    String.valueOf(fold.inputs()[2]),
                    String.valueOf(fold.epochKept()),
                    String.format(Locale.ROOT, "%.2f %%", 100 * fold.test().accuracy()),
                    String.format(Locale.ROOT, "%.2f %%", 100 * fold.test().balancedAccuracy()),
                    String.format(Locale.ROOT, "%.4f", fold.test().loss())));
        }
        rows.add(List.of(
                "mean",
                "",
                "",
                "",
                "",
                percent(summary.accuracy()),
                percent(summary.balancedAccuracy()),
                String.format(
                        Locale.ROOT,
                        "%.4f \u00b1 %.4f",
                        summary.loss().mean(),
                        summary.loss().deviation())));
        return rows;
    }

    private static List<List<String>> classes(CrossValidationSummary summary) {
        List<List<String>> rows = new ArrayList<>();
        for (int c = 0; c < summary.classNames().size(); c++) {
            int inputs = 0;
            int correct = 0;
            for (FoldResult fold : summary.folds()) {
                inputs += fold.test().counts()[c];
                correct += fold.test().confusion()[c][c];
            }
            rows.add(List.of(summary.classNames().get(c), String.valueOf(inputs), String.valueOf(correct)));
        }
        return rows;
    }

    /** "82.53 ± 1.20 %": mean and standard deviation over the folds. */
    public static String percent(CrossValidationSummary.Spread accuracy) {
        return String.format(Locale.ROOT, "%.2f \u00b1 %.2f %%", 100 * accuracy.mean(), 100 * accuracy.deviation());
    }

    /** The facts that a page names. */
    public static Map<String, String> facts(String preset, int epochs, long seed) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("preset", preset);
        facts.put("epochs", String.valueOf(epochs));
        facts.put("seed", String.valueOf(seed));
        return facts;
    }
}

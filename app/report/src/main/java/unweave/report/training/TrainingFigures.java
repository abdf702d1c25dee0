package unweave.report.training;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import unweave.engine.train.EpochRecord;
import unweave.engine.train.Evaluation;
import unweave.explain.train.CrossValidationSummary;
import unweave.explain.train.FoldResult;
import unweave.figure.LineChart;
import unweave.figure.MatrixFigure;

/** Pictures of a training (thesis Fig. A.1 and A.2). */
public final class TrainingFigures {
    private TrainingFigures() {}

    /** Loss of the training and the validation data against the epoch, as PNG. */
    public static byte[] loss(List<EpochRecord> history) {
        return chart("Loss", "cross-entropy", history, EpochRecord::trainLoss, EpochRecord::validationLoss)
                .toPng();
    }

    /** Accuracy of the training and the validation data against the epoch, as PNG. */
    public static byte[] accuracy(List<EpochRecord> history) {
        return chart("Accuracy", "share correct", history, EpochRecord::trainAccuracy, EpochRecord::validationAccuracy)
                .toPng();
    }

    private static LineChart chart(
            String title,
            String unit,
            List<EpochRecord> history,
            ToDoubleFunction<EpochRecord> train,
            ToDoubleFunction<EpochRecord> validation) {
        double[] epochs = history.stream().mapToDouble(EpochRecord::epoch).toArray();
        LineChart chart = new LineChart(title, "epoch", unit)
                .line("training", epochs, history.stream().mapToDouble(train).toArray(), LineChart.Look.SOLID);
        if (!Double.isNaN(validation.applyAsDouble(history.get(0)))) {
            chart.line(
                    "validation",
                    epochs,
                    history.stream().mapToDouble(validation).toArray(),
                    LineChart.Look.SOLID);
        }
        return chart;
    }

    /** Accuracy against the epoch: the mean over folds in full, each fold faint, as PNG (thesis Fig. A.1, left). */
    public static byte[] foldAccuracy(List<FoldResult> folds) {
        return foldChart("Accuracy", "share correct", folds, FoldResult::trainAccuracy, FoldResult::validationAccuracy);
    }

    /** Loss against the epoch: the mean over folds in full, each fold faint, as PNG (thesis Fig. A.1, right). */
    public static byte[] foldLoss(List<FoldResult> folds) {
        return foldChart("Loss", "cross-entropy", folds, FoldResult::trainLoss, FoldResult::validationLoss);
    }

    private static byte[] foldChart(
            String title,
            String unit,
            List<FoldResult> folds,
            Function<FoldResult, double[]> train,
            Function<FoldResult, double[]> validation) {
        LineChart chart = new LineChart(title, "epoch", unit);
        addFolds(chart, "training", folds, train);
        if (!Double.isNaN(validation.apply(folds.get(0))[0])) {
            addFolds(chart, "validation", folds, validation);
        }
        return chart.toPng();
    }

    private static void addFolds(
            LineChart chart, String name, List<FoldResult> folds, Function<FoldResult, double[]> curve) {
        double[] mean = new double[curve.apply(folds.get(0)).length];
        double[] epochs = IntStream.rangeClosed(1, mean.length).asDoubleStream().toArray();
        for (FoldResult fold : folds) {
            double[] values = curve.apply(fold);
            for (int i = 0; i < mean.length; i++) {
                mean[i] += values[i] / folds.size();
            }
            if (folds.size() > 1) {
                chart.line(name, epochs, values, LineChart.Look.FAINT);
            }
        }
        chart.line(name, epochs, mean, LineChart.Look.SOLID);
    }

    /** The confusion matrix in percent of each true class, as PNG. */
    public static byte[] confusion(Evaluation test, List<String> classNames) {
        return confusion(
                "Confusion matrix, % of each true class", CrossValidationSummary.percent(test.confusion()), classNames);
    }

    /** The same, averaged over folds (thesis Fig. A.2). */
    public static byte[] confusion(CrossValidationSummary summary) {
        int folds = summary.folds().size();
        String over = folds == 1 ? "" : ", mean over " + folds + " folds";
        return confusion(
                "Confusion matrix, % of each true class" + over, summary.confusionPercent(), summary.classNames());
    }

    private static byte[] confusion(String title, double[][] percent, List<String> classNames) {
        return new MatrixFigure(title, classNames, classNames, percent)
                .axes("true class", "predicted class")
                .decimals(1)
                .toPng();
    }
}

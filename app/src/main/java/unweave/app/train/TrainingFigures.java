package unweave.app.train;

import java.util.List;
import java.util.function.ToDoubleFunction;
import unweave.app.figure.LineChart;
import unweave.app.figure.MatrixFigure;
import unweave.engine.train.EpochRecord;
import unweave.engine.train.Evaluation;

/** Pictures of a training (thesis Fig. A.1 and A.2). */
public final class TrainingFigures {
  private TrainingFigures() {}

  /** Loss of the training and the validation data against the epoch, as PNG. */
  public static byte[] loss(List<EpochRecord> history) {
    return chart("Loss", "cross-entropy", history, EpochRecord::trainLoss, EpochRecord::validationLoss).toPng();
  }

  /** Accuracy of the training and the validation data against the epoch, as PNG. */
  public static byte[] accuracy(List<EpochRecord> history) {
    return chart("Accuracy", "share correct", history, EpochRecord::trainAccuracy, EpochRecord::validationAccuracy).toPng();
  }

  private static LineChart chart(String title, String unit, List<EpochRecord> history, ToDoubleFunction<EpochRecord> train,
      ToDoubleFunction<EpochRecord> validation) {
    double[] epochs = history.stream().mapToDouble(EpochRecord::epoch).toArray();
    LineChart chart = new LineChart(title, "epoch", unit)
        .line("training", epochs, history.stream().mapToDouble(train).toArray(), LineChart.Look.SOLID);
    if (!Double.isNaN(validation.applyAsDouble(history.get(0)))) {
      chart.line("validation", epochs, history.stream().mapToDouble(validation).toArray(), LineChart.Look.SOLID);
    }
    return chart;
  }

  /** The confusion matrix in percent of each true class, as PNG. */
  public static byte[] confusion(Evaluation test, List<String> classNames) {
    double[][] percent = new double[classNames.size()][classNames.size()];
    for (int row = 0; row < percent.length; row++) {
      double total = java.util.Arrays.stream(test.confusion()[row]).sum();
      for (int column = 0; column < percent.length; column++) {
        percent[row][column] = total == 0 ? 0 : 100 * test.confusion()[row][column] / total;
      }
    }
    return new MatrixFigure("Confusion matrix, % of each true class", classNames, classNames, percent)
        .axes("true class", "predicted class").decimals(1).toPng();
  }
}

package unweave.explain.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import unweave.drsa.Estimate;
import unweave.drsa.evaluation.AboveChance;

/**
 * What the folds of a cross-validation say together.
 *
 * @param classNames in the order of the confusion matrices
 * @param folds at least one, by fold
 */
public record CrossValidationSummary(List<String> classNames, List<FoldResult> folds) {

    /** Mean and deviation of the test accuracy over the folds. */
    public Spread accuracy() {
        return spread(fold -> fold.test().accuracy());
    }

    /** Mean and deviation of the balanced test accuracy, in which all classes count alike, over the folds. */
    public Spread balancedAccuracy() {
        return spread(fold -> fold.test().balancedAccuracy());
    }

    /** Whether the networks are better than chance, on the test data of all folds together. */
    public AboveChance aboveChance() {
        int[][] sum = new int[classNames.size()][classNames.size()];
        for (FoldResult fold : folds) {
            for (int row = 0; row < sum.length; row++) {
                for (int column = 0; column < sum.length; column++) {
                    sum[row][column] += fold.test().confusion()[row][column];
                }
            }
        }
        return AboveChance.of(sum);
    }

    /** Mean and deviation of the cross-entropy on the test data over the folds. */
    public Spread loss() {
        return spread(fold -> fold.test().loss());
    }

    /** A mean with the standard deviation (divisor n - 1; 0 for one fold) of single folds around it. */
    public record Spread(double mean, double deviation, int folds) {}

    private Spread spread(ToDoubleFunction<FoldResult> number) {
        Estimate estimate = Estimate.of(folds.stream().mapToDouble(number).toArray());
        return new Spread(estimate.mean(), estimate.standardError() * Math.sqrt(estimate.count()), estimate.count());
    }

    /** The mean over the folds of the confusion matrices in percent of each true class (thesis Fig. A.2). */
    public double[][] confusionPercent() {
        double[][] mean = new double[classNames.size()][classNames.size()];
        for (FoldResult fold : folds) {
            double[][] percent = percent(fold.test().confusion());
            for (int row = 0; row < mean.length; row++) {
                for (int column = 0; column < mean.length; column++) {
                    mean[row][column] += percent[row][column] / folds.size();
                }
            }
        }
        return mean;
    }

    /** Counts as percent of their row; a row without any stays 0. */
    public static double[][] percent(int[][] confusion) {
        double[][] percent = new double[confusion.length][confusion.length];
        for (int row = 0; row < percent.length; row++) {
            double total = Arrays.stream(confusion[row]).sum();
            for (int column = 0; column < percent.length; column++) {
                percent[row][column] = total == 0 ? 0 : 100 * confusion[row][column] / total;
            }
        }
        return percent;
    }

    /** The content of cross-validation.json. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("classes", classNames);
        json.put("testAccuracy", accuracy());
        json.put("testBalancedAccuracy", balancedAccuracy());
        json.put("testAboveChance", aboveChance());
        json.put("testLoss", loss());
        json.put("confusionPercent", confusionPercent());
        List<Map<String, Object>> rows = new ArrayList<>();
        for (FoldResult fold : folds) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("fold", fold.fold());
            row.put("trainingInputs", fold.inputs()[0]);
            row.put("validationInputs", fold.inputs()[1]);
            row.put("testInputs", fold.inputs()[2]);
            row.put("epochKept", fold.epochKept());
            row.put("testAccuracy", fold.test().accuracy());
            row.put("testBalancedAccuracy", fold.test().balancedAccuracy());
            row.put("testInputsPerClass", fold.test().counts());
            row.put("testLoss", fold.test().loss());
            row.put("confusion", fold.test().confusion());
            rows.add(row);
        }
        json.put("folds", rows);
        return json;
    }
}

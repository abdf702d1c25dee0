package unweave.drsa.evaluation;

import java.util.Arrays;
import java.util.List;
import unweave.drsa.Estimate;

/**
 * The curves of {@link InsertionDeletion} for one explanation, at the shares s/S of all bins, s = 0 ... S.
 *
 * @param deletion samples x (S + 1): probability of the class with that share of the most relevant bins removed
 * @param insertion samples x (S + 1): probability of the class with only that share of the most relevant bins there
 */
public record RemovalCurves(double[][] deletion, double[][] insertion) {
    /** Area under the deletion curve, between 0 and 1, of every sample; lower is better. */
    public double[] deletionAreas() {
        return areas(deletion);
    }

    /** Area under the insertion curve, between 0 and 1, of every sample; higher is better. */
    public double[] insertionAreas() {
        return areas(insertion);
    }

    /** Mean area under the deletion curve. */
    public Estimate deletionArea() {
        return Estimate.of(deletionAreas());
    }

    /** Mean area under the insertion curve. */
    public Estimate insertionArea() {
        return Estimate.of(insertionAreas());
    }

    /** The mean of curves, point by point. */
    public static double[] mean(double[][] curves) {
        double[] mean = new double[curves[0].length];
        for (double[] curve : curves) {
            for (int s = 0; s < mean.length; s++) {
                mean[s] += curve[s] / curves.length;
            }
        }
        return mean;
    }

    /** The samples of several results, one after another. */
    static RemovalCurves concatenated(List<RemovalCurves> parts) {
        return new RemovalCurves(
                parts.stream().flatMap(part -> Arrays.stream(part.deletion)).toArray(double[][]::new),
                parts.stream().flatMap(part -> Arrays.stream(part.insertion)).toArray(double[][]::new));
    }

    /** By the trapezoidal rule. */
    private static double[] areas(double[][] curves) {
        double[] areas = new double[curves.length];
        for (int i = 0; i < areas.length; i++) {
            double[] curve = curves[i];
            for (int s = 1; s < curve.length; s++) {
                areas[i] += (curve[s - 1] + curve[s]) / 2 / (curve.length - 1);
            }
        }
        return areas;
    }
}

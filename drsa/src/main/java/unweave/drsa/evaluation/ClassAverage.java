package unweave.drsa.evaluation;

import java.util.Collection;
import unweave.drsa.Estimate;

/**
 * Averages over classes, as in the thesis' Table 4.4: "Scores were first averaged over instances and then over
 * classes".
 */
public final class ClassAverage {
    private ClassAverage() {}

    /**
     * The mean of the classes' means, every class counting alike, with the standard error that follows from those of
     * the classes: sqrt(sum of squared errors) / C. It says how well the means of these classes are known, not how much
     * classes differ.
     *
     * @param perClass one estimate for each class
     * @return count is the number of samples of all classes
     */
    public static Estimate of(Collection<Estimate> perClass) {
        double sum = 0;
        double squares = 0;
        int count = 0;
        for (Estimate estimate : perClass) {
            sum += estimate.mean();
            squares += estimate.standardError() * estimate.standardError();
            count += estimate.count();
        }
        int classes = perClass.size();
        return new Estimate(
                classes == 0 ? Double.NaN : sum / classes, classes == 0 ? 0 : Math.sqrt(squares) / classes, count);
    }
}

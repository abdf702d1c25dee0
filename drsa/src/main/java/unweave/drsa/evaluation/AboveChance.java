package unweave.drsa.evaluation;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * Whether a network is better than chance. Explanations of a network that guesses explain guesses, so no measure of
 * them means anything.
 *
 * <p>The balanced accuracy, the mean over classes of their share of correct inputs, is compared with that of the same
 * answers dealt out to the same inputs at random (a permutation test, one-sided; Good 2005). p is the share of draws
 * that do at least as well, (1 + such draws) / (1 + draws). It is right for few inputs, for classes of unequal size,
 * and for a network that always gives the same answer (p = 1). Better than chance means p at most {@value #LEVEL},
 * which is what two standard errors are for many inputs.
 *
 * @param balancedAccuracy over the classes that have inputs; NaN without inputs
 * @param chance 1 / the number of classes that have inputs
 * @param probability p; 1 where fewer than two classes have inputs
 * @param inputs number of inputs
 * @param classes number of classes that have inputs
 */
public record AboveChance(double balancedAccuracy, double chance, double probability, int inputs, int classes) {
    /** The largest p of a network that is better than chance. */
    public static final double LEVEL = .025;

    private static final int MOST_DRAWS = 9_999;
    private static final int FEWEST_DRAWS = 199;
    /** Inputs x draws: a second of work. */
    private static final int WORK = 50_000_000;

    private static final long SEED = 1;
    private static final double ROUNDING = 1e-9;

    /**
     * Tests a network.
     *
     * @param confusion number of inputs of class [row] that were taken for class [column]; not modified
     */
    public static AboveChance of(int[][] confusion) {
        int[] counts = Arrays.stream(confusion)
                .mapToInt(row -> Arrays.stream(row).sum())
                .toArray();
        int inputs = Arrays.stream(counts).sum();
        int classes = (int) Arrays.stream(counts).filter(count -> count > 0).count();
        int[] answers = new int[inputs];
        double[] weight = new double[counts.length];
        double reached = classes == 0 ? Double.NaN : 0;
        int at = 0;
        for (int c = 0; c < counts.length; c++) {
            weight[c] = 1. / counts[c] / classes;
            reached += counts[c] == 0 ? 0 : confusion[c][c] * weight[c];
            for (int answer = 0; answer < counts.length; answer++) {
                Arrays.fill(answers, at, at += confusion[c][answer], answer);
            }
        }
        double p = classes < 2 ? 1 : probability(answers, counts, weight, reached);
        return new AboveChance(reached, 1. / classes, p, inputs, classes);
    }

    private static double probability(int[] answers, int[] counts, double[] weight, double reached) {
        Random random = new Random(SEED); // specified to the bit
        int draws = Math.max(FEWEST_DRAWS, Math.min(MOST_DRAWS, WORK / answers.length));
        int asGood = 0;
        for (int draw = 0; draw < draws; draw++) {
            for (int i = answers.length - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int answer = answers[i];
                answers[i] = answers[j];
                answers[j] = answer;
            }
            double accuracy = 0;
            int at = 0;
            for (int c = 0; c < counts.length; c++) {
                int correct = 0;
                for (int end = at + counts[c]; at < end; at++) {
                    correct += answers[at] == c ? 1 : 0;
                }
                accuracy += correct == 0 ? 0 : correct * weight[c];
            }
            asGood += accuracy >= reached - ROUNDING ? 1 : 0;
        }
        return (1. + asGood) / (1. + draws);
    }

    /** Whether the network is shown to be better than chance. */
    public boolean shown() {
        return probability <= LEVEL;
    }

    /** "balanced accuracy 97.5 %, chance 50.0 %, p = 0.0001, 40 inputs". */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "balanced accuracy %.1f %%, chance %.1f %%, p = %s, %d inputs",
                100 * balancedAccuracy,
                100 * chance,
                String.format(Locale.ROOT, probability < .001 ? "%.4f" : "%.2f", probability),
                inputs);
    }
}

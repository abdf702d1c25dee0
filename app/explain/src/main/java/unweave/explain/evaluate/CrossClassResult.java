package unweave.explain.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import unweave.drsa.Estimate;
import unweave.drsa.evaluation.AboveChance;
import unweave.drsa.evaluation.Comparison;
import unweave.drsa.evaluation.Comparison.Verdict;

/**
 * Explanations of each class through the subspaces of every class (thesis Fig. 4.10).
 *
 * @param deltaAupc attributed class x class of the subspaces: Delta-AUPC, higher is better
 * @param ownAdvantage likewise: Delta-AUPC through the class' own subspaces less that through the others, input by
 *     input
 */
public record CrossClassResult(
        String layer, int concepts, List<String> classes, Estimate[][] deltaAupc, Estimate[][] ownAdvantage) {
    /** The means. */
    public double[][] means() {
        double[][] means = new double[deltaAupc.length][deltaAupc.length];
        for (int row = 0; row < means.length; row++) {
            for (int column = 0; column < means.length; column++) {
                means[row][column] = deltaAupc[row][column].mean();
            }
        }
        return means;
    }

    /** A class' own subspaces against those of every other class, on the class' inputs. */
    private List<Comparison> comparisons(int row) {
        return IntStream.range(0, classes.size())
                .filter(column -> column != row)
                .mapToObj(column ->
                        new Comparison("own subspaces", "those of " + classes.get(column), ownAdvantage[row][column]))
                .toList();
    }

    /** The classes that are shown to be split better by their own subspaces than by those of any other class. */
    public List<String> ownIsBest() {
        return classes(Verdict.FIRST_BETTER, true);
    }

    /** The classes that are shown to be split better by the subspaces of some other class. */
    public List<String> otherIsBetter() {
        return classes(Verdict.SECOND_BETTER, false);
    }

    private List<String> classes(Verdict verdict, boolean all) {
        List<String> found = new ArrayList<>();
        for (int row = 0; row < classes.size(); row++) {
            List<Comparison> comparisons = comparisons(row);
            long so = comparisons.stream()
                    .filter(comparison -> comparison.verdict() == verdict)
                    .count();
            if (all ? so == comparisons.size() : so > 0) {
                found.add(classes.get(row));
            }
        }
        return found;
    }

    /**
     * What the matrix says about the thesis' finding that the largest scores are on the diagonal.
     *
     * @param network how well the network does, without which there is no verdict
     */
    public String verdict(AboveChance network) {
        if (!network.shown()) {
            return "no verdict: the network is not shown to be better than chance";
        }
        List<String> own = ownIsBest();
        List<String> other = otherIsBetter();
        if (own.size() == classes.size()) {
            return "every class is split best by its own subspaces";
        }
        List<String> open = new ArrayList<>(classes);
        open.removeAll(own);
        open.removeAll(other);
        List<String> parts = new ArrayList<>();
        add(parts, own, "split best by their own subspaces: ");
        add(parts, other, "split better by those of another class: ");
        add(parts, open, "not shown: ");
        return String.join("; ", parts);
    }

    /**
     * What the subspaces of another class cost an explanation, in a sentence (thesis Fig. 4.8).
     *
     * @param of the explained class
     * @param through the class of the other subspaces
     * @param network how well the network does, without which there are numbers but no verdict
     */
    public String comparison(String of, String through, AboveChance network) {
        int row = classes.indexOf(of);
        int column = classes.indexOf(through);
        String verdict = network.shown()
                ? new Comparison("own subspaces", "those of " + through, ownAdvantage[row][column]).toString()
                : "no verdict: the network is not shown to be better than chance";
        return "Patch flipping of " + deltaAupc[row][row].count() + " inputs of " + of + " at " + layer + ", K = "
                + concepts + ", gives a \u0394AUPC of " + text(deltaAupc[row][row])
                + " through its own subspaces and of "
                + text(deltaAupc[row][column]) + " through those of " + through + " (higher is better): " + verdict
                + ".";
    }

    private static String text(Estimate score) {
        return Comparison.text(score.mean(), score.standardError()).replace('-', '\u2212');
    }

    private static void add(List<String> parts, List<String> names, String what) {
        if (!names.isEmpty()) {
            parts.add(what + String.join(", ", names));
        }
    }
}

package unweave.explain.evaluate;

import java.util.List;
import unweave.drsa.Estimate;

/**
 * Explanations of each class through the subspaces of every class (thesis Fig. 4.10).
 *
 * @param deltaAupc attributed class x class of the subspaces: Delta-AUPC, higher is better
 */
public record CrossClassResult(String layer, int concepts, List<String> classes, Estimate[][] deltaAupc) {
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

    /** The classes whose own subspaces split their explanations better than those of any other class. */
    public List<String> ownIsBest() {
        double[][] means = means();
        return java.util.stream.IntStream.range(0, means.length)
                .filter(row -> java.util.Arrays.stream(means[row]).max().orElseThrow() <= means[row][row])
                .mapToObj(classes::get)
                .toList();
    }

    /** What the matrix says about the thesis' finding that the largest scores are on the diagonal. */
    public String verdict() {
        List<String> own = ownIsBest();
        if (own.size() == classes.size()) {
            return "every class is split best by its own subspaces";
        }
        List<String> others =
                classes.stream().filter(name -> !own.contains(name)).toList();
        return own.size() + " of " + classes.size() + " classes are split best by their own subspaces, NOT "
                + String.join(", ", others);
    }
}

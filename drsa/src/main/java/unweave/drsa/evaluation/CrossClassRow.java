package unweave.drsa.evaluation;

import java.util.List;
import unweave.drsa.Estimate;

/**
 * One row of the cross-class matrix (thesis Fig. 4.10): explanations of one class through the subspaces of every class.
 * If the subspaces of a class are specific to it, the diagonal is the largest entry of each row.
 *
 * @param classIndex the attributed class
 * @param subspaceClasses the class of the subspaces of each entry
 * @param standard AUPC of the standard map, AUPC(K = 1)
 * @param delta Delta-AUPC (thesis 4.5) through the subspaces of each class; higher is better
 */
public record CrossClassRow(int classIndex, List<Integer> subspaceClasses, Estimate standard, List<Estimate> delta) {
    /** Copies the lists. */
    public CrossClassRow {
        subspaceClasses = List.copyOf(subspaceClasses);
        delta = List.copyOf(delta);
        if (subspaceClasses.size() != delta.size()) {
            throw new IllegalArgumentException("a row of the cross-class matrix needs one entry for each of "
                    + subspaceClasses.size() + " classes, not " + delta.size());
        }
    }

    /**
     * The row of an evaluation.
     *
     * @param subspaceClasses the class of the subspaces of each variant of {@code result}, in their order
     */
    public static CrossClassRow of(int classIndex, List<Integer> subspaceClasses, SubspaceFlipping.Result result) {
        List<Estimate> delta = result.variants().stream()
                .map(variant -> Estimate.of(FlippingScores.deltaAupc(result.standard(), variant)))
                .toList();
        return new CrossClassRow(classIndex, subspaceClasses, result.standard().aupc(), delta);
    }

    /** The class whose subspaces give the largest delta; the first of equals. */
    public int bestClass() {
        int best = 0;
        for (int i = 1; i < delta.size(); i++) {
            best = delta.get(i).mean() > delta.get(best).mean() ? i : best;
        }
        return subspaceClasses.get(best);
    }
}

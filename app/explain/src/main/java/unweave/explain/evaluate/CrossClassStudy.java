package unweave.explain.evaluate;

import java.util.List;
import unweave.drsa.Estimate;
import unweave.drsa.Subspaces;
import unweave.drsa.evaluation.Comparison;
import unweave.drsa.evaluation.FlippingScores;
import unweave.drsa.evaluation.SubspaceFlipping;
import unweave.explain.data.InputSet;
import unweave.explain.progress.Progress;

/**
 * Are subspaces a class' own? Explanations of every class are split by the subspaces of every class (thesis 4.2.3.2).
 */
public final class CrossClassStudy {
    private CrossClassStudy() {}

    /**
     * Flips the patches of every class through the subspaces of every class.
     *
     * @param variant subspaces of all classes of the study
     */
    public static CrossClassResult run(Study study, Variant variant) {
        List<Integer> classes = study.classes();
        List<Subspaces> subspaces = classes.stream().map(variant.set()::ofClass).toList();
        Estimate[][] matrix = new Estimate[classes.size()][classes.size()];
        Estimate[][] own = new Estimate[classes.size()][classes.size()];
        int[] done = {0};
        try (Progress progress = study.monitor()
                .progress(
                        "subspaces of other classes, " + variant.layer(),
                        study.inputs().size())) {
            for (int row = 0; row < matrix.length; row++) {
                InputSet inputs = study.ofClass(classes.get(row));
                SubspaceFlipping.Result result = new SubspaceFlipping(
                                study.model(), study.relevance(), study.flipping())
                        .evaluate(
                                inputs.concatenated(),
                                inputs.labels(),
                                subspaces,
                                (at, of, left) -> progress.at(done[0] + at, ""));
                done[0] += inputs.size();
                double[][] deltas = result.variants().stream()
                        .map(scores -> FlippingScores.deltaAupc(result.standard(), scores))
                        .toArray(double[][]::new);
                for (int column = 0; column < matrix.length; column++) {
                    matrix[row][column] = Estimate.of(deltas[column]);
                    own[row][column] = Comparison.higherIsBetter("own", deltas[row], "other", deltas[column])
                            .advantage();
                }
            }
        }
        return new CrossClassResult(variant.layer(), variant.concepts(), study.classNames(), matrix, own);
    }
}

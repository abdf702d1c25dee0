package unweave.explain.evaluate;

import java.util.List;
import unweave.drsa.Estimate;
import unweave.drsa.evaluation.Comparison;

/**
 * Patch flipping of standard maps under several choices of gamma (thesis Fig. B.1).
 *
 * @param rows one per composite, then flipping at random
 * @param inputs number of inputs
 */
public record GammaResult(List<Row> rows, int inputs) {
    /** Gamma is the same in all convolutions but the first. */
    public static final String UNIFORM = "uniform";
    /** Gamma falls with depth, in the proportions 1, 1, 1/2, 1/4 of the thesis' Table 4.3; the largest is given. */
    public static final String FALLING = "falling";

    /**
     * One row of the table.
     *
     * @param gamma the largest; not-a-number for flipping at random
     * @param behindBest AUPC of this row less that of {@link #best}, input by input
     */
    public record Row(String family, double gamma, Estimate aupc, Estimate area, Estimate behindBest) {}

    /** The row of the lowest AUPC, flipping at random left out. */
    public Row best() {
        return rows.stream()
                .filter(row -> !row.family().equals(FlippingResult.FLOOR))
                .min(java.util.Comparator.comparingDouble(row -> row.aupc().mean()))
                .orElseThrow();
    }

    /** The choices that are not shown to be worse than {@link #best}, itself and flipping at random left out. */
    public List<Row> asGood() {
        Row best = best();
        return rows.stream()
                .filter(row -> !row.equals(best) && !row.family().equals(FlippingResult.FLOOR))
                .filter(row -> !new Comparison("best", row.family(), row.behindBest()).firstIsBetter())
                .toList();
    }

    public List<Row> of(String family) {
        return rows.stream().filter(row -> row.family().equals(family)).toList();
    }
}

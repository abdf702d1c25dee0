package unweave.explain.evaluate;

import java.util.List;
import unweave.drsa.Estimate;

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
     */
    public record Row(String family, double gamma, Estimate aupc, Estimate area) {}

    /** The row of the lowest AUPC, flipping at random left out. */
    public Row best() {
        return rows.stream()
                .filter(row -> !row.family().equals(FlippingResult.FLOOR))
                .min(java.util.Comparator.comparingDouble(row -> row.aupc().mean()))
                .orElseThrow();
    }

    public List<Row> of(String family) {
        return rows.stream().filter(row -> row.family().equals(family)).toList();
    }
}

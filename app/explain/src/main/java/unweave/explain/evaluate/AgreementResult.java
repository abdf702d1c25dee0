package unweave.explain.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import unweave.drsa.Estimate;
import unweave.drsa.Subspaces;
import unweave.drsa.evaluation.SubspaceAgreement;

/**
 * Whether searches from different starts find the same subspaces (principal angles).
 *
 * @param rows one per method
 */
public record AgreementResult(String layer, int concepts, List<Row> rows) {
    /**
     * One method.
     *
     * @param overlap mean squared cosine of the principal angles of matched subspaces, over all pairs of searches of a
     *     class and all classes: 1 for the same subspaces
     * @param largestAngle of matched subspaces, in degrees
     */
    public record Row(String method, Estimate overlap, Estimate largestAngle) {}

    /** @param searches of each class, at least two; their methods must be the same */
    static Row row(String name, List<List<Subspaces>> searches) {
        List<Double> overlaps = new ArrayList<>();
        List<Double> angles = new ArrayList<>();
        for (List<Subspaces> ofClass : searches) {
            for (int a = 0; a < ofClass.size(); a++) {
                for (int b = 0; b < a; b++) {
                    SubspaceAgreement agreement = SubspaceAgreement.of(ofClass.get(a), ofClass.get(b));
                    overlaps.add(agreement.meanOverlap());
                    angles.add(Arrays.stream(agreement.degrees())
                            .mapToDouble(degrees -> degrees[degrees.length - 1])
                            .average()
                            .orElse(Double.NaN));
                }
            }
        }
        return new Row(name, estimate(overlaps), estimate(angles));
    }

    private static Estimate estimate(List<Double> values) {
        return Estimate.of(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /**
     * Compares the searches of several methods.
     *
     * @param methods for each method its searches: one variant per start
     */
    public static AgreementResult of(List<List<Variant>> methods) {
        Variant first = methods.get(0).get(0);
        List<Row> rows = new ArrayList<>();
        for (List<Variant> searches : methods) {
            List<List<Subspaces>> classes = first.set().all().stream()
                    .map(one -> one.provenance().classIndex())
                    .map(c -> searches.stream()
                            .map(search -> search.set().ofClass(c))
                            .toList())
                    .toList();
            rows.add(row(FlippingResult.name(searches.get(0).method()), classes));
        }
        return new AgreementResult(first.layer(), first.concepts(), rows);
    }
}

package unweave.report.evaluation;

import java.util.List;
import unweave.drsa.evaluation.Disentanglement;
import unweave.drsa.evaluation.MapChange;
import unweave.drsa.evaluation.MaskScore;
import unweave.explain.evaluate.AgreementResult;
import unweave.explain.evaluate.ConceptResult;
import unweave.explain.evaluate.ConceptStudy;
import unweave.explain.evaluate.FlippingResult;
import unweave.explain.evaluate.SanityResult;
import unweave.explain.evaluate.ShuffledResult;

/** The measures beyond the thesis as tables. */
public final class MeasureTables {
    private MeasureTables() {}

    /** Faithfulness as in the L-MAC work: the standard map, each concept and the K concepts together. */
    public static ResultTable faithfulness(ConceptResult result) {
        ResultTable table = new ResultTable(
                        "faithfulness-" + place(result),
                        "Faithfulness of " + result.inputs() + " explanations at "
                                + result.layer()
                                + ", K = " + result.concepts()
                                + ", read as masks: AI average increase (%), AD average drop (%, lower is "
                                + "better), AG average gain"
                                + " (%), Fid-In, FF, SPS sparseness, COMP complexity (lower is better); "
                                + "otherwise higher is better. The class that the network"
                                + " decides for is explained.",
                        List.of("map", "AI", "AD", "AG", "Fid-In", "FF", "SPS", "COMP"))
                .decimals(2);
        row(table, FlippingResult.STANDARD, result.standard());
        for (ConceptResult.MethodFigures method : result.methods()) {
            row(table, method.method() + ", each concept (mean)", ConceptStudy.meanOfMaps(method.each()));
            row(table, method.method() + ", together", method.together());
        }
        return table;
    }

    private static String place(ConceptResult result) {
        return result.layer() + "-K" + result.concepts();
    }

    private static void row(ResultTable table, String name, ConceptResult.MapFigures figures) {
        MaskScore.Summary masks = figures.masks();
        table.row(
                name,
                masks.increase(),
                masks.drop(),
                masks.gain(),
                masks.inputFidelity(),
                masks.faithfulness(),
                masks.sparseness(),
                masks.complexity());
    }

    /** The same of every concept, with AD as the released L-MAC program computes it. */
    public static ResultTable concepts(ConceptResult result) {
        ResultTable table = new ResultTable(
                        "faithfulness-concepts-" + place(result),
                        "Every concept at " + result.layer()
                                + "; AD as released applies the softmax twice, as the program published with "
                                + "the L-MAC paper does.",
                        List.of(
                                "method",
                                "concept",
                                "AI",
                                "AD",
                                "AD as released",
                                "AG",
                                "Fid-In",
                                "FF",
                                "deletion",
                                "insertion"))
                .decimals(2);
        for (ConceptResult.MethodFigures method : result.methods()) {
            for (int k = 0; k < method.each().size(); k++) {
                ConceptResult.MapFigures figures = method.each().get(k);
                MaskScore.Summary masks = figures.masks();
                table.row(
                        method.method(),
                        k + 1,
                        masks.increase(),
                        masks.drop(),
                        masks.dropAsReleased(),
                        masks.gain(),
                        masks.inputFidelity(),
                        masks.faithfulness(),
                        figures.deletion(),
                        figures.insertion());
            }
        }
        return table;
    }

    /** Insertion and deletion. */
    public static ResultTable curves(ConceptResult result) {
        ResultTable table = new ResultTable(
                "insertion-deletion-" + place(result),
                "Area under the curve of the class' probability while the"
                        + " most relevant bins are removed (deletion, lower is better) or put back (insertion, "
                        + "higher is"
                        + " better).",
                List.of("map", "deletion", "insertion"));
        table.row(
                FlippingResult.STANDARD,
                result.standard().deletion(),
                result.standard().insertion());
        for (ConceptResult.MethodFigures method : result.methods()) {
            ConceptResult.MapFigures each = ConceptStudy.meanOfMaps(method.each());
            table.row(method.method() + ", each concept (mean)", each.deletion(), each.insertion());
            table.row(
                    method.method() + ", together",
                    method.together().deletion(),
                    method.together().insertion());
        }
        return table;
    }

    /** How far the concepts are apart. */
    public static ResultTable disentanglement(ConceptResult result) {
        ResultTable table = new ResultTable(
                "disentanglement-" + place(result),
                "Overlap of the concept maps at " + result.layer() + ", K = "
                        + result.concepts()
                        + ": structural similarity and correlation of pairs, share of energy in bins that two "
                        + "concepts claim, energy"
                        + " common to pairs (lower is further apart); concentration and sparseness of single "
                        + "maps (higher is more focused).",
                List.of(
                        "method",
                        "similarity",
                        "correlation",
                        "shared energy",
                        "common energy",
                        "concentration",
                        "sparseness"));
        for (ConceptResult.MethodFigures method : result.methods()) {
            Disentanglement.Summary apart = method.disentanglement();
            table.row(
                    method.method(),
                    apart.similarity(),
                    apart.correlation(),
                    apart.sharedEnergy(),
                    apart.commonEnergy(),
                    apart.concentration(),
                    apart.sparseness());
        }
        return table;
    }

    /** Whether searches from different starts agree. */
    public static ResultTable agreement(AgreementResult result) {
        ResultTable table = new ResultTable(
                "agreement-" + result.layer() + "-K" + result.concepts(),
                "Do searches from different starts find the same subspaces at " + result.layer() + ", K = "
                        + result.concepts()
                        + "? Overlap: mean squared cosine of the principal angles of matched subspaces, 1 for "
                        + "the same ones; what"
                        + " random ones reach is chance.",
                List.of("method", "overlap", "largest angle (degrees)"));
        result.rows().forEach(row -> table.row(row.method(), row.overlap(), row.largestAngle()));
        return table;
    }

    /**
     * Sanity checks.
     *
     * @param shuffled against a network trained on shuffled labels; null if there is none
     */
    public static ResultTable sanity(SanityResult result, ShuffledResult shuffled) {
        ResultTable table = new ResultTable(
                "sanity",
                "Likeness of " + result.inputs() + " standard maps before and after; near 0 means that"
                        + " the explanation depends on what was learned, 1 that nothing changed.",
                List.of(
                        "what is forgotten",
                        "correlation",
                        "rank correlation",
                        "rank correlation of |R|",
                        "structural similarity"));
        result.layers().forEach(step -> row(table, "parameters down to " + step.layer(), step.change()));
        if (shuffled != null) {
            row(table, "labels shuffled", shuffled.change());
        }
        return table;
    }

    private static void row(ResultTable table, String name, MapChange.Summary change) {
        table.row(
                name,
                change.correlation(),
                change.rankCorrelation(),
                change.magnitudeRankCorrelation(),
                change.similarity());
    }
}

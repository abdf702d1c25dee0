package unweave.report.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import unweave.drsa.Estimate;
import unweave.drsa.evaluation.AboveChance;
import unweave.drsa.evaluation.Comparison;
import unweave.explain.evaluate.ClassMean;
import unweave.explain.evaluate.CrossClassResult;
import unweave.explain.evaluate.FlippingResult;
import unweave.explain.evaluate.GammaResult;
import unweave.explain.evaluate.HistogramResult;

/** Patch flipping as tables (thesis Table 4.4, Fig. 4.10, B.1, C.7, C.8). */
public final class FlippingTables {
    /** In the order of Table 4.4, those that it does not have after random subspaces. */
    private static final List<String> OF_SUBSPACES = List.of("random", "CHANNELS", "PCA", "PRCA", "DSA", "DRSA");
    /** The floors last. */
    private static final List<String> METHODS = Stream.of(
                    List.of(FlippingResult.STANDARD),
                    OF_SUBSPACES,
                    List.of(FlippingResult.FLOOR, FlippingResult.FLOOR_OF_CONCEPTS))
            .flatMap(List::stream)
            .toList();

    /** What {@link #orderings} compares, for captions. */
    public static final String COMPARED = "Neighbours are compared input by input, for this one network (difference"
            + " \u00b1 its standard error). A method is better when the difference is more than "
            + Comparison.CLEAR + " standard errors of at least " + Comparison.FEWEST + " inputs.";

    private FlippingTables() {}

    /** AUPC of every method at every layer, with the largest standard error as last row. */
    public static ResultTable aupc(List<FlippingResult> layers) {
        ResultTable table = byLayer(
                "patch-flipping-K" + layers.get(0).concepts(),
                "AUPC with K = " + layers.get(0).concepts()
                        + " (thesis Eq. 4.4; lower is better), mean over inputs and then over classes \u00b1 "
                        + "standard error.",
                layers,
                FlippingResult.Scores::meanAupc);
        List<Object> largest = new ArrayList<>();
        for (FlippingResult layer : layers) {
            largest.add(layer.methods().stream()
                    .filter(scores -> !scores.name().startsWith(FlippingResult.FLOOR))
                    .mapToDouble(scores -> scores.meanAupc().standardError())
                    .max()
                    .orElse(Double.NaN));
        }
        return table.row("error bars (max)", largest);
    }

    /** The area under the curve (Chormai et al. 2024), likewise. */
    public static ResultTable area(List<FlippingResult> layers) {
        return byLayer(
                "patch-flipping-area-K" + layers.get(0).concepts(),
                "Area under the flipping curve with K = " + layers.get(0).concepts()
                        + " (Chormai et al. 2024; lower is better), likewise.",
                layers,
                FlippingResult.Scores::meanArea);
    }

    private static ResultTable byLayer(
            String name, String caption, List<FlippingResult> layers, Function<FlippingResult.Scores, Estimate> score) {
        List<String> columns = new ArrayList<>(List.of("method"));
        layers.forEach(layer -> columns.add(layer.layer()));
        ResultTable table = new ResultTable(name, caption, columns);
        for (String method : METHODS) {
            if (layers.stream().anyMatch(layer -> layer.has(method))) {
                table.row(
                        method,
                        layers.stream()
                                .map(layer -> layer.has(method) ? score.apply(layer.of(method)) : Double.NaN)
                                .toList());
            }
        }
        return table;
    }

    /** AUPC and area of every class. */
    public static ResultTable perClass(List<FlippingResult> layers) {
        ResultTable table = new ResultTable(
                "patch-flipping-classes-K" + layers.get(0).concepts(),
                "Patch flipping per class.",
                List.of("layer", "K", "class", "method", "AUPC", "area", "inputs"));
        for (FlippingResult layer : layers) {
            for (int c = 0; c < layer.classes().size(); c++) {
                for (FlippingResult.Scores scores : layer.methods()) {
                    table.row(
                            layer.layer(),
                            layer.concepts(),
                            layer.classes().get(c),
                            scores.name(),
                            scores.aupcOfClass(c),
                            Estimate.of(ClassMean.doubles(scores.area()[c])),
                            scores.aupc()[c].length);
                }
            }
        }
        return table;
    }

    /** Delta-AUPC of every method at every layer. */
    public static ResultTable delta(List<FlippingResult> layers) {
        List<String> columns = new ArrayList<>(List.of("method"));
        layers.forEach(layer -> columns.add(layer.layer()));
        ResultTable table = new ResultTable(
                "delta-aupc-K" + layers.get(0).concepts(),
                "\u0394AUPC with K = " + layers.get(0).concepts()
                        + " (thesis Eq. 4.5; higher is better): AUPC of the standard map less that of the "
                        + "method, input by input.",
                columns);
        for (String method : OF_SUBSPACES) {
            if (layers.stream().allMatch(layer -> layer.has(method))) {
                table.row(
                        method,
                        layers.stream().map(layer -> layer.deltaAupc(method)).toList());
            }
        }
        return table;
    }

    /**
     * Whether the methods are ordered as expected, one row per layer.
     *
     * @param network how well the network does, without which there is no verdict
     */
    public static ResultTable orderings(List<FlippingResult> layers, AboveChance network) {
        ResultTable table = new ResultTable(
                "ordering-K" + layers.get(0).concepts(),
                "Does AUPC order DRSA < DSA < random < standard? " + COMPARED,
                List.of("layer", "K", "ordered so"));
        layers.forEach(layer -> table.row(
                layer.layer(), layer.concepts(), layer.ordering(network).verdict()));
        return table;
    }

    /** One layer with several numbers of concepts. */
    public static ResultTable concepts(List<FlippingResult> numbers) {
        ResultTable table = new ResultTable(
                "concepts",
                "AUPC at " + numbers.get(0).layer() + " with other numbers of concepts (lower is" + " better).",
                List.of("K", "DRSA", "DSA", "random", FlippingResult.STANDARD, FlippingResult.FLOOR_OF_CONCEPTS));
        for (FlippingResult number : numbers) {
            List<Object> cells = new ArrayList<>();
            for (String method :
                    List.of("DRSA", "DSA", "random", FlippingResult.STANDARD, FlippingResult.FLOOR_OF_CONCEPTS)) {
                cells.add(number.has(method) ? number.of(method).meanAupc() : Double.NaN);
            }
            table.row(String.valueOf(number.concepts()), cells);
        }
        return table;
    }

    /** The matrix of Fig. 4.10 with standard errors. */
    public static ResultTable crossClass(CrossClassResult result) {
        List<String> columns = new ArrayList<>(List.of("attributed class"));
        result.classes().forEach(name -> columns.add("subspaces of " + name));
        ResultTable table = new ResultTable(
                "cross-class-" + result.layer() + "-K" + result.concepts(),
                "\u0394AUPC at " + result.layer()
                        + ", K = " + result.concepts()
                        + " (higher is better): explanations of each class through the subspaces of every class.",
                columns);
        for (int row = 0; row < result.classes().size(); row++) {
            table.row(result.classes().get(row), List.of(result.deltaAupc()[row]));
        }
        return table;
    }

    /** AUPC of standard maps under every composite. */
    public static ResultTable gamma(GammaResult result) {
        ResultTable table = new ResultTable(
                "gamma",
                "AUPC of standard maps of " + result.inputs() + " inputs under each choice of gamma (lower is better).",
                List.of("gamma", "largest gamma", "AUPC", "area"));
        result.rows().forEach(row -> table.row(row.family(), row.gamma(), row.aupc(), row.area()));
        return table;
    }

    /** The 90th percentile of the relevance in a concept map. */
    public static ResultTable histogram(HistogramResult result) {
        return new ResultTable(
                        "histogram-" + result.layer() + "-K" + result.concepts(),
                        "Relevance in " + result.histogram().maps()
                                + " concept maps at " + result.layer()
                                + ", rectified and divided by the largest of each map.",
                        List.of("90th percentile", "mean + standard deviation"))
                .row(result.histogram().percentile90(), result.histogram().meanPlusDeviation());
    }
}

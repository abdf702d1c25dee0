package unweave.report.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import unweave.explain.evaluate.ConceptResult;
import unweave.explain.evaluate.EvaluationResult;
import unweave.explain.evaluate.FlippingResult;

/** The numbers of an evaluation as tables. */
public final class EvaluationTables {
    private EvaluationTables() {}

    /** How well the network does, class by class. */
    static ResultTable network(EvaluationResult result) {
        ResultTable table = new ResultTable(
                "network",
                String.format(
                        Locale.ROOT,
                        "Does the network know these sounds? Accuracy %.2f %%, %s.",
                        100 * result.network().accuracy(),
                        result.aboveChance()),
                List.of("class", "inputs", "correct", "correct (%)"));
        int[] counts = result.network().counts();
        for (int c = 0; c < counts.length; c++) {
            int correct = result.network().confusion()[c][c];
            table.row(
                    result.allClasses().get(c),
                    counts[c],
                    correct,
                    counts[c] == 0 ? Double.NaN : 100. * correct / counts[c]);
        }
        return table.decimals(1);
    }

    /** Every table. */
    public static List<ResultTable> tables(EvaluationResult result) {
        List<ResultTable> tables = new ArrayList<>(List.of(network(result)));
        for (List<FlippingResult> sameConcepts : result.flippingByConcepts()) {
            tables.add(FlippingTables.aupc(sameConcepts));
            tables.add(FlippingTables.area(sameConcepts));
            tables.add(FlippingTables.delta(sameConcepts));
            tables.add(FlippingTables.orderings(sameConcepts, result.aboveChance()));
            tables.add(FlippingTables.perClass(sameConcepts));
        }
        result.crossClass().forEach(one -> tables.add(FlippingTables.crossClass(one)));
        if (result.gamma() != null) {
            tables.add(FlippingTables.gamma(result.gamma()));
        }
        for (ConceptResult one : result.concepts()) {
            tables.addAll(List.of(
                    MeasureTables.faithfulness(one),
                    MeasureTables.concepts(one),
                    MeasureTables.curves(one),
                    MeasureTables.disentanglement(one)));
        }
        result.histograms().forEach(one -> tables.add(FlippingTables.histogram(one)));
        result.agreements().forEach(one -> tables.add(MeasureTables.agreement(one)));
        if (result.sanity() != null) {
            tables.add(MeasureTables.sanity(result.sanity(), null));
        }
        return tables;
    }

    /** What the terminal shows: the summary, patch flipping, faithfulness, disentanglement, sanity. */
    public static List<String> lines(EvaluationResult result) {
        List<String> lines = new ArrayList<>();
        result.summary().lines().forEach(line -> lines.addAll(ResultTable.wrapped(line)));
        lines.add("");
        for (List<FlippingResult> sameConcepts : result.flippingByConcepts()) {
            lines.addAll(FlippingTables.aupc(sameConcepts).lines());
            lines.addAll(
                    FlippingTables.orderings(sameConcepts, result.aboveChance()).lines());
        }
        for (ConceptResult one : result.concepts()) {
            lines.addAll(MeasureTables.faithfulness(one).lines());
            lines.addAll(MeasureTables.disentanglement(one).lines());
            ConceptResult.remarks(List.of(one)).forEach(remark -> lines.addAll(ResultTable.wrapped(remark)));
        }
        result.agreements()
                .forEach(one -> lines.addAll(MeasureTables.agreement(one).lines()));
        if (result.sanity() != null) {
            lines.addAll(MeasureTables.sanity(result.sanity(), null).lines());
        }
        return lines;
    }
}

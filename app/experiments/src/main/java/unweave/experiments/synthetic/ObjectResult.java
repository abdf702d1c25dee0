package unweave.experiments.synthetic;

import java.util.ArrayList;
import java.util.List;
import unweave.drsa.Estimate;
import unweave.report.evaluation.ResultTable;

/**
 * How well concepts recover the objects that sounds are made of ({@link unweave.drsa.ConceptMatching}), at one layer.
 *
 * @param baseRate what a constant map scores
 */
public record ObjectResult(String layer, int concepts, Estimate baseRate, List<Row> methods) {
    /**
     * The scores of one method.
     *
     * @param recovery mean over classes and, for random subspaces, over seeds
     * @param ownAssignment the same where every sound may pair concepts and objects anew
     */
    public record Row(String method, Estimate recovery, Estimate ownAssignment) {}

    /** Object recovery, a row per method and a column per layer. */
    public static ResultTable table(List<ObjectResult> layers) {
        List<String> columns = new ArrayList<>(List.of("method"));
        layers.forEach(layer -> columns.add(layer.layer()));
        ResultTable table = new ResultTable(
                "objects",
                "Object recovery with K = " + layers.get(0).concepts()
                        + ": average precision with which concepts find the objects that sounds are made of "
                        + "(higher is better).",
                columns);
        for (int i = 0; i < layers.get(0).methods().size(); i++) {
            int method = i;
            table.row(
                    layers.get(0).methods().get(i).method(),
                    layers.stream()
                            .map(layer -> layer.methods().get(method).recovery())
                            .toList());
        }
        for (int i = 0; i < layers.get(0).methods().size(); i++) {
            int method = i;
            table.row(
                    layers.get(0).methods().get(i).method() + ", matched per sound",
                    layers.stream()
                            .map(layer -> layer.methods().get(method).ownAssignment())
                            .toList());
        }
        return table.row(
                "constant map", layers.stream().map(ObjectResult::baseRate).toList());
    }
}

package unweave.experiments.networks;

import java.util.ArrayList;
import java.util.List;
import unweave.drsa.evaluation.Comparison;
import unweave.experiments.networks.NetworkScores.Scores;
import unweave.experiments.networks.NetworksResult.Figure;
import unweave.report.evaluation.ResultTable;

/** The scores and comparisons of several networks as tables. */
final class NetworksTables {
    private final NetworksResult result;

    NetworksTables(NetworksResult result) {
        this.result = result;
    }

    /** I(O;K) / H(O) by method and layer. */
    ResultTable information() {
        return byLayer(
                Figure.INFORMATION,
                "object-information",
                "Object information with K = " + concepts() + " (0: concepts do not tell objects apart, 1: every object"
                        + " has concepts of its own); random subspaces are the floor, the oracle, which knows the"
                        + " objects, is the ceiling. The last two rows have one concept for each channel." + errors(),
                NetworkScores.METHODS,
                NetworkScores.CHANNELWISE);
    }

    /** The mean share of an object in its own concept. */
    ResultTable selectivity() {
        return byLayer(
                Figure.SELECTIVITY,
                "selectivity",
                "Selectivity with K = " + concepts() + ": mean share of an object's effect that goes into its own"
                        + " concept (even split: 1/K)." + errors(),
                NetworkScores.METHODS,
                List.of());
    }

    /** Patch flipping on the same networks. */
    ResultTable aupc() {
        List<String> methods = new ArrayList<>(NetworkScores.METHODS);
        methods.add(0, NetworkScores.STANDARD);
        return byLayer(
                Figure.AUPC,
                "patch-flipping-networks",
                "AUPC of patch flipping with K = " + concepts() + " (lower is better), the same networks." + errors(),
                methods,
                List.of());
    }

    private int concepts() {
        return result.plan().subspaces().concepts();
    }

    private String errors() {
        int networks = result.networks().size();
        return networks < 2 ? " One network." : " Mean \u00b1 standard error over " + networks + " networks.";
    }

    private ResultTable byLayer(
            Figure figure, String name, String caption, List<String> methods, List<String> furtherMethods) {
        List<String> columns = new ArrayList<>(List.of("method"));
        columns.addAll(result.plan().layers());
        ResultTable table = new ResultTable(name, caption, columns);
        List<String> all = new ArrayList<>(methods);
        all.addAll(furtherMethods);
        for (String method : all) {
            table.row(
                    method,
                    result.plan().layers().stream()
                            .map(layer -> result.estimate(figure, layer, method))
                            .toList());
        }
        return table;
    }

    /** Methods compared at every layer. */
    ResultTable comparisons() {
        ResultTable table = new ResultTable(
                "comparisons",
                "Is one method better than another? Paired differences over the networks \u00b1 their standard error;"
                        + " a difference within two standard errors is not shown.",
                List.of("layer", "figure", "DRSA, DSA", "DRSA, random", "DSA, random", "DRSA, PRCA"));
        for (String layer : result.plan().layers()) {
            for (Figure figure : List.of(Figure.INFORMATION, Figure.AUPC)) {
                table.row(
                        layer,
                        figure.title(),
                        compare(figure, layer, "DRSA", "DSA"),
                        compare(figure, layer, "DRSA", "random"),
                        compare(figure, layer, "DSA", "random"),
                        compare(figure, layer, "DRSA", "PRCA"));
            }
        }
        return table;
    }

    private String compare(Figure figure, String layer, String first, String second) {
        return result.verdict(result.methods(figure, layer, first, second));
    }

    /** Vectors taken before the pooling against those behind it. */
    ResultTable pooling() {
        ResultTable table = new ResultTable(
                "pooling",
                "Vectors behind the pooling or before it? Subspaces of DRSA, paired differences over the networks.",
                List.of("layers", "object information", "AUPC"));
        for (NetworksResult.Pair pair : result.layerPairs()) {
            Comparison information = result.layers(Figure.INFORMATION, "DRSA", pair.after(), pair.before());
            Comparison aupc = result.layers(Figure.AUPC, "DRSA", pair.after(), pair.before());
            table.row(pair.after() + ", " + pair.before(), result.verdict(information), result.verdict(aupc));
        }
        return table;
    }

    /** The preset's layer and rules against those of the thesis. */
    ResultTable rules() {
        String chosen = result.plan().subspaces().layer();
        ResultTable table = new ResultTable(
                "rules",
                "The preset (rules " + result.plan().preset().composite() + ", windows of "
                        + result.plan().subspaces().window() + " x "
                        + result.plan().subspaces().window() + " positions) and the thesis (rules "
                        + NetworksPlan.THESIS_RULES + ", single positions): subspaces of DRSA and DSA, and " + chosen
                        + " of the preset against each by paired differences over the networks.",
                List.of(
                        "layer",
                        "information, DRSA",
                        "DSA",
                        "AUPC, DRSA",
                        chosen + ", information",
                        chosen + ", AUPC"));
        for (NetworksPlan.Place place : result.plan().places()) {
            String name = place.name();
            boolean itself = name.equals(chosen);
            table.row(
                    name,
                    result.estimate(Figure.INFORMATION, name, "DRSA"),
                    result.estimate(Figure.INFORMATION, name, "DSA"),
                    result.estimate(Figure.AUPC, name, "DRSA"),
                    itself ? "" : result.verdict(result.layers(Figure.INFORMATION, "DRSA", chosen, name)),
                    itself ? "" : result.verdict(result.layers(Figure.AUPC, "DRSA", chosen, name)));
        }
        return table;
    }

    /** Whether the preset's layer was scored. */
    boolean hasRules() {
        return result.plan().layers().contains(result.plan().subspaces().layer());
    }

    /** Every network by itself at one layer. */
    ResultTable networks(String layer) {
        List<String> columns = new ArrayList<>(List.of("seed", "test accuracy, %"));
        NetworkScores.METHODS.forEach(method -> columns.add("information, " + method));
        columns.add("AUPC, DRSA");
        ResultTable table = new ResultTable(
                "networks-" + layer, "Every network at " + layer + ". One network decides nothing.", columns);
        for (NetworksResult.Network network : result.networks()) {
            List<Object> cells = new ArrayList<>(List.of(100 * network.testAccuracy()));
            for (String method : NetworkScores.METHODS) {
                cells.add(network.scores(layer, method).information());
            }
            Scores drsa = network.scores(layer, "DRSA");
            cells.add(drsa.aupc());
            table.row(String.valueOf(network.seed()), cells);
        }
        return table;
    }

    /** Every table that goes into a file. */
    List<ResultTable> all() {
        List<ResultTable> all =
                new ArrayList<>(List.of(information(), selectivity(), aupc(), comparisons(), pooling()));
        if (hasRules()) {
            all.add(rules());
        }
        result.plan().layers().forEach(layer -> all.add(networks(layer)));
        return all;
    }
}

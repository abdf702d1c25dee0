package unweave.experiments.networks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import unweave.drsa.Estimate;
import unweave.drsa.evaluation.AboveChance;
import unweave.drsa.evaluation.Comparison;
import unweave.engine.layer.LayerShape;
import unweave.engine.model.ModelDescription;
import unweave.experiments.networks.NetworkScores.Scores;
import unweave.report.evaluation.ResultTable;

/**
 * The scores of all networks. Errors are standard errors over the networks, and methods are compared by paired
 * differences over them.
 */
public record NetworksResult(NetworksPlan plan, List<Network> networks) {
    /**
     * One network.
     *
     * @param aboveChance on the test sounds, of which both classes have as many
     * @param places in the order of the plan
     */
    record Network(long seed, AboveChance aboveChance, List<NetworkScores> places) {
        double testAccuracy() {
            return aboveChance.balancedAccuracy();
        }

        /** @param place the name of a {@link NetworksPlan.Place} */
        Scores scores(String place, String method) {
            return places.stream()
                    .filter(one -> one.place().equals(place))
                    .map(one -> one.methods().get(method))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** What is compared. */
    enum Figure {
        INFORMATION("object information"),
        SELECTIVITY("selectivity"),
        AUPC("AUPC");

        private final String title;

        Figure(String title) {
            this.title = title;
        }

        double of(Scores scores) {
            return switch (this) {
                case INFORMATION -> scores.information();
                case SELECTIVITY -> scores.selectivity();
                case AUPC -> scores.aupc();
            };
        }

        String title() {
            return title;
        }
    }

    /** One value per network. */
    double[] values(Figure figure, String layer, String method) {
        return networks.stream()
                .mapToDouble(network -> figure.of(network.scores(layer, method)))
                .toArray();
    }

    Estimate estimate(Figure figure, String layer, String method) {
        return Estimate.of(values(figure, layer, method));
    }

    /** A method against another one at the same layer. */
    Comparison methods(Figure figure, String layer, String first, String second) {
        return compare(figure, first, values(figure, layer, first), second, values(figure, layer, second));
    }

    /** A layer against another one, of one method. */
    Comparison layers(Figure figure, String method, String first, String second) {
        return compare(figure, first, values(figure, first, method), second, values(figure, second, method));
    }

    private static Comparison compare(Figure figure, String first, double[] a, String second, double[] b) {
        return figure == Figure.AUPC
                ? Comparison.lowerIsBetter(first, a, second, b)
                : Comparison.higherIsBetter(first, a, second, b);
    }

    /** In how many networks a method holds more information than another one. */
    long networksAbove(String layer, String first, String second) {
        double[] a = values(Figure.INFORMATION, layer, first);
        double[] b = values(Figure.INFORMATION, layer, second);
        long above = 0;
        for (int i = 0; i < a.length; i++) {
            above += a[i] > b[i] ? 1 : 0;
        }
        return above;
    }

    /** A convolution, and what the next layer reads behind its pooling. */
    record Pair(String before, String after) {}

    /** Those pairs of neighbours among the layers whose second is smaller than the first: a pooling lies between. */
    List<Pair> layerPairs() {
        ModelDescription network = plan.preset().description(List.of("a", "b"));
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i + 1 < plan.layers().size(); i++) {
            LayerShape before = network.outputShape(plan.layers().get(i));
            LayerShape after = network.outputShape(plan.layers().get(i + 1));
            if (before.vectorLength() == after.vectorLength() && after.positions() < before.positions()) {
                pairs.add(new Pair(plan.layers().get(i), plan.layers().get(i + 1)));
            }
        }
        return pairs;
    }

    /** Seeds of networks that are not better than chance, about which nothing can be said. */
    List<Long> atChance() {
        return networks.stream()
                .filter(network -> !network.aboveChance().shown())
                .map(Network::seed)
                .toList();
    }

    /** A comparison in words, unless a network is at chance. */
    String verdict(Comparison comparison) {
        return atChance().isEmpty() ? comparison.toString() : "not decided";
    }

    /** What can be said and what cannot, a sentence each. */
    public List<String> findings() {
        if (!atChance().isEmpty()) {
            return List.of("No verdict: the networks of seeds " + atChance() + " are not better than chance ("
                    + networks.stream()
                            .filter(network -> !network.aboveChance().shown())
                            .findFirst()
                            .orElseThrow()
                            .aboveChance()
                    + "), so their explanations explain nothing. Train longer.");
        }
        String layer = plan.layers().contains(plan.subspaces().layer())
                ? plan.subspaces().layer()
                : plan.layers().get(plan.layers().size() - 1);
        List<String> findings = new ArrayList<>();
        findings.add(String.format(
                Locale.ROOT,
                "Object information at %s over %d networks: DRSA %s, DSA %s, random %s, oracle %s.",
                layer,
                networks.size(),
                text(layer, "DRSA"),
                text(layer, "DSA"),
                text(layer, "random"),
                text(layer, "oracle")));
        for (String other : List.of("random", "DSA")) {
            findings.add(String.format(
                    Locale.ROOT,
                    "%s; DRSA is above in %d of %d networks.",
                    methods(Figure.INFORMATION, layer, "DRSA", other),
                    networksAbove(layer, "DRSA", other),
                    networks.size()));
        }
        return findings;
    }

    private String text(String layer, String method) {
        Estimate estimate = estimate(Figure.INFORMATION, layer, method);
        return estimate.count() < 2
                ? String.format(Locale.ROOT, "%.3f", estimate.mean())
                : String.format(Locale.ROOT, "%.3f \u00b1 %.3f", estimate.mean(), estimate.standardError());
    }

    /** Whether networks of another set lead to another verdict on DRSA and DSA, at the layers of both. */
    String changedBy(NetworksResult other) {
        if (!atChance().isEmpty() || !other.atChance().isEmpty()) {
            return "Whether the set changes the picture cannot be said: some networks are not better than chance.";
        }
        List<String> changed = other.plan.layers().stream()
                .filter(plan.layers()::contains)
                .filter(layer ->
                        methods(Figure.INFORMATION, layer, "DRSA", "DSA").verdict()
                                != other.methods(Figure.INFORMATION, layer, "DRSA", "DSA")
                                        .verdict())
                .toList();
        return changed.isEmpty()
                ? "It does not change the picture."
                : "It changes the verdict at " + String.join(", ", changed) + ".";
    }

    /** The tables of the page, object information first. */
    public List<ResultTable> tables() {
        return new NetworksTables(this).all();
    }

    /** The content of results.json. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("settings", plan.settings());
        json.put("seeds", plan.seeds());
        json.put("testAccuracy", networks.stream().map(Network::testAccuracy).toList());
        Map<String, Object> layers = new LinkedHashMap<>();
        for (NetworksPlan.Place place : plan.places()) {
            String layer = place.name();
            Map<String, Object> methods = new LinkedHashMap<>();
            for (String method : networks.get(0).places().get(0).methods().keySet()) {
                Map<String, Object> figures = new LinkedHashMap<>();
                for (Figure figure : Figure.values()) {
                    Map<String, Object> numbers = new LinkedHashMap<>();
                    numbers.put("mean", estimate(figure, layer, method));
                    numbers.put("networks", values(figure, layer, method));
                    figures.put(figure.title(), numbers);
                }
                methods.put(method, figures);
            }
            layers.put(layer, methods);
        }
        json.put("places", layers);
        return json;
    }
}

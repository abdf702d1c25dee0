package unweave.experiments.networks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import unweave.drsa.Estimate;
import unweave.drsa.evaluation.Comparison;
import unweave.experiments.networks.NetworkScores.Scores;

/**
 * The scores of all networks. Errors are standard errors over the networks, and methods are compared by paired
 * differences over them.
 */
public record NetworksResult(NetworksPlan plan, List<Network> networks) {
    /**
     * One network.
     *
     * @param testAccuracy share of the test sounds that it decides rightly; both classes have as many
     * @param layers in the order of the plan
     */
    record Network(long seed, double testAccuracy, List<NetworkScores> layers) {
        Scores scores(String layer, String method) {
            return layers.stream()
                    .filter(one -> one.layer().equals(layer))
                    .map(one -> one.methods().get(method))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** What is compared. */
    enum Figure {
        INFORMATION("object information", Scores::information),
        SELECTIVITY("selectivity", Scores::selectivity),
        AUPC("AUPC", Scores::aupc);

        private final String title;
        private final ToDoubleFunction<Scores> value;

        Figure(String title, ToDoubleFunction<Scores> value) {
            this.title = title;
            this.value = value;
        }

        String title() {
            return title;
        }
    }

    /** One value per network. */
    double[] values(Figure figure, String layer, String method) {
        return networks.stream()
                .mapToDouble(network -> figure.value.applyAsDouble(network.scores(layer, method)))
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

    /** Pairs of a convolution and what follows it, both scored. */
    List<List<String>> layerPairs() {
        List<List<String>> pairs = new ArrayList<>();
        for (int i = 0; i + 1 < plan.layers().size(); i++) {
            String first = plan.layers().get(i);
            String second = plan.layers().get(i + 1);
            if (first.startsWith("conv") && second.startsWith("pool")) {
                pairs.add(List.of(second, first));
            }
        }
        return pairs;
    }

    /** The content of results.json. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("settings", plan.settings());
        json.put("seeds", plan.seeds());
        json.put("testAccuracy", networks.stream().map(Network::testAccuracy).toList());
        Map<String, Object> layers = new LinkedHashMap<>();
        for (String layer : plan.layers()) {
            Map<String, Object> methods = new LinkedHashMap<>();
            for (String method : networks.get(0).layers().get(0).methods().keySet()) {
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
        json.put("layers", layers);
        return json;
    }
}

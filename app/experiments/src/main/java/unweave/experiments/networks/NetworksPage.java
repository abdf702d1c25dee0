package unweave.experiments.networks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.drsa.Estimate;
import unweave.experiments.networks.NetworksResult.Figure;
import unweave.figure.BarChart;
import unweave.report.ReportPage;

/** The page of several networks: what is shown about concepts and objects, then the figures behind it. */
public final class NetworksPage {
    private final NetworksResult result;
    private final NetworksTables tables;
    private final NetworksResult published;

    /** @param published the same with the set of the thesis' published code */
    public NetworksPage(NetworksResult result, NetworksResult published) {
        this.result = result;
        this.tables = new NetworksTables(result);
        this.published = published;
    }

    public String toHtml() {
        ReportPage page = new ReportPage("Do concepts answer to objects?")
                .kicker("Unweave reproduce")
                .lead(String.join(" ", result.findings()))
                .facts(facts());
        page.section("Object information");
        page.text("A synthetic sound is made of four objects. The effect of an object on a concept is what the"
                + " concept's relevance loses when the object is taken out of the sound, and wins when it is put on"
                + " the background alone. Object information is the share of what there is to know about the object"
                + " that the concept tells. Random subspaces are its floor; the oracle, fitted with the objects known"
                + " and scored on other sounds, its ceiling.");
        page.figure(chart(Figure.INFORMATION, "Object information (higher is better)"), "Object information", "");
        tables.information().addTo(page);
        tables.selectivity().addTo(page);
        page.section("What is shown");
        tables.comparisons().addTo(page);
        if (!result.layerPairs().isEmpty()) {
            tables.pooling().addTo(page);
        }
        if (tables.hasRules()) {
            tables.rules().addTo(page);
        }
        page.section("Faithfulness on the same networks");
        tables.aupc().addTo(page);
        page.section("The set of the thesis' published code");
        page.text(publishedCode());
        page.section("Every network");
        result.plan().layers().forEach(layer -> tables.networks(layer).addTo(page));
        return page.footer("Made by Unweave. Seeds " + result.plan().seeds() + ", fixed before any result was seen.")
                .toHtml();
    }

    private Map<String, String> facts() {
        NetworksPlan plan = result.plan();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("preset", plan.preset().name());
        facts.put("rules", plan.preset().composite());
        facts.put("networks", String.valueOf(plan.seeds().size()));
        facts.put("epochs", String.valueOf(plan.training().epochs()));
        facts.put(
                "gradient ascent",
                plan.subspaces().steps() + " steps, " + plan.subspaces().starts() + " starts");
        facts.put(
                "scored on",
                plan.complete() + " sounds with all objects and " + plan.flipped() + " test sounds per class");
        return facts;
    }

    private byte[] chart(Figure figure, String title) {
        List<String> layers = result.plan().layers();
        BarChart chart = new BarChart(title, figure.title(), layers).size(760, 320);
        for (String method : List.of("random", "DSA", "DRSA", "oracle")) {
            List<Estimate> estimates = new ArrayList<>();
            layers.forEach(layer -> estimates.add(result.estimate(figure, layer, method)));
            chart.bars(
                    method,
                    estimates.stream().mapToDouble(Estimate::mean).toArray(),
                    estimates.stream().mapToDouble(Estimate::standardError).toArray());
        }
        return chart.toPng();
    }

    /** Whether the set of the published code changes the picture. */
    private String publishedCode() {
        List<String> lines = new ArrayList<>();
        for (String layer : published.plan().layers()) {
            lines.add(String.format(
                    java.util.Locale.ROOT,
                    "At %s, %s with the published code's set, %s with that of the text.",
                    layer,
                    published.verdict(published.methods(Figure.INFORMATION, layer, "DRSA", "DSA")),
                    result.verdict(result.methods(Figure.INFORMATION, layer, "DRSA", "DSA"))));
        }
        return result.changedBy(published) + " " + String.join(" ", lines);
    }
}

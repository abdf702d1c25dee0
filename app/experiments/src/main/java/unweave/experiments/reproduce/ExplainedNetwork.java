package unweave.experiments.reproduce;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import unweave.engine.layer.Layer;
import unweave.engine.layer.LayerKinds;
import unweave.engine.layer.LayerShape;
import unweave.engine.layer.ReceptiveField;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.explain.Conservation;
import unweave.lrp.Attribution;
import unweave.lrp.Composite;
import unweave.lrp.LayerwiseRelevance;
import unweave.report.ReportPage;
import unweave.report.explanation.LedgerTable;

/**
 * The network whose decisions a chapter explains: its layers (thesis Fig. 3.1), and the relevance that arrives at each
 * of them for one input (thesis Fig. 2.2), as rows of tables.
 *
 * @param logit of the explained class, where the relevance sets out
 * @param arrives the relevance that reaches the input
 */
record ExplainedNetwork(
        List<List<String>> layers, List<List<String>> relevance, String className, double logit, double arrives) {
    private static final List<String> HEADER =
            List.of("layer", "kind", "settings", "output", "sees of the input", "weights");

    /** Fields of a layer that the table has in other columns, or that are as everywhere. */
    private static final Pattern USUAL =
            Pattern.compile("(name|kind|inputs) .*|dilation .1,1.|groups 1|bias true|padding .0,0.");

    /**
     * @param input of the network; not modified
     * @param classIndex the class it belongs to, whose logit is explained
     */
    static ExplainedNetwork of(Model model, Composite composite, float[] input, int classIndex) {
        try (LayerwiseRelevance relevance = new LayerwiseRelevance(composite).withDetailedLedger()) {
            Attribution one = relevance.attribute(model, input, 1, new int[] {classIndex});
            Conservation books = new Conservation(one.start()[0], Double.NaN, one.sum(0), Double.NaN, one.layers());
            return new ExplainedNetwork(
                    rows(model.description()),
                    LedgerTable.rows(books),
                    model.description().classNames().get(classIndex),
                    books.logit(),
                    books.standardSum());
        }
    }

    private static List<List<String>> rows(ModelDescription network) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("input", "", "", network.input().toString(), "", ""));
        for (Layer layer : network.layers()) {
            JsonObject json = LayerKinds.write(layer);
            long weights = network.parameters().stream()
                    .filter(parameter -> parameter.layer().equals(layer.name()))
                    .mapToLong(parameter -> parameter.size())
                    .sum();
            LayerShape output = network.outputShape(layer.name());
            rows.add(List.of(
                    layer.name(),
                    json.get("kind").getAsString(),
                    settings(json),
                    output.toString(),
                    output.flat() ? "all" : seen(network.receptiveField(layer.name()), output),
                    weights == 0 ? "" : String.format(Locale.ROOT, "%,d", weights)));
        }
        return rows;
    }

    /** Such as "filters 8, kernel 3x3", without what is usual. */
    private static String settings(JsonObject layer) {
        return layer.entrySet().stream()
                .map(field -> field.getKey() + " " + field.getValue().toString())
                .filter(field -> !USUAL.matcher(field).matches())
                .map(field -> field.replaceAll("[\\[\\]\"]", "").replace(',', 'x'))
                .collect(Collectors.joining(", "));
    }

    /** Height x width of what a position in the middle sees. */
    private static String seen(ReceptiveField field, LayerShape output) {
        ReceptiveField.Box box = field.at(output.height() / 2, output.width() / 2);
        return (box.bottom() - box.top()) + "x" + (box.right() - box.left());
    }

    /** Both tables, each behind its anchors. */
    void addTo(ReportPage page) {
        page.section("The network");
        page.text(
                "The thesis draws the network (Fig. 3.1). These are the layers of the one on this page, with the shape of"
                        + " their output (height x width x channels) and how much of the input a position in the middle sees.");
        page.anchor("figure-3.1").table("", HEADER, layers);
        page.text(String.format(
                Locale.ROOT,
                "How relevance is handed on (drawn in Fig. 2.2), in numbers: the explanation of one input of %s"
                        + " sets out with its logit, %.3f, and %.3f arrive at the input. Each layer hands on to its"
                        + " inputs what arrived at it, but for what its bias and the stabiliser take, and what no input"
                        + " can be given.",
                className,
                logit,
                arrives));
        page.anchor("figure-2.2").table("", LedgerTable.HEADER, relevance);
    }
}

package unweave.report.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import unweave.drsa.evaluation.AboveChance;
import unweave.explain.evaluate.ConceptResult;
import unweave.explain.evaluate.EvaluationResult;
import unweave.explain.evaluate.FlippingResult;
import unweave.explain.evaluate.Variant;
import unweave.report.Figure;
import unweave.report.Picture;
import unweave.report.ReportPage;
import unweave.report.training.SubspaceFigures;
import unweave.report.training.TrainingFigures;

/** An evaluation as a page. */
public final class EvaluationReport {
    private final EvaluationResult result;
    private final List<Variant> variants;
    private final List<Figure> maps;
    private StemReport stems = new StemReport(List.of(), null);

    /** @param maps pictures of relevance maps */
    public EvaluationReport(EvaluationResult result, List<Variant> variants, List<Figure> maps) {
        this.result = result;
        this.variants = variants;
        this.maps = maps;
    }

    /** Adds which concept is which part of recordings. */
    public EvaluationReport withStems(StemReport report) {
        stems = report;
        return this;
    }

    /**
     * The page.
     *
     * @param allClasses of the model, evaluated or not
     */
    public String toHtml(Map<String, String> facts, List<String> allClasses) {
        ReportPage page = new ReportPage("Do the explanations hold?")
                .kicker("Unweave evaluate")
                .facts(facts);
        result.summary().lines().forEach(page::lead);
        stems.summaries().forEach(page::lead);
        page.section("The network");
        EvaluationTables.network(result).addTo(page);
        page.text("Better than chance means: the same answers, dealt out to the same sounds at random, reach this"
                + " balanced accuracy in at most " + 100 * AboveChance.LEVEL + " % of draws (p). Without that there"
                + " is no verdict about explanations.");
        page.figure(
                TrainingFigures.confusion(result.network(), allClasses),
                "Confusion matrix",
                "Confusion matrix of the evaluated inputs.");
        stems.addTo(page);
        flipping(page);
        crossClass(page);
        gamma(page);
        concepts(page);
        searches(page);
        histograms(page);
        sanity(page);
        page.section("Maps");
        maps.forEach(figure -> page.figures(List.of(figure)));
        return page.footer("Made by Unweave.").toHtml();
    }

    private void flipping(ReportPage page) {
        if (result.flipping().isEmpty()) {
            return;
        }
        page.section("Patch flipping");
        page.text("The most relevant patches (16 x 16 bins) of every map are set to zero, more in each step, and "
                + "the logit of the class is"
                + " followed. The faster it falls, the more faithful the explanation; overlapping "
                + "concepts flip fewer patches and so score worse."
                + " Flipping at random is what an explanation has to beat.");
        for (List<FlippingResult> layers : result.flippingByConcepts()) {
            page.note(layers.get(0).floorNote());
            page.figure(
                    EvaluationFigures.aupc(layers),
                    "AUPC of every method",
                    "AUPC with standard errors, K = " + layers.get(0).concepts() + ".");
            FlippingTables.aupc(layers).addTo(page);
            FlippingTables.orderings(layers, result.aboveChance()).addTo(page);
            layers.forEach(layer -> layer.remarks().forEach(page::warning));
            FlippingTables.delta(layers).addTo(page);
            page.details("Area under the curve, and every class", inside -> {
                FlippingTables.area(layers).addTo(inside);
                FlippingTables.perClass(layers).addTo(inside);
            });
            page.figures(layers.stream()
                    .map(layer -> new Figure(
                            new Picture(EvaluationFigures.curves(layer), "Flipping curves at " + layer.layer()),
                            "Mean logit at " + layer.layer() + "."))
                    .toList());
        }
    }

    private void crossClass(ReportPage page) {
        if (!result.crossClass().isEmpty()) {
            page.section("Subspaces of other classes");
            page.text("Explanations of each class are split by the subspaces of every class. Subspaces that "
                    + "belong to a class split its"
                    + " explanations best.");
            page.figures(result.crossClass().stream()
                    .map(layer -> new Figure(
                            new Picture(EvaluationFigures.crossClass(layer), "\u0394AUPC matrix at " + layer.layer()),
                            layer.layer() + ": " + layer.verdict(result.aboveChance()) + "."))
                    .toList());
            result.crossClass()
                    .forEach(layer -> FlippingTables.crossClass(layer).addTo(page));
        }
    }

    private void gamma(ReportPage page) {
        if (result.gamma() != null) {
            page.section("Choice of gamma");
            page.text("Patch flipping of standard maps with gamma the same in all convolutions but the first "
                    + "(uniform), or falling with depth in"
                    + " the proportions 1, 1, 1/2, 1/4, ...; the other layers keep their rules. These "
                    + "are the evaluated inputs: to choose gamma, use"
                    + " inputs that nothing else is judged by.");
            page.figure(
                    EvaluationFigures.gamma(result.gamma()), "AUPC against gamma", "AUPC against the largest gamma.");
            FlippingTables.gamma(result.gamma()).addTo(page);
        }
    }

    private void concepts(ReportPage page) {
        result.leftOut().forEach(page::warning);
        if (!result.concepts().isEmpty()) {
            page.section("Faithfulness and disentanglement");
            for (ConceptResult layer : result.concepts()) {
                page.subsection(layer.layer() + ", K = " + layer.concepts());
                MeasureTables.faithfulness(layer).addTo(page);
                MeasureTables.curves(layer).addTo(page);
                ConceptResult.remarks(List.of(layer)).forEach(page::warning);
                MeasureTables.disentanglement(layer).addTo(page);
                page.details(
                        "Every concept", inside -> MeasureTables.concepts(layer).addTo(inside));
            }
        }
    }

    private void searches(ReportPage page) {
        page.section("Search for subspaces");
        result.agreements().forEach(layer -> MeasureTables.agreement(layer).addTo(page));
        List<Figure> curves = new ArrayList<>();
        for (Variant variant : variants) {
            if (variant.method().isOptimized()) {
                variant.set()
                        .all()
                        .forEach(one -> curves.add(new Figure(
                                new Picture(SubspaceFigures.curves(one), "Objective per step"),
                                variant.method() + ", K = " + variant.concepts() + ", " + variant.layer() + ", "
                                        + one.provenance().className() + ".")));
            }
        }
        page.figures(curves);
    }

    private void histograms(ReportPage page) {
        if (!result.histograms().isEmpty()) {
            page.section("How relevance is distributed");
            page.figures(result.histograms().stream()
                    .map(one -> new Figure(
                            new Picture(EvaluationFigures.histogram(one), "Histogram of relevance"),
                            one.layer() + ", K = " + one.concepts()
                                    + ". What lies above the 90th percentile becomes sound."))
                    .toList());
            result.histograms().forEach(one -> FlippingTables.histogram(one).addTo(page));
        }
    }

    private void sanity(ReportPage page) {
        if (result.sanity() != null) {
            page.section("Sanity check");
            MeasureTables.sanity(result.sanity(), null).addTo(page);
        }
    }
}

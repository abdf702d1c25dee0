package unweave.experiments.reproduce;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import unweave.drsa.evaluation.AboveChance;
import unweave.experiments.synthetic.ObjectResult;
import unweave.explain.evaluate.ConceptResult;
import unweave.explain.evaluate.CrossClassResult;
import unweave.explain.evaluate.FlippingResult;
import unweave.explain.evaluate.GammaResult;
import unweave.explain.evaluate.HistogramResult;
import unweave.explain.evaluate.Ordering;
import unweave.explain.output.OutputFolder;
import unweave.report.Figure;
import unweave.report.Picture;
import unweave.report.ReportPage;
import unweave.report.evaluation.EvaluationFigures;
import unweave.report.evaluation.FlippingTables;
import unweave.report.evaluation.MeasureTables;
import unweave.report.training.CrossValidationReport;
import unweave.report.training.SubspaceFigures;
import unweave.report.training.TrainingFigures;

/** What the pages of both chapters have in common. */
abstract class ChapterPage {
    /** Where the equations that both chapters use are not as printed; the list of the thesis names all others. */
    static final String EQUATIONS =
            "Eq. B.1 lacks the square that the rule's name and source have; it is used with the square. Eq. 4.4 has its "
                    + "weights and differences as printed, but the logit is clamped at 0, and patches are ranked by the "
                    + "sum of their positive relevance; the area under the curve, which the DRSA paper uses, stands "
                    + "beside it.";

    final ChapterResult result;
    final ChapterTables tables;
    private final OutputFolder folder;

    ChapterPage(ChapterResult result, OutputFolder folder) {
        this.result = result;
        this.tables = new ChapterTables(result);
        this.folder = folder;
    }

    abstract String toHtml() throws IOException;

    /** The settings in the page's head. */
    Map<String, String> facts() {
        ChapterPlan plan = result.plan();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("preset", plan.preset().name());
        facts.put("epochs", String.valueOf(plan.training().epochs()));
        facts.put(
                "gradient ascent",
                plan.steps() + " steps, " + plan.preset().subspaces().starts() + " starts");
        facts.put("evaluated", "up to " + plan.sizes().flipping() + " test inputs per class");
        facts.put("seed", String.valueOf(plan.seed()));
        return facts;
    }

    /** One or two sentences: whether Table 4.4's order holds here, by the paired differences of this one network. */
    String verdict() {
        AboveChance network = result.network();
        if (!network.shown()) {
            return "No verdict: the network is not shown to be better than chance (" + network
                    + "). Explanations of a network that guesses explain guesses.";
        }
        List<String> sentences = new ArrayList<>();
        add(sentences, "Patch flipping orders DRSA < DSA < random < standard at ", Ordering::holds);
        add(sentences, "It shows another order at ", Ordering::broken);
        add(
                sentences,
                "No order is shown in full at ",
                ordering -> ordering.obstacle().isEmpty() && !ordering.holds() && !ordering.broken());
        add(sentences, "There is nothing to judge by at ", ordering -> !ordering.obstacle()
                .isEmpty());
        return String.join(" ", sentences) + " " + FlippingTables.COMPARED;
    }

    private void add(List<String> sentences, String beginning, Predicate<Ordering> which) {
        List<String> layers = result.flipping().stream()
                .filter(layer -> which.test(layer.ordering(result.network())))
                .map(FlippingResult::layer)
                .toList();
        if (!layers.isEmpty()) {
            sentences.add(beginning + String.join(", ", layers) + ".");
        }
    }

    /** The inputs of the chapter in two numbers. */
    void logMel(ReportPage page) {
        page.anchor("equation-A.2");
        tables.logMel().addTo(page);
    }

    /** What each training kept, curves and confusion matrix. */
    void training(ReportPage page) {
        page.anchor("table-A.1");
        tables.augmentations().addTo(page);
        CrossValidationReport.folds(page, result.training());
        page.text("Of all " + result.plan().training().epochs()
                + " epochs, the one with the highest accuracy on the validation inputs is kept, of equal ones that with"
                + " the lowest loss. The thesis does not say which epoch it keeps.");
        page.anchor("figure-A.1").figures(CrossValidationReport.figures(result.training()));
        page.anchor("figure-A.2");
        page.figure(
                TrainingFigures.confusion(result.training()),
                "Confusion matrix of the test data",
                "Confusion matrix (compare Fig. A.2).");
    }

    void gamma(ReportPage page) {
        page.section("Rules, and the choice of gamma");
        page.anchor("table-4.3");
        tables.rules().addTo(page);
        GammaResult.Row best = result.gamma().best();
        page.text(String.format(
                Locale.ROOT,
                "Standard maps are made with gamma the same in conv2 to conv5 (uniform), or falling with depth in"
                        + " the proportions 1, 1, 1/2, 1/4 of Table 4.3 (falling), and their patches are "
                        + "flipped. The first layer's rule and the dense"
                        + " layers' epsilon stay. Here the lowest score is that of %s gamma%s, and %d of the other %d"
                        + " choices are not shown to be worse (input by input, by more than two standard errors);"
                        + " the thesis finds the lowest on GTZAN for decreasing gamma from %.1f"
                        + " (Fig. B.1, whose values are drawn, not"
                        + " printed).",
                best.family(),
                Double.isNaN(best.gamma()) ? "" : String.format(Locale.ROOT, " from %.1f", best.gamma()),
                result.gamma().asGood().size(),
                result.gamma().rows().size() - 2,
                ThesisNumbers.BEST_GAMMA));
        page.anchor("figure-B.1")
                .figure(EvaluationFigures.gamma(result.gamma()), "AUPC against gamma", "Compare Fig. B.1.");
        page.details(
                "All numbers", inside -> FlippingTables.gamma(result.gamma()).addTo(inside));
    }

    void curves(ReportPage page) {
        page.section("Search for subspaces");
        page.text("The objective of every start, at " + result.plan().layer() + " with K = "
                + result.plan().concepts()
                + ". The start with the highest objective in the end is kept. The thesis draws the curves of "
                + "one search (Fig. B.2) without printing"
                + " values.");
        page.text(SubspaceFigures.orthogonalization(result.orthogonalization()));
        List<Figure> figures = new ArrayList<>();
        for (ChapterResult.Curves one : result.curves()) {
            String name = one.method() + ", " + one.subspaces().provenance().className();
            figures.add(new Figure(
                    new Picture(SubspaceFigures.curves(one.subspaces()), name + ": objective per step"), name + "."));
        }
        page.anchor("figure-B.2").figures(figures);
    }

    void flipping(ReportPage page) throws IOException {
        page.section("Patch flipping: Table 4.4");
        page.text("The most relevant patches (16 x 16 bins) of every map are set to zero, more in each step, and "
                + "the logit of the class is"
                + " followed. The faster it falls, the more faithful the explanation; overlapping "
                + "concepts flip fewer patches and so score worse."
                + " Random subspaces are averaged over "
                + result.plan().randomSeeds()
                + " seeds. Flipping at random is what an explanation has to beat.");
        page.note(result.flipping().get(0).floorNote());
        page.figure(
                EvaluationFigures.aupc(result.flipping()),
                "AUPC of every method at every layer",
                "AUPC with standard errors.");
        other(page, "4.9");
        page.anchor("table-4.4");
        tables.aupc().addTo(page);
        tables.relativeAupc().addTo(page);
        tables.orderings().addTo(page);
        result.flipping().forEach(layer -> layer.remarks().forEach(page::warning));
        page.details("Area under the curve, \u0394AUPC, and every class", inside -> {
            FlippingTables.area(result.flipping()).addTo(inside);
            FlippingTables.delta(result.flipping()).addTo(inside);
            FlippingTables.perClass(result.flipping()).addTo(inside);
        });
        page.figures(result.flipping().stream()
                .map(layer -> new Figure(
                        new Picture(EvaluationFigures.curves(layer), "Flipping curves at " + layer.layer()),
                        "Mean logit at " + layer.layer() + "."))
                .toList());
    }

    void concepts(ReportPage page) throws IOException {
        page.section("Two and eight concepts");
        tables.concepts().addTo(page);
        tables.otherAupc().forEach(table -> table.addTo(page));
        maps(page, "C.7");
        maps(page, "C.8");
        page.text("The thesis shows K = 2 and K = 8 for hiphop at conv4 and calls them arguably worse than K = 4 "
                + "by eye (C.2); it prints no"
                + " scores.");
    }

    void crossClass(ReportPage page) throws IOException {
        page.section("Subspaces of other classes");
        CrossClassResult shown = result.crossClass().stream()
                .filter(layer -> layer.layer().equals(result.plan().layer()))
                .findFirst()
                .orElseThrow();
        for (MapFigure figure : result.figures().keySet()) {
            if (!figure.of().equals(figure.through())) {
                byEar(page, figure, shown);
            }
        }
        page.subsection("Every class through the subspaces of every class");
        page.text("Explanations of each class are split by the subspaces of every class. The thesis finds the "
                + "largest scores on the diagonal"
                + " for all ten genres (Fig. 4.10, whose values are drawn, not printed). Here, at "
                + shown.layer() + ", " + shown.verdict(result.network()) + ".");
        page.anchor("figure-4.10")
                .figures(result.crossClass().stream()
                        .map(layer -> new Figure(
                                new Picture(
                                        EvaluationFigures.crossClass(layer), "\u0394AUPC matrix at " + layer.layer()),
                                layer.layer() + ": " + layer.verdict(result.network()) + " (compare Fig. 4.10)."))
                        .toList());
        FlippingTables.crossClass(shown).addTo(page);
    }

    void histogram(ReportPage page) {
        page.section("How relevance is distributed");
        HistogramResult histogram = result.histogram();
        page.text(String.format(
                Locale.ROOT,
                "The histogram of %d concept maps; the thesis draws that of %d (Fig. B.3) without printing values."
                        + " What lies above the 90th percentile becomes sound.",
                histogram.histogram().maps(),
                ThesisNumbers.HISTOGRAM_MAPS));
        page.anchor("figure-B.3")
                .figure(EvaluationFigures.histogram(histogram), "Histogram of relevance", "Compare Fig. B.3.");
        FlippingTables.histogram(histogram).addTo(page);
    }

    /** What later work on explanations asks for, and the thesis does not measure. */
    void furtherMeasures(ReportPage page) {
        page.section("Further measures");
        page.text("None of these is in the thesis. They are of the layer of the figures, "
                + result.plan().layer() + ", with K = "
                + result.plan().concepts()
                + ", on up to " + result.plan().sizes().measures() + " test inputs per class.");
        if (!result.objects().isEmpty()) {
            page.subsection("Do the concepts find the objects?");
            page.text("The thesis judges by eye: no noticeable disentanglement at lower layers, and at the "
                    + "ultimate convolutional layer the"
                    + " components collapse into one (C.1).");
            ObjectResult.table(result.objects()).addTo(page);
        }
        page.subsection("Faithfulness");
        MeasureTables.faithfulness(result.concepts()).addTo(page);
        MeasureTables.curves(result.concepts()).addTo(page);
        ConceptResult.remarks(List.of(result.concepts())).forEach(page::warning);
        page.details("Every concept", inside -> MeasureTables.concepts(result.concepts())
                .addTo(inside));
        page.subsection("Disentanglement");
        MeasureTables.disentanglement(result.concepts()).addTo(page);
        MeasureTables.agreement(result.agreement()).addTo(page);
        page.subsection("Sanity checks");
        MeasureTables.sanity(result.sanity(), result.shuffled()).addTo(page);
        if (result.shuffled() != null) {
            page.text(String.format(
                    Locale.ROOT,
                    "The network trained on shuffled labels reached %.1f %% on them; %d of its %d maps are 0"
                            + " everywhere,"
                            + " which counts as no correlation.",
                    100 * result.shuffled().trainAccuracy(),
                    result.shuffled().emptyMaps(),
                    result.shuffled().inputs()));
        } else {
            page.text("No network was trained on shuffled labels here: it would take as long as the training itself.");
        }
    }

    /** One class through another's subspaces, below the same sounds through their own (thesis Fig. 4.8). */
    private void byEar(ReportPage page, MapFigure figure, CrossClassResult measured) throws IOException {
        page.subsection(figure.of() + " through the subspaces of " + figure.through() + ", by eye and by ear");
        page.text("The same sounds of " + figure.of() + " twice: split by the subspaces of " + figure.of()
                + ", and by those of " + figure.through() + ". The standard explanations are the same, and both times"
                + " the concepts add up to them; what they divide it into differs. "
                + measured.comparison(figure.of(), figure.through(), result.network()));
        for (MapFigure own : result.figures().keySet()) {
            if (figure.isThroughOwn(own)) {
                explained(
                        page,
                        own,
                        figure.of() + " through its own subspaces (the figure of Fig. " + own.number() + " again).");
            }
        }
        maps(page, figure.number());
    }

    /** The figure of explained sounds with the thesis' number and its players, if the chapter has it. */
    void maps(ReportPage page, String number) throws IOException {
        for (MapFigure figure : result.figures().keySet()) {
            if (figure.number().equals(number)) {
                page.anchor("figure-" + number);
                explained(page, figure, figure.caption() + " " + colours());
            }
        }
    }

    private void explained(ReportPage page, MapFigure figure, String caption) throws IOException {
        MapFigures.Drawn drawn = result.figures().get(figure);
        page.figure(new Picture(read(figure.fileName()), caption, read(figure.narrowFileName())), caption)
                .players(drawn.columns(), drawn.sounds());
    }

    private String colours() {
        return result.plan().colourGain() == 1
                ? "Colours are in proportion to relevance."
                : "Colours grow with the square root of the relevance, so that small relevances show (thesis 4.2.2).";
    }

    /** The figure with the thesis' number that shows no explained sounds, if the chapter has it. */
    void other(ReportPage page, String number) throws IOException {
        for (DrawnFigure figure : result.otherFigures()) {
            if (figure.number().equals(number)) {
                figure.addTo(page, folder);
            }
        }
    }

    /** That the concept maps add up (thesis Eq. 4.3), as measured. */
    void conceptSum(ReportPage page) {
        page.anchor("equation-4.3");
        page.text(String.format(
                Locale.ROOT,
                "By Eq. 4.3 the concept maps add up to the standard map. Over all %d figures of explained sounds on this"
                        + " page, the largest difference of any bin is %.1e of the largest value of its standard map:"
                        + " rounding of single precision, whose step is %.1e.",
                result.figures().size(),
                result.conceptSumError(),
                Math.ulp(1f)));
    }

    /** What becomes of a sound before the network sees it (thesis 2.3). */
    void representations(ReportPage page) throws IOException {
        other(page, "2.4");
        other(page, "2.5");
    }

    private byte[] read(String name) throws IOException {
        return Files.readAllBytes(folder.path().resolve(name));
    }

    /** Where the files with all numbers are. */
    void files(ReportPage page, String chapter) {
        page.section("Files");
        Map<String, String> files = new LinkedHashMap<>();
        files.put("Numbers", chapter + "/results.json");
        tables.all().forEach(table -> files.put("Table " + table.name(), chapter + "/tables/" + table.name() + ".csv"));
        page.links(files);
    }
}

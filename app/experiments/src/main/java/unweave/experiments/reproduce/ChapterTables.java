package unweave.experiments.reproduce;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import unweave.drsa.Estimate;
import unweave.drsa.evaluation.AboveChance;
import unweave.experiments.synthetic.ObjectResult;
import unweave.explain.evaluate.FlippingResult;
import unweave.explain.train.CrossValidationSummary;
import unweave.report.evaluation.FlippingTables;
import unweave.report.evaluation.MeasureTables;
import unweave.report.evaluation.ResultTable;

/** The tables of a chapter; those that the thesis prints too have its numbers in them. */
final class ChapterTables {
    private final ChapterResult result;

    ChapterTables(ChapterResult result) {
        this.result = result;
    }

    /** Table 4.4, the thesis' rows below ours. */
    ResultTable aupc() {
        ResultTable table = FlippingTables.aupc(result.flipping());
        for (String method : ThesisNumbers.methods()) {
            table.row(
                    "thesis, GTZAN: " + method,
                    result.plan().layers().stream()
                            .map(layer -> ThesisNumbers.aupc(method, layer))
                            .toList());
        }
        return table.row(
                "thesis, GTZAN: error bars (max)",
                result.plan().layers().stream().map(ThesisNumbers::largestError).toList());
    }

    /**
     * Table 4.4 in shares of the standard map's score, in which networks with logits of different size can be compared.
     */
    ResultTable relativeAupc() {
        List<String> columns = new ArrayList<>(List.of("method"));
        columns.addAll(result.plan().layers());
        ResultTable table = new ResultTable(
                "patch-flipping-relative",
                "The same as a share of the standard map's AUPC: ours, then the" + " thesis'.",
                columns);
        List<String> methods =
                ThesisNumbers.methods().subList(1, ThesisNumbers.methods().size());
        for (String method : methods) {
            table.row(
                    method,
                    result.flipping().stream()
                            .map(layer -> share(layer, method))
                            .toList());
        }
        for (String method : methods) {
            table.row(
                    "thesis, GTZAN: " + method,
                    result.plan().layers().stream()
                            .map(layer -> ThesisNumbers.aupc(method, layer)
                                    / ThesisNumbers.aupc(FlippingResult.STANDARD, layer))
                            .toList());
        }
        return table;
    }

    private static double share(FlippingResult layer, String method) {
        return layer.of(method).meanAupc().mean()
                / layer.of(FlippingResult.STANDARD).meanAupc().mean();
    }

    /** Whether the methods are ordered as in Table 4.4. */
    ResultTable orderings() {
        ResultTable table = new ResultTable(
                "ordering",
                "Does AUPC order DRSA < DSA < random < standard? " + FlippingTables.COMPARED
                        + " The thesis prints no differences, so its column only compares means.",
                List.of("layer", "here", "thesis, GTZAN"));
        AboveChance network = result.network();
        result.flipping()
                .forEach(layer ->
                        table.row(layer.layer(), layer.ordering(network).verdict(), thesisOrdering(layer.layer())));
        return table;
    }

    private static String thesisOrdering(String layer) {
        double drsa = ThesisNumbers.aupc("DRSA", layer);
        double dsa = ThesisNumbers.aupc("DSA", layer);
        return Double.isNaN(drsa) ? "\u2013" : drsa < dsa ? "yes" : "no: DRSA > DSA";
    }

    /** The numbers of concepts, K of the other tables among them. */
    ResultTable concepts() {
        return FlippingTables.concepts(numbersOfConcepts());
    }

    /** Table 4.4 with the other numbers of concepts; none unless they were searched at all layers. */
    List<ResultTable> otherAupc() {
        List<ResultTable> tables = new ArrayList<>();
        for (int concepts : result.plan().full() ? result.plan().otherConcepts() : List.<Integer>of()) {
            tables.add(FlippingTables.aupc(result.otherConcepts().stream()
                    .filter(layer -> layer.concepts() == concepts)
                    .toList()));
        }
        return tables;
    }

    private List<FlippingResult> numbersOfConcepts() {
        List<FlippingResult> numbers = new ArrayList<>();
        Stream.concat(result.otherConcepts().stream(), result.flipping().stream())
                .filter(layer -> layer.layer().equals(result.plan().layer()))
                .forEach(numbers::add);
        numbers.sort(java.util.Comparator.comparingInt(FlippingResult::concepts));
        return numbers;
    }

    /** Mean and deviation of the log-mel data (thesis A.1). */
    ResultTable logMel() {
        LogMelStatistics here = result.logMel();
        return new ResultTable(
                        "log-mel",
                        "The values of " + here.inputs()
                                + " log-mel spectrograms (Eq. A.2), without augmentation; the thesis' are those of"
                                + " GTZAN (A.1).",
                        List.of("", "here", "thesis, GTZAN"))
                .row("mean", here.mean(), ThesisNumbers.LOG_MEL_MEAN)
                .row("deviation of all values", here.deviation(), ThesisNumbers.LOG_MEL_DEVIATION)
                .row("deviation of the means of single inputs", here.deviationOfMeans(), Double.NaN);
    }

    /** Accuracy of the class of each sound, the thesis' genres beside it. */
    ResultTable classAccuracy() {
        ResultTable table = new ResultTable(
                        "class-accuracy",
                        "Share of correct test inputs per class in percent, mean over the folds; the"
                                + " thesis' is the diagonal of Fig. A.2.",
                        List.of("class", "test inputs", "here", "thesis"))
                .decimals(1);
        double[][] percent = result.training().confusionPercent();
        for (int c = 0; c < result.classes().size(); c++) {
            int place = c;
            table.row(
                    result.classes().get(c),
                    result.training().folds().stream()
                            .mapToInt(fold -> fold.test().counts()[place])
                            .sum(),
                    percent[c][c],
                    ThesisNumbers.genreAccuracy(result.classes().get(c)));
        }
        return table;
    }

    /** Accuracy over all. */
    ResultTable accuracy(double thesis, String where) {
        ResultTable table = new ResultTable(
                        "accuracy",
                        "Accuracy on the test data in percent"
                                + (result.training().folds().size() == 1
                                        ? "."
                                        : ": the mean over the folds \u00b1 the standard deviation of single folds."),
                        List.of("", "here", "thesis (" + where + ")"))
                .decimals(2);
        table.row("test accuracy", percent(result.training().accuracy()), thesis);
        return table.row("balanced", percent(result.training().balancedAccuracy()), Double.NaN);
    }

    private static Estimate percent(CrossValidationSummary.Spread share) {
        return new Estimate(100 * share.mean(), 100 * share.deviation(), share.folds());
    }

    /** Table 4.3. */
    ResultTable rules() {
        return SettingsTables.rules(result.rules());
    }

    /** Table A.1. */
    ResultTable augmentations() {
        return SettingsTables.augmentations(result.plan().training().augmentation());
    }

    /** Every table that goes into a file. */
    List<ResultTable> all() {
        List<ResultTable> all = new ArrayList<>(result.data().tables());
        all.add(logMel());
        all.add(rules());
        all.add(augmentations());
        all.addAll(otherAupc());
        all.addAll(List.of(
                aupc(),
                relativeAupc(),
                FlippingTables.area(result.flipping()),
                orderings(),
                FlippingTables.delta(result.flipping()),
                FlippingTables.perClass(result.flipping()),
                concepts(),
                classAccuracy(),
                FlippingTables.gamma(result.gamma()),
                FlippingTables.histogram(result.histogram())));
        all.addAll(List.of(
                MeasureTables.faithfulness(result.concepts()),
                MeasureTables.concepts(result.concepts()),
                MeasureTables.curves(result.concepts()),
                MeasureTables.disentanglement(result.concepts()),
                MeasureTables.agreement(result.agreement()),
                MeasureTables.sanity(result.sanity(), result.shuffled())));
        if (!result.objects().isEmpty()) {
            all.add(ObjectResult.table(result.objects()));
        }
        result.crossClass().forEach(layer -> all.add(FlippingTables.crossClass(layer)));
        return all;
    }

    /** What the terminal shows at the end. */
    List<String> terminal() {
        AboveChance network = result.network();
        List<String> lines = new ArrayList<>();
        lines.add((network.shown()
                        ? "The network is better than chance: "
                        : "No verdict, as the network is not shown to be better than chance: ")
                + network);
        lines.addAll(aupc().lines());
        lines.addAll(orderings().lines());
        return lines;
    }
}

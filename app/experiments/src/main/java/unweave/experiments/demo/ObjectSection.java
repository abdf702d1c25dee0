package unweave.experiments.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import unweave.drsa.Estimate;
import unweave.drsa.Method;
import unweave.report.Figure;
import unweave.report.Picture;
import unweave.report.ReportPage;
import unweave.report.evaluation.ObjectMatrix;
import unweave.report.evaluation.ResultTable;

/** Which concept is which object, how sure that is, and what the baselines give. */
final class ObjectSection {
    private static final int SMALL_CELL = 44;
    private static final Map<Method, String> MEANINGS = Map.of(
            Method.DSA, "DSA, which does not know how the network uses what it sees",
            Method.RANDOM, "random subspaces, the floor",
            Method.ORACLE, "the oracle, which was told the objects: the ceiling");

    private final DemoResult result;

    ObjectSection(DemoResult result) {
        this.result = result;
    }

    void addTo(ReportPage page) {
        page.section("Which concept is which object?");
        page.text("Each row is an object. We take it out of a sound and put it alone onto the background, and see "
                + "how much less or more relevance each concept gets. The row says how the object's effect is "
                + "divided among the concepts, in percent. A frame marks the object's own concept: the one that takes "
                + "more than an even split of it, beyond twice the error. Two objects in one column were not told "
                + "apart.");
        for (ClassResult aClass : result.classes()) {
            matrices(page, aClass);
        }
        page.subsection("How much is that? Floor and ceiling");
        page.text("Object information says how much of an object's identity its effects on the concepts give away: 0 "
                + "where all objects act alike on the concepts, 1 where every object has concepts of its own. In it an "
                + "object weighs as much as its effect. Selectivity is the mean share of an object in its own concept, "
                + "each object weighing alike; an even split is 1 / K = "
                + String.format(
                        Locale.ROOT, "%.2f", 1.0 / result.settings().subspaces().concepts())
                + ". No method that does without labels can be expected to reach the oracle, whose subspaces were "
                + "found with the objects of other sounds.");
        figures().addTo(page);
        for (String sentence : result.verdict()) {
            page.note(sentence);
        }
    }

    private void matrices(ReportPage page, ClassResult aClass) {
        ObjectMatrix matrix = aClass.matrix(Method.DRSA);
        page.subsection(aClass.name() + ", DRSA");
        page.figure(
                matrix.picture(),
                "Share of each object's effect that goes into each concept of DRSA, in percent, over "
                        + result.settings().recoverySamples() + " held-out sounds of " + aClass.name() + ".");
        for (String sentence : matrix.sentences()) {
            page.text(sentence);
        }
        page.details("The same with errors, and the effect of each object on the logit", content -> matrix.table(
                        "objects", "Shares in percent; effects in units of the logit.")
                .addTo(content));
        List<Figure> baselines = new ArrayList<>();
        for (Method method : List.of(Method.RANDOM, Method.DSA, Method.ORACLE)) {
            ObjectMatrix other = aClass.matrix(method);
            baselines.add(new Figure(
                    new Picture(other.png(SMALL_CELL), other.picture().alt()),
                    aClass.name() + ", " + MEANINGS.get(method)
                            + String.format(
                                    Locale.ROOT,
                                    ". Object information %.2f, DRSA %.2f.",
                                    aClass.of(method).information().mean(),
                                    aClass.of(Method.DRSA).information().mean())));
        }
        page.figures(baselines);
    }

    private ResultTable figures() {
        List<String> columns = new ArrayList<>(List.of("figure"));
        DemoResult.METHODS.forEach(method -> columns.add(columnName(method)));
        ResultTable table = new ResultTable(
                "object-information",
                "Higher is better. Errors are over the sounds, for random subspaces over "
                        + result.settings().randomSeeds() + " draws.",
                columns);
        for (ClassResult aClass : result.classes()) {
            table.row(
                    "object information, " + aClass.name(),
                    DemoResult.METHODS.stream()
                            .map(method -> aClass.of(method).information())
                            .toList());
        }
        table.row(
                "object information, mean",
                DemoResult.METHODS.stream().map(result::information).toList());
        table.row(
                "selectivity, mean",
                DemoResult.METHODS.stream().map(result::selectivity).toList());
        return table.row(
                "objects with a concept of their own",
                DemoResult.METHODS.stream()
                        .map(method -> result.recognised(method) + " of " + result.objects())
                        .toList());
    }

    static String columnName(Method method) {
        return switch (method) {
            case RANDOM -> "random (floor)";
            case ORACLE -> "oracle (ceiling)";
            default -> method.name();
        };
    }

    /** "0.49 ± 0.02". */
    static String text(Estimate estimate) {
        return String.format(Locale.ROOT, "%.2f \u00b1 %.2f", estimate.mean(), estimate.standardError());
    }
}

package unweave.experiments.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import unweave.drsa.Method;
import unweave.report.Figure;
import unweave.report.Picture;
import unweave.report.ReportPage;
import unweave.report.evaluation.ObjectMatrix;
import unweave.report.evaluation.ResultTable;

/** Which concept is which object, how sure that is, and what the baselines give. */
final class ObjectSection {
    /** Of the small matrices: width of all columns, and least side of a cell, in CSS pixels. */
    private static final int SMALL_WIDTH = 224;

    private static final int SMALLEST_CELL = 26;
    private static final Map<Method, String> MEANINGS = Map.of(
            Method.DSA, "DSA, which does not know what the network uses",
            Method.RANDOM, "Random subspaces, the floor",
            Method.ORACLE, "The oracle, which was told the objects: the ceiling");

    private final DemoResult result;

    ObjectSection(DemoResult result) {
        this.result = result;
    }

    void addTo(ReportPage page) {
        page.section("Which concept is which object?");
        page.text(
                DemoReport.unbroken("Each row is an object. We take it out of a full sound, and put it alone onto the "
                        + "background, and see how the relevance of each concept changes. The row says how this effect of the "
                        + "object is divided among the concepts, in percent; an even split is "
                        + String.format(
                                Locale.ROOT,
                                "%.0f %%",
                                100.0 / result.settings().subspaces().concepts())
                        + ". Frames mark an object's own concepts, which take most of its effect, and of no other object's. "
                        + "Several dark cells in one column: these objects were not told apart. Grey: no effect."));
        for (ClassResult aClass : result.classes()) {
            matrices(page, aClass);
        }
        page.subsection("How good is that? Floor and ceiling");
        page.text("Object information says how much the concepts tell about which object it was: 0 where all objects "
                + "act alike on the concepts, 1 where every object has concepts of its own. An object weighs as much "
                + "as its effect on the logit. Selectivity is the mean share of an object in its concept, when every "
                + "object is given another concept; all objects weigh alike. The oracle's subspaces were found with "
                + "the objects of other sounds, which no method for real sounds knows.");
        figures().addTo(page);
        page.note(DemoReport.unbroken(String.join(" ", result.verdict())));
    }

    private void matrices(ReportPage page, ClassResult aClass) {
        ObjectMatrix matrix = matrix(aClass, Method.DRSA);
        page.subsection("The objects of " + aClass.name() + " in the concepts of DRSA");
        page.figure(
                new Figure(
                        picture(matrix),
                        "Share of each object's effect that goes into each concept of DRSA, in percent, over "
                                + result.settings().recoverySamples() + " held-out sounds of " + aClass.name() + "."),
                (result.chance().shown() ? matrix.sentences() : result.verdict())
                        .stream().map(DemoReport::unbroken).toList());
        page.details("The same with errors, and the effect of each object on the logit", content -> matrix.table(
                        "objects", "Shares in percent; effects in units of the logit.")
                .addTo(content));
        List<Figure> baselines = new ArrayList<>();
        for (Method method : List.of(Method.RANDOM, Method.DSA, Method.ORACLE)) {
            ObjectMatrix other = matrix(aClass, method);
            baselines.add(new Figure(
                    new Picture(other.png(smallCell()), picture(other).alt()),
                    MEANINGS.get(method)
                            + String.format(
                                    Locale.ROOT,
                                    ". Object information %.2f; DRSA %.2f.",
                                    aClass.of(method).information().mean(),
                                    aClass.of(Method.DRSA).information().mean())));
        }
        page.smallFigures(baselines);
    }

    /** Of a network at chance without frames. */
    private ObjectMatrix matrix(ClassResult aClass, Method method) {
        ObjectMatrix matrix = aClass.matrix(method);
        return result.chance().shown() ? matrix : matrix.undecided();
    }

    private int smallCell() {
        return Math.max(
                SMALLEST_CELL,
                SMALL_WIDTH / Math.max(4, result.settings().subspaces().concepts()));
    }

    /** Of a network at chance also the words for those who cannot see it claim nothing. */
    private Picture picture(ObjectMatrix matrix) {
        Picture picture = matrix.picture();
        return result.chance().shown()
                ? picture
                : new Picture(
                        picture.png(), "Share of each object's effect that goes into each concept", picture.narrow());
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
        if (result.chance().shown()) {
            table.row(
                    "objects with concepts of their own",
                    DemoResult.METHODS.stream()
                            .map(method -> result.recognised(method) + " of " + result.objects())
                            .toList());
        }
        return table;
    }

    static String columnName(Method method) {
        return switch (method) {
            case RANDOM -> "random (floor)";
            case ORACLE -> "oracle (ceiling)";
            default -> method.name();
        };
    }
}

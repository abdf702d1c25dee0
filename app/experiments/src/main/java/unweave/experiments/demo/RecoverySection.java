package unweave.experiments.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import unweave.drsa.Estimate;
import unweave.drsa.Method;
import unweave.drsa.ObjectRecovery;
import unweave.report.ReportPage;
import unweave.report.evaluation.ResultTable;

/** Whether concept maps lie where the objects are: secondary figures, with their ceilings. */
final class RecoverySection {
    private final DemoResult result;

    RecoverySection(DemoResult result) {
        this.result = result;
    }

    void addTo(ReportPage page) {
        page.section("Do the maps lie on the objects?");
        page.text("Two secondary figures look at the maps alone. They are blunter: a map is as blurred as what the "
                + "network sees at once is wide, so that even the oracle's score low. Compare with its column before "
                + "calling a difference large.\n\nMap information is object information of the maps: where an object is "
                + "louder than everything else, whose relevance lies there? Object recovery is the average precision "
                + "with which a concept's map finds the time-frequency bins of an object (those within 20 dB of its "
                + "loudest), each object matched to one concept for all sounds of a class. The base rate is what a "
                + "constant map scores. The last column says how much of the standard map's positive relevance lies on "
                + "each object.");
        ResultTable maps = table("map-information", "Map information. Higher is better.");
        for (ClassResult aClass : result.classes()) {
            row(maps, aClass.name(), aClass, MethodResult::mapInformation);
        }
        maps.row(
                "mean",
                DemoResult.METHODS.stream()
                        .map(method -> result.mean(method, MethodResult::mapInformation))
                        .toList());
        maps.addTo(page);
        for (ClassResult aClass : result.classes()) {
            recovery(page, aClass);
        }
    }

    private static void recovery(ReportPage page, ClassResult aClass) {
        List<String> columns = new ArrayList<>(List.of("object"));
        DemoResult.METHODS.forEach(method -> columns.add(ObjectSection.columnName(method)));
        columns.add("base rate");
        columns.add("share of the standard map");
        ResultTable table =
                new ResultTable("recovery", "Object recovery, " + aClass.name() + ". Higher is better.", columns);
        ObjectRecovery drsa = aClass.of(Method.DRSA).recoveries().get(0);
        for (int o = 0; o < aClass.objectNames().size(); o++) {
            int object = o;
            ObjectRecovery.ObjectScore score = drsa.objects().get(o);
            row(
                    table,
                    aClass.shortNames().get(o),
                    aClass,
                    method -> method.recovery(object),
                    score.baseRate().mean(),
                    percent(score.standardShare().mean()));
        }
        row(
                table,
                "mean",
                aClass,
                MethodResult::recovery,
                "",
                percent(1 - drsa.shareElsewhere().mean()));
        row(table, "mean, matched per sound", aClass, MethodResult::ownAssignment, "", "");
        table.addTo(page);
    }

    private static ResultTable table(String name, String caption) {
        List<String> columns = new ArrayList<>(List.of("class"));
        DemoResult.METHODS.forEach(method -> columns.add(ObjectSection.columnName(method)));
        return new ResultTable(name, caption, columns);
    }

    private static void row(
            ResultTable table,
            String name,
            ClassResult aClass,
            Function<MethodResult, Estimate> figure,
            Object... further) {
        List<Object> cells = new ArrayList<>();
        DemoResult.METHODS.forEach(method -> cells.add(figure.apply(aClass.of(method))));
        cells.addAll(List.of(further));
        table.row(name, cells);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}

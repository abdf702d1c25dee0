package unweave.experiments.demo;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import unweave.drsa.Estimate;
import unweave.drsa.Method;
import unweave.drsa.ObjectRecovery;
import unweave.drsa.OneToOneAssignment;
import unweave.drsa.evaluation.AboveChance;
import unweave.drsa.evaluation.ObjectInformation;

/** The content of summary.json. */
final class DemoSummary {
    private final DemoResult result;

    DemoSummary(DemoResult result) {
        this.result = result;
    }

    Map<String, Object> json() {
        Map<String, Object> summary = new LinkedHashMap<>();
        AboveChance chance = result.chance();
        summary.put("testAccuracy", result.trained().test().accuracy());
        summary.put("balancedTestAccuracy", chance.balancedAccuracy());
        summary.put("aboveChance", chance.shown());
        summary.put("layer", result.settings().subspaces().layer());
        summary.put("verdict", result.verdict());
        addFigure(summary, "objectInformation", MethodResult::information);
        addFigure(summary, "selectivity", MethodResult::selectivity);
        Map<String, Object> above = new LinkedHashMap<>();
        for (Method baseline : DemoResult.BASELINES) {
            above.put(key(baseline), json(result.comparison(baseline).advantage()));
        }
        summary.put("objectInformationOfDrsaAbove", above);
        addFigure(summary, "mapInformation", MethodResult::mapInformation);
        addFigure(summary, "objectRecovery", MethodResult::recovery);
        summary.put("trainSeconds", result.trained().seconds());
        summary.put("subspaceSeconds", result.subspaceSeconds());
        summary.put("totalSeconds", result.totalSeconds());
        summary.put("orthogonalization", result.orthogonalization());
        summary.put("conservationError", result.conservationError());
        summary.put("conceptSumError", result.conceptSumError());
        summary.put(
                "recoverySamples",
                result.settings().recoverySamples() * result.classes().size());
        summary.put("seed", result.settings().seed());
        Map<String, Object> perClass = new LinkedHashMap<>();
        result.classes().forEach(c -> perClass.put(c.name(), json(c)));
        summary.put("classes", perClass);
        return summary;
    }

    /** A figure of every method, and its standard errors. */
    private void addFigure(Map<String, Object> summary, String name, Function<MethodResult, Estimate> figure) {
        Map<String, Object> means = new LinkedHashMap<>();
        Map<String, Object> errors = new LinkedHashMap<>();
        for (Method method : DemoResult.METHODS) {
            Estimate estimate = result.mean(method, figure);
            means.put(key(method), estimate.mean());
            errors.put(key(method), estimate.standardError());
        }
        summary.put(name, means);
        summary.put(name + "Error", errors);
    }

    private Map<String, Object> json(ClassResult aClass) {
        Map<String, Object> entry = new LinkedHashMap<>();
        Map<String, Object> effects = new LinkedHashMap<>();
        for (int o = 0; o < aClass.objectNames().size(); o++) {
            effects.put(
                    aClass.objectNames().get(o),
                    json(aClass.of(Method.DRSA).shown().effectOnLogit(o)));
        }
        entry.put("effectOnLogit", effects);
        aClass.methods().forEach(method -> entry.put(key(method.method()), json(aClass, method)));
        ObjectRecovery drsa = aClass.of(Method.DRSA).recoveries().get(0);
        Map<String, Object> shares = new LinkedHashMap<>();
        for (int o = 0; o < aClass.objectNames().size(); o++) {
            shares.put(
                    aClass.objectNames().get(o),
                    drsa.objects().get(o).standardShare().mean());
        }
        shares.put("elsewhere", drsa.shareElsewhere().mean());
        entry.put("standardMapShare", shares);
        return entry;
    }

    private Map<String, Object> json(ClassResult aClass, MethodResult method) {
        Map<String, Object> numbers = new LinkedHashMap<>();
        put(numbers, "objectInformation", method.information());
        put(numbers, "selectivity", method.selectivity());
        put(numbers, "mapInformation", method.mapInformation());
        ObjectInformation shown = method.shown();
        numbers.put("effects", shown.effects());
        numbers.put("shares", shown.shares());
        numbers.put("shareErrors", shown.shareErrors());
        Map<String, Object> concepts = new LinkedHashMap<>();
        int[] conceptOfObject = shown.conceptOfObject();
        for (int o = 0; o < conceptOfObject.length; o++) {
            concepts.put(
                    aClass.objectNames().get(o),
                    conceptOfObject[o] == OneToOneAssignment.NONE ? null : conceptOfObject[o] + 1);
        }
        numbers.put("conceptOfObject", concepts);
        if (result.chance().shown()) {
            numbers.put("conceptTitles", aClass.titles(method.method()));
        }
        numbers.put("recovery", method.recovery().mean());
        numbers.put("standardError", method.recovery().standardError());
        numbers.put("recoveryOwnAssignment", method.ownAssignment().mean());
        numbers.put("objective", method.subspaces().get(0).objective());
        Map<String, Object> objects = new LinkedHashMap<>();
        for (int o = 0; o < aClass.objectNames().size(); o++) {
            objects.put(aClass.objectNames().get(o), method.recovery(o).mean());
        }
        numbers.put("objects", objects);
        return numbers;
    }

    private static Map<String, Object> json(Estimate estimate) {
        Map<String, Object> numbers = new LinkedHashMap<>();
        numbers.put("mean", estimate.mean());
        numbers.put("standardError", estimate.standardError());
        return numbers;
    }

    private static void put(Map<String, Object> numbers, String name, Estimate estimate) {
        numbers.put(name, estimate.mean());
        numbers.put(name + "Error", estimate.standardError());
    }

    private static String key(Method method) {
        return method.name().toLowerCase(Locale.ROOT);
    }
}

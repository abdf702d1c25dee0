package unweave.experiments.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import unweave.drsa.Method;
import unweave.drsa.ObjectRecovery;
import unweave.explain.train.ModelTraining;

/** The outcome of a demo and its numbers. */
public record DemoResult(
        DemoSettings settings,
        ModelTraining.Trained trained,
        List<ClassResult> classes,
        double subspaceSeconds,
        double totalSeconds) {
    /** The methods that the demo compares (thesis 4.2.3). */
    static final List<Method> METHODS = List.of(Method.DRSA, Method.DSA, Method.RANDOM);

    /** The mean over the classes of a method's object recovery. */
    public double recovery(Method method) {
        return classes.stream()
                .mapToDouble(c -> c.of(method).recovery())
                .average()
                .orElse(Double.NaN);
    }

    /** The largest of all maps of all methods. */
    public double conceptSumError() {
        return methods().mapToDouble(MethodResult::conceptSumError).max().orElse(Double.NaN);
    }

    double conservationError() {
        return classes.stream()
                .mapToDouble(c -> c.of(Method.DRSA).conservationError())
                .average()
                .orElse(Double.NaN);
    }

    private java.util.stream.Stream<MethodResult> methods() {
        return classes.stream().flatMap(c -> c.methods().stream());
    }

    /** Whether DRSA recovers the objects better than both baselines. */
    boolean drsaIsBest() {
        return recovery(Method.DRSA) > recovery(Method.DSA) && recovery(Method.DRSA) > recovery(Method.RANDOM);
    }

    /** What the comparison of the methods showed, in a sentence. */
    String verdict() {
        String numbers = String.format(
                Locale.ROOT,
                "DRSA %.3f, DSA %.3f, random %.3f",
                recovery(Method.DRSA),
                recovery(Method.DSA),
                recovery(Method.RANDOM));
        if (drsaIsBest()) {
            return "The concepts of DRSA recover the objects better than both baselines: " + numbers + ".";
        }
        List<String> better = new ArrayList<>();
        for (Method method : List.of(Method.DSA, Method.RANDOM)) {
            if (recovery(method) >= recovery(Method.DRSA)) {
                better.add(method.name());
            }
        }
        return "In this run DRSA does NOT recover the objects best: " + String.join(" and ", better)
                + " did as well or better (" + numbers + ").";
    }

    /** The content of summary.json. */
    public Map<String, Object> summary() {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("testAccuracy", trained.test().accuracy());
        summary.put("trainSeconds", trained.seconds());
        summary.put("subspaceSeconds", subspaceSeconds);
        summary.put("totalSeconds", totalSeconds);
        summary.put("conservationError", conservationError());
        summary.put("conceptSumError", conceptSumError());
        Map<String, Object> recovery = new LinkedHashMap<>();
        for (Method method : METHODS) {
            recovery.put(method.name().toLowerCase(Locale.ROOT), recovery(method));
        }
        summary.put("objectRecovery", recovery);
        summary.put("recoverySamples", settings.recoverySamples() * classes.size());
        summary.put("seed", settings.seed());
        Map<String, Object> perClass = new LinkedHashMap<>();
        classes.forEach(c -> perClass.put(c.name(), summary(c)));
        summary.put("classes", perClass);
        return summary;
    }

    private static Map<String, Object> summary(ClassResult result) {
        Map<String, Object> entry = new LinkedHashMap<>();
        for (MethodResult method : result.methods()) {
            Map<String, Object> numbers = new LinkedHashMap<>();
            numbers.put("recovery", method.recovery());
            numbers.put("standardError", method.standardError());
            numbers.put("recoveryOwnAssignment", method.ownAssignment());
            numbers.put("objective", method.subspaces().get(0).objective());
            Map<String, Object> objects = new LinkedHashMap<>();
            for (int i = 0; i < result.objectNames().size(); i++) {
                objects.put(result.objectNames().get(i), method.object(i));
            }
            numbers.put("objects", objects);
            entry.put(method.method().name().toLowerCase(Locale.ROOT), numbers);
        }
        ObjectRecovery drsa = result.of(Method.DRSA).recoveries().get(0);
        Map<String, Object> shares = new LinkedHashMap<>();
        for (int i = 0; i < result.objectNames().size(); i++) {
            shares.put(
                    result.objectNames().get(i),
                    drsa.objects().get(i).standardShare().mean());
        }
        shares.put("elsewhere", drsa.shareElsewhere().mean());
        entry.put("standardMapShare", shares);
        return entry;
    }
}

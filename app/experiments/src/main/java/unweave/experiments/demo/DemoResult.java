package unweave.experiments.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import unweave.drsa.Estimate;
import unweave.drsa.Method;
import unweave.drsa.evaluation.AboveChance;
import unweave.drsa.evaluation.ClassAverage;
import unweave.drsa.evaluation.Comparison;
import unweave.drsa.evaluation.OrthogonalizationDifference;
import unweave.explain.train.ModelTraining;

/**
 * The outcome of a demo and its numbers.
 *
 * @param orthogonalization of the first step of the search for the first class
 * @param chance whether the network decides better than chance; if not, nothing is claimed about its concepts
 */
public record DemoResult(
        DemoSettings settings,
        ModelTraining.Trained trained,
        AboveChance chance,
        List<ClassResult> classes,
        OrthogonalizationDifference orthogonalization,
        double subspaceSeconds,
        double totalSeconds) {
    /**
     * The methods that the demo compares: those of the thesis (4.2.3), of which random subspaces are the floor, and the
     * ceiling.
     */
    static final List<Method> METHODS = List.of(Method.DRSA, Method.DSA, Method.RANDOM, Method.ORACLE);

    /** What DRSA is compared with. */
    static final List<Method> BASELINES = List.of(Method.DSA, Method.RANDOM);

    /** Why a difference of one demo says little, and where the evidence is. */
    static final String ONE_NETWORK =
            "One network decides nothing: these errors are over its sounds, and networks trained from other seeds "
                    + "differ by more. The evidence is over many networks: see app/docs/concepts.md.";

    /** A figure of a method, averaged over the classes. */
    Estimate mean(Method method, Function<MethodResult, Estimate> figure) {
        return ClassAverage.of(
                classes.stream().map(c -> figure.apply(c.of(method))).toList());
    }

    /** Object information of a method. */
    public Estimate information(Method method) {
        return mean(method, MethodResult::information);
    }

    /** Selectivity of a method. */
    public Estimate selectivity(Method method) {
        return mean(method, MethodResult::selectivity);
    }

    /** The mean over the classes of a method's object recovery, by average precision. */
    public double recovery(Method method) {
        return mean(method, MethodResult::recovery).mean();
    }

    /** How many objects have concepts of their own. */
    int recognised(Method method) {
        return classes.stream().mapToInt(c -> c.recognised(method)).sum();
    }

    int objects() {
        return classes.stream().mapToInt(c -> c.objectNames().size()).sum();
    }

    /** The largest of all maps of all methods. */
    public double conceptSumError() {
        return classes.stream()
                .flatMap(c -> c.methods().stream())
                .mapToDouble(MethodResult::conceptSumError)
                .max()
                .orElse(Double.NaN);
    }

    double conservationError() {
        return classes.stream()
                .mapToDouble(c -> c.of(Method.DRSA).conservationError())
                .average()
                .orElse(Double.NaN);
    }

    /** Whether DRSA's concepts hold more object information than a baseline's, in this network. */
    Comparison comparison(Method baseline) {
        List<Estimate> perClass = classes.stream()
                .map(c -> c.of(Method.DRSA).informationAbove(c.of(baseline)))
                .toList();
        return new Comparison(Method.DRSA.name(), name(baseline), ClassAverage.of(perClass));
    }

    /** As sentences name it. */
    public static String name(Method method) {
        return method == Method.DRSA || method == Method.DSA
                ? method.name()
                : method.name().toLowerCase(Locale.ROOT);
    }

    /** What the comparison of the methods showed, in sentences; why there is no verdict if there is none. */
    public List<String> verdict() {
        if (!chance.shown()) {
            return List.of("No verdict: the network is not shown to decide better than chance (" + chance
                    + "). The explanations of a network that guesses explain guesses.");
        }
        List<String> compared = new ArrayList<>();
        for (Method baseline : BASELINES) {
            Comparison comparison = comparison(baseline);
            compared.add(
                    Double.isNaN(comparison.advantage().mean())
                            ? "DRSA or " + name(baseline) + ": not shown (fewer than two objects change the logit)"
                            : comparison.toString());
        }
        return List.of("Object information in this network: " + String.join("; ", compared) + ".", ONE_NETWORK);
    }

    /** The content of summary.json. */
    public Map<String, Object> summary() {
        return new DemoSummary(this).json();
    }
}

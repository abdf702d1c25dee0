package unweave.experiments.demo;

import java.util.List;
import java.util.stream.IntStream;
import unweave.audio.synthetic.SyntheticSample;
import unweave.drsa.Method;
import unweave.explain.Explanation;
import unweave.report.evaluation.ObjectMatrix;

/**
 * Everything about one class.
 *
 * @param samples the shown samples
 * @param drsa their explanations through DRSA's subspaces
 * @param random their explanations through random subspaces
 */
public record ClassResult(
        int classIndex,
        String name,
        List<String> objectNames,
        List<MethodResult> methods,
        List<SyntheticSample> samples,
        List<Explanation> drsa,
        List<Explanation> random) {

    MethodResult of(Method method) {
        return methods.stream()
                .filter(result -> result.method() == method)
                .findFirst()
                .orElseThrow();
    }

    /** Which of a method's concepts answers to which object. */
    ObjectMatrix matrix(Method method) {
        int concepts = of(method).subspaces().get(0).count();
        return new ObjectMatrix(
                of(method).shown(),
                shortNames(),
                IntStream.rangeClosed(1, concepts).mapToObj(k -> "concept " + k).toList());
    }

    /** What each of a method's concepts answers to. */
    List<String> titles(Method method) {
        return IntStream.range(0, of(method).subspaces().get(0).count())
                .mapToObj(matrix(method)::title)
                .toList();
    }

    /** The objects' names as titles have room for them. */
    List<String> shortNames() {
        return objectNames.stream().map(name -> name.replace("full-wave ", "")).toList();
    }

    /** How many objects have concepts of their own. */
    int recognised(Method method) {
        ObjectMatrix matrix = matrix(method);
        return (int) IntStream.range(0, objectNames.size())
                .filter(o -> !matrix.conceptsOf(o).isEmpty())
                .count();
    }
}

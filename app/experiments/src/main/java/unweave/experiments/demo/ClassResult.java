package unweave.experiments.demo;

import java.util.List;
import unweave.audio.synthetic.SyntheticSample;
import unweave.drsa.Method;
import unweave.explain.Explanation;

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
}

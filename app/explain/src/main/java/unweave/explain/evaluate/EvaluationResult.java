package unweave.explain.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.engine.train.Evaluation;

/**
 * What an evaluation gave; lists are empty and single results null where a measure was left out.
 *
 * @param network how well the network does on the inputs
 * @param flipping one per layer and K
 * @param crossClass one per layer and K of DRSA
 * @param concepts one per layer and K
 * @param histograms one per layer and K of DRSA
 * @param agreements one per layer and K with several searches of one method
 */
public record EvaluationResult(
        List<String> classes,
        Evaluation network,
        List<FlippingResult> flipping,
        List<CrossClassResult> crossClass,
        GammaResult gamma,
        List<ConceptResult> concepts,
        List<HistogramResult> histograms,
        List<AgreementResult> agreements,
        SanityResult sanity) {

    /** Those of one K together, as in Table 4.4. */
    public List<List<FlippingResult>> flippingByConcepts() {
        Map<Integer, List<FlippingResult>> byConcepts = new LinkedHashMap<>();
        flipping.forEach(result -> byConcepts
                .computeIfAbsent(result.concepts(), key -> new ArrayList<>())
                .add(result));
        return List.copyOf(byConcepts.values());
    }

    /** The content of evaluation.json. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("classes", classes);
        json.put("accuracy", network.accuracy());
        json.put("confusion", network.confusion());
        json.put("patchFlipping", flipping.stream().map(FlippingResult::summary).toList());
        json.put("crossClass", crossClass);
        json.put("gamma", gamma);
        json.put("faithfulnessAndDisentanglement", concepts);
        json.put("relevanceHistograms", histograms);
        json.put("agreement", agreements);
        json.put("randomisedParameters", sanity);
        return json;
    }
}

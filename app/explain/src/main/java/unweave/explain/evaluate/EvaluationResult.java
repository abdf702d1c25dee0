package unweave.explain.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.drsa.evaluation.AboveChance;
import unweave.engine.train.Evaluation;

/**
 * What an evaluation gave; lists are empty and single results null where a measure was left out.
 *
 * @param classes whose explanations were evaluated
 * @param allClasses of the network
 * @param network how well the network does on inputs of all classes
 * @param aboveChance whether that is better than chance; if it is not, there are no verdicts
 * @param flipping one per layer and K
 * @param crossClass one per layer and K of DRSA
 * @param concepts one per layer and K
 * @param histograms one per layer and K of DRSA
 * @param agreements one per layer and K with several searches of one method
 * @param leftOut sentences about what could not be measured
 */
public record EvaluationResult(
        List<String> classes,
        List<String> allClasses,
        Evaluation network,
        AboveChance aboveChance,
        List<FlippingResult> flipping,
        List<CrossClassResult> crossClass,
        GammaResult gamma,
        List<ConceptResult> concepts,
        List<HistogramResult> histograms,
        List<AgreementResult> agreements,
        SanityResult sanity,
        List<String> leftOut) {

    /** Those of one K together, as in Table 4.4. */
    public List<List<FlippingResult>> flippingByConcepts() {
        Map<Integer, List<FlippingResult>> byConcepts = new LinkedHashMap<>();
        flipping.forEach(result -> byConcepts
                .computeIfAbsent(result.concepts(), key -> new ArrayList<>())
                .add(result));
        return List.copyOf(byConcepts.values());
    }

    /** What was found, and what could not be decided. */
    public EvaluationSummary summary() {
        return EvaluationSummary.of(this);
    }

    /** Sentences about measures that cannot tell anything here. */
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        flipping.forEach(one -> remarks.addAll(one.remarks()));
        remarks.addAll(ConceptResult.remarks(concepts));
        remarks.addAll(leftOut);
        return remarks;
    }

    /** The number of inputs of each class that the network was tested on. */
    public Map<String, Integer> classCounts() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (int c = 0; c < allClasses.size(); c++) {
            counts.put(allClasses.get(c), network.counts()[c]);
        }
        return counts;
    }

    /** The content of evaluation.json. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("summary", summary());
        json.put("classes", classes);
        json.put("accuracy", network.accuracy());
        json.put("balancedAccuracy", network.balancedAccuracy());
        json.put("aboveChance", aboveChance);
        json.put("classCounts", classCounts());
        json.put("confusion", network.confusion());
        json.put(
                "patchFlipping",
                flipping.stream().map(one -> one.summary(aboveChance)).toList());
        json.put("crossClass", crossClass);
        json.put("gamma", gamma);
        json.put("faithfulnessAndDisentanglement", concepts);
        json.put("relevanceHistograms", histograms);
        json.put("agreement", agreements);
        json.put("randomisedParameters", sanity);
        return json;
    }
}

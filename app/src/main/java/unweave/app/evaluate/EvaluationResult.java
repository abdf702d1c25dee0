package unweave.app.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.app.train.TrainingFigures;
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

    /** Every table. */
    public List<ResultTable> tables() {
        List<ResultTable> tables = new ArrayList<>();
        for (List<FlippingResult> sameConcepts : flippingByConcepts()) {
            tables.add(FlippingTables.aupc(sameConcepts));
            tables.add(FlippingTables.area(sameConcepts));
            tables.add(FlippingTables.delta(sameConcepts));
            tables.add(FlippingTables.orderings(sameConcepts));
            tables.add(FlippingTables.perClass(sameConcepts));
        }
        crossClass.forEach(result -> tables.add(FlippingTables.crossClass(result)));
        if (gamma != null) {
            tables.add(FlippingTables.gamma(gamma));
        }
        for (ConceptResult result : concepts) {
            tables.addAll(List.of(
                    MeasureTables.faithfulness(result),
                    MeasureTables.concepts(result),
                    MeasureTables.curves(result),
                    MeasureTables.disentanglement(result)));
        }
        histograms.forEach(result -> tables.add(FlippingTables.histogram(result)));
        agreements.forEach(result -> tables.add(MeasureTables.agreement(result)));
        if (sanity != null) {
            tables.add(MeasureTables.sanity(sanity, null));
        }
        return tables;
    }

    /** Those of one K together, as in Table 4.4. */
    List<List<FlippingResult>> flippingByConcepts() {
        Map<Integer, List<FlippingResult>> byConcepts = new LinkedHashMap<>();
        flipping.forEach(result -> byConcepts
                .computeIfAbsent(result.concepts(), key -> new ArrayList<>())
                .add(result));
        return List.copyOf(byConcepts.values());
    }

    /** What the terminal shows: patch flipping, faithfulness, disentanglement, sanity. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (List<FlippingResult> sameConcepts : flippingByConcepts()) {
            lines.addAll(FlippingTables.aupc(sameConcepts).lines());
            lines.addAll(FlippingTables.orderings(sameConcepts).lines());
        }
        for (ConceptResult result : concepts) {
            lines.addAll(MeasureTables.faithfulness(result).lines());
            lines.addAll(MeasureTables.disentanglement(result).lines());
        }
        agreements.forEach(
                result -> lines.addAll(MeasureTables.agreement(result).lines()));
        if (sanity != null) {
            lines.addAll(MeasureTables.sanity(sanity, null).lines());
        }
        return lines;
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

    /** Every picture, by file name. */
    public Map<String, byte[]> pictures(List<String> allClasses) {
        Map<String, byte[]> pictures = new LinkedHashMap<>();
        pictures.put("confusion.png", TrainingFigures.confusion(network, allClasses));
        for (List<FlippingResult> sameConcepts : flippingByConcepts()) {
            pictures.put(
                    "patch-flipping-K" + sameConcepts.get(0).concepts() + ".png", EvaluationFigures.aupc(sameConcepts));
        }
        flipping.forEach(result ->
                pictures.put("curves-" + place(result.layer(), result.concepts()), EvaluationFigures.curves(result)));
        crossClass.forEach(result -> pictures.put(
                "cross-class-" + place(result.layer(), result.concepts()), EvaluationFigures.crossClass(result)));
        histograms.forEach(result -> pictures.put(
                "histogram-" + place(result.layer(), result.concepts()), EvaluationFigures.histogram(result)));
        if (gamma != null) {
            pictures.put("gamma.png", EvaluationFigures.gamma(gamma));
        }
        return pictures;
    }

    private static String place(String layer, int concepts) {
        return layer + "-K" + concepts + ".png";
    }
}

package unweave.experiments.reproduce;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.drsa.Method;
import unweave.drsa.Subspaces;
import unweave.drsa.evaluation.AboveChance;
import unweave.drsa.evaluation.OrthogonalizationDifference;
import unweave.experiments.synthetic.ObjectResult;
import unweave.explain.evaluate.AgreementResult;
import unweave.explain.evaluate.ConceptResult;
import unweave.explain.evaluate.CrossClassResult;
import unweave.explain.evaluate.FlippingResult;
import unweave.explain.evaluate.GammaResult;
import unweave.explain.evaluate.HistogramResult;
import unweave.explain.evaluate.SanityResult;
import unweave.explain.evaluate.ShuffledResult;
import unweave.explain.train.CrossValidationSummary;

/**
 * What the steps of a chapter gave.
 *
 * @param allFolds number of folds, trained or not
 * @param explained the network that everything but the training is of
 * @param logMel of all inputs of the chapter
 * @param orthogonalization of the first step of the search for the first class at the layer of the figures
 * @param flipping one per layer
 * @param otherConcepts one per other number of concepts and layer that it was searched at
 * @param crossClass one per layer
 * @param objects one per layer; none where the objects are not known
 * @param shuffled against a network that was trained on shuffled labels; null if there is none
 * @param figures whose pictures and sounds are in the chapter's folder, in the order of the thesis
 * @param otherFigures of sounds and of patch flipping
 * @param rules of every layer
 * @param curves of the optimisations at the layer of the figures
 */
record ChapterResult(
        ChapterPlan plan,
        List<String> classes,
        CrossValidationSummary training,
        int allFolds,
        ExplainedNetwork explained,
        ChapterData.Account data,
        LogMelStatistics logMel,
        GammaResult gamma,
        OrthogonalizationDifference orthogonalization,
        List<FlippingResult> flipping,
        List<FlippingResult> otherConcepts,
        List<CrossClassResult> crossClass,
        HistogramResult histogram,
        List<ObjectResult> objects,
        ConceptResult concepts,
        AgreementResult agreement,
        SanityResult sanity,
        ShuffledResult shuffled,
        Map<MapFigure, MapFigures.Drawn> figures,
        List<DrawnFigure> otherFigures,
        List<SettingsTables.LayerRule> rules,
        List<Curves> curves) {
    /** The objective of every start of one optimisation. */
    record Curves(Method method, Subspaces subspaces) {}

    /** Whether the network that is explained is better than chance on the sounds that its fold tests on. */
    AboveChance network() {
        return AboveChance.of(training.folds().get(0).test().confusion());
    }

    /**
     * How far the concept maps of all figures are from adding up to their standard maps (thesis Eq. 4.3): the largest
     * difference of any bin, relative to the largest value of its standard map.
     */
    double conceptSumError() {
        return figures.values().stream()
                .mapToDouble(MapFigures.Drawn::conceptSumError)
                .max()
                .orElse(Double.NaN);
    }

    /** The content of results.json. */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("classes", classes);
        json.putAll(data.json());
        json.put("logMel", logMel);
        json.put("testAccuracy", training.accuracy());
        json.put("testBalancedAccuracy", training.balancedAccuracy());
        AboveChance network = network();
        json.put("aboveChance", network);
        json.put(
                "patchFlipping",
                flipping.stream().map(layer -> layer.summary(network)).toList());
        json.put(
                "otherConcepts",
                otherConcepts.stream().map(layer -> layer.summary(network)).toList());
        json.put("crossClass", crossClass);
        json.put("gamma", gamma);
        json.put("orthogonalization", orthogonalization);
        json.put("relevanceHistogram", histogram);
        json.put("objectRecovery", objects);
        json.put("faithfulnessAndDisentanglement", concepts);
        json.put("agreement", agreement);
        json.put("randomisedParameters", sanity);
        json.put("shuffledLabels", shuffled);
        json.put("conceptSumError", conceptSumError());
        return json;
    }
}

package unweave.explain.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import unweave.drsa.Estimate;
import unweave.drsa.evaluation.Disentanglement;
import unweave.drsa.evaluation.MaskScore;

/**
 * Faithfulness and disentanglement of the maps of every method at one layer. The class that the network decides for is
 * explained, as in the L-MAC work.
 *
 * @param inputs number of inputs
 * @param standard the standard maps, which are the same for every method
 */
public record ConceptResult(String layer, int concepts, int inputs, MapFigures standard, List<MethodFigures> methods) {
    /**
     * One kind of map.
     *
     * @param masks AI, AD, AG, Fid-In, FF, SPS and COMP
     * @param deletion area under the deletion curve, lower is better
     * @param insertion area under the insertion curve, higher is better
     * @param deletionCurve mean probability of the class with 0, 1/S, ... 1 of the bins removed
     * @param insertionCurve likewise with that share put back
     */
    public record MapFigures(
            MaskScore.Summary masks,
            Estimate deletion,
            Estimate insertion,
            double[] deletionCurve,
            double[] insertionCurve) {}

    /**
     * One method.
     *
     * @param each the maps of each concept
     * @param together the K concepts with their masks united
     */
    public record MethodFigures(
            String method, List<MapFigures> each, MapFigures together, Disentanglement.Summary disentanglement) {}

    /** A measure of one kind of map, and the largest value that it can take. */
    private record Score(String name, double scale, ToDoubleFunction<MapFigures> of) {}

    private static final List<Score> SCORES = List.of(
            new Score("AI", 100, map -> map.masks().increase().mean()),
            new Score("AD", 100, map -> map.masks().drop().mean()),
            new Score("AG", 100, map -> map.masks().gain().mean()),
            new Score("Fid-In", 1, map -> map.masks().inputFidelity().mean()),
            new Score("FF", 1, map -> map.masks().faithfulness().mean()),
            new Score("deletion", 1, map -> map.deletion().mean()),
            new Score("insertion", 1, map -> map.insertion().mean()));

    /** The measures that do not tell maps apart here: every map, random ones included, has the same score. */
    private List<String> alike() {
        List<MapFigures> maps = new ArrayList<>(List.of(standard));
        for (MethodFigures method : methods) {
            maps.add(ConceptStudy.meanOfMaps(method.each()));
            maps.add(method.together());
        }
        return SCORES.stream()
                .filter(score -> Discrimination.none(
                        maps.stream().mapToDouble(score.of()).toArray(), score.scale()))
                .map(Score::name)
                .toList();
    }

    /** Sentences about the measures that do not tell maps apart; layers with the same ones share a sentence. */
    public static List<String> remarks(List<ConceptResult> layers) {
        Map<List<String>, List<String>> places = new LinkedHashMap<>();
        layers.forEach(layer ->
                places.computeIfAbsent(layer.alike(), key -> new ArrayList<>()).add(layer.layer()));
        List<String> remarks = new ArrayList<>();
        places.forEach((alike, at) -> {
            if (!alike.isEmpty()) {
                remarks.add(String.join(", ", alike) + " at " + String.join(", ", at)
                        + (alike.size() == 1 ? " does" : " do")
                        + " not discriminate here: every map, random ones included, has the same score.");
            }
        });
        return remarks;
    }
}

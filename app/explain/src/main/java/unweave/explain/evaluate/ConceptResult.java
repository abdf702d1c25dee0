package unweave.explain.evaluate;

import java.util.List;
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
}

package unweave.explain;

import java.util.List;
import unweave.lrp.RelevanceLedger;

/**
 * How much of the logit arrives at the input. Propagation conserves relevance up to what biases and stabilisers absorb.
 *
 * @param logit the relevance that the explanation starts from
 * @param layerRelevance the sum of what arrived at the layer of the subspaces; NaN without subspaces
 * @param standardSum the sum of the standard map
 * @param conceptSumError the largest |sum of the concept maps - standard map| over the largest |standard map| (thesis
 *     4.3); NaN without subspaces
 * @param layers what every layer received and passed on, output first; below the subspaces the whole comes first, then
 *     each concept
 */
public record Conservation(
        double logit,
        double layerRelevance,
        double standardSum,
        double conceptSumError,
        List<RelevanceLedger.Entry> layers) {
    /** |sum of the standard map - logit| / |logit|. */
    public double error() {
        return Math.abs(standardSum - logit) / Math.abs(logit);
    }
}

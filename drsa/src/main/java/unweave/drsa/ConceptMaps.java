package unweave.drsa;

import unweave.lrp.RelevanceLedger;

/**
 * Explanations of a number of inputs, each as one standard relevance map and K concept maps that add up to it. Maps are
 * height x width values, row-major, summed over the channels of the input.
 *
 * @param height height of a map
 * @param width width of a map
 * @param classes the attributed class of every input
 * @param logits inputs x classes
 * @param layerRelevance for every input the sum of the relevance that arrived at the layer of the subspaces
 * @param standard inputs x (height x width): relevance without subspaces
 * @param concepts inputs x K x (height x width): relevance through each subspace
 * @param ledger what every layer received and passed on; the layers below the subspaces list K + 1 maps
 */
public record ConceptMaps(
        int height,
        int width,
        int[] classes,
        float[][] logits,
        float[] layerRelevance,
        float[][] standard,
        float[][][] concepts,
        RelevanceLedger ledger) {
    /** Number of inputs. */
    public int count() {
        return standard.length;
    }

    /** The logit that was attributed. */
    public float attributedLogit(int input) {
        return logits[input][classes[input]];
    }

    /** The sum of the standard map. */
    public double standardSum(int input) {
        return sum(standard[input]);
    }

    /** The sum of a concept map. */
    public double conceptSum(int input, int concept) {
        return sum(concepts[input][concept]);
    }

    /**
     * How far the concept maps of one input are from adding up (thesis 4.3): the largest |sum over k of map_k -
     * standard|, over the largest |standard|.
     */
    public double conceptSumError(int input) {
        double difference = 0;
        double largest = 0;
        for (int i = 0; i < standard[input].length; i++) {
            double sum = 0;
            for (float[] concept : concepts[input]) {
                sum += concept[i];
            }
            difference = Math.max(difference, Math.abs(sum - standard[input][i]));
            largest = Math.max(largest, Math.abs(standard[input][i]));
        }
        return difference == 0 ? 0 : difference / largest;
    }

    /** The largest {@link #conceptSumError(int)} of all inputs. */
    public double conceptSumError() {
        double largest = 0;
        for (int input = 0; input < count(); input++) {
            largest = Math.max(largest, conceptSumError(input));
        }
        return largest;
    }

    /**
     * How much of the logit does not arrive at the input: |sum of the standard map - logit| / |logit|. Biases and
     * stabilisers absorb relevance.
     */
    public double conservationError(int input) {
        return Math.abs(standardSum(input) - attributedLogit(input)) / Math.abs(attributedLogit(input));
    }

    private static double sum(float[] map) {
        double sum = 0;
        for (float value : map) {
            sum += value;
        }
        return sum;
    }
}

package unweave.explain;

import java.util.List;

/**
 * What a network decides about one sound, and how much each concept has in it: an {@link Explanation} without maps and
 * sounds. The array is not copied and not to be modified.
 *
 * @param predictions one per class, in the model's order
 * @param explained the class whose logit is explained
 * @param through the class whose concepts split it; null if it is not split
 * @param relevance that reaches the input, in units of the logit
 * @param concepts the part of each concept, in the order of the subspaces; they add up to {@code relevance}. Empty if
 *     it is not split
 */
public record Decision(
        List<Prediction> predictions, Prediction explained, String through, double relevance, double[] concepts) {
    /** The class that the network decides for. */
    public Prediction decision() {
        return Prediction.decision(predictions);
    }

    /**
     * The part of a concept in the whole.
     *
     * @param concept counted from 0
     * @return NaN where the whole is 0
     */
    public double share(int concept) {
        return concepts[concept] / relevance;
    }
}

package unweave.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unweave.audio.spectral.LogMel;
import unweave.drsa.Subspaces;

/**
 * A network's decision about one sound, taken apart. Arrays are not copied and not to be modified.
 *
 * @param input the sound, cut or padded to the length of the model's input, its peak at 1, and its log-mel spectrogram
 * @param logits one per class
 * @param classIndex the class that is explained
 * @param subspaces that split the decision; empty if it was not split
 * @param standard the relevance of the whole decision
 * @param concepts the part of each subspace, in the order of the subspaces: by relevance over their data, largest
 *     first; none without subspaces
 * @param conservation how much of the logit arrived where
 */
public record Explanation(
        LogMel.Analysis input,
        float[] logits,
        int classIndex,
        Optional<Subspaces> subspaces,
        RelevanceMap standard,
        List<RelevanceMap> concepts,
        Conservation conservation) {

    /** The standard map, then the concepts. */
    public List<RelevanceMap> maps() {
        List<RelevanceMap> maps = new ArrayList<>(concepts);
        maps.add(0, standard);
        return maps;
    }

    /** Softmax of the logits, one per class. */
    public double[] probabilities() {
        double largest = logits[predictedClass()];
        double[] probabilities = new double[logits.length];
        double sum = 0;
        for (int c = 0; c < logits.length; c++) {
            probabilities[c] = Math.exp(logits[c] - largest);
            sum += probabilities[c];
        }
        for (int c = 0; c < logits.length; c++) {
            probabilities[c] /= sum;
        }
        return probabilities;
    }

    /** The class with the largest logit, the first of equals. */
    public int predictedClass() {
        return indexOfLargest(logits);
    }

    /**
     * The part of a map in the relevance of the standard map. The shares of the concepts sum to 1; NaN where the
     * standard map sums to 0.
     */
    public double share(RelevanceMap map) {
        return map.sum() / standard.sum();
    }

    /** The largest |relevance| in any of the maps: where their common colour scale ends. */
    public double largestRelevance() {
        double largest = 0;
        for (RelevanceMap map : maps()) {
            for (float value : map.relevance()) {
                largest = Math.max(largest, Math.abs(value));
            }
        }
        return largest;
    }

    static int indexOfLargest(float[] values) {
        int largest = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[largest]) {
                largest = i;
            }
        }
        return largest;
    }
}

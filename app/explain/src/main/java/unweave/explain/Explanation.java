package unweave.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unweave.audio.spectral.FrontEnd;
import unweave.drsa.Subspaces;

/**
 * A network's decision about one sound, taken apart. Arrays are not copied and not to be modified.
 *
 * @param input the sound, cut or padded to the length of the model's input, its peak at 1, and its log-mel spectrogram
 * @param predictions one per class, in the model's order
 * @param explained the class whose logit is explained
 * @param subspaces that split the decision; empty if it was not split
 * @param standard the whole decision
 * @param concepts the part of each subspace, in the order of the subspaces: by relevance over their data, largest
 *     first; none without subspaces
 * @param conservation how much of the logit arrived where: the ledger
 */
public record Explanation(
        FrontEnd.Analysis input,
        List<Prediction> predictions,
        Prediction explained,
        Optional<Subspaces> subspaces,
        Part standard,
        List<Part> concepts,
        Conservation conservation) {

    /** The class that the network decides for, with its probability. */
    public Prediction decision() {
        return Prediction.decision(predictions);
    }

    /** The class whose subspaces split the decision, if that is another than the explained one. */
    public Optional<String> through() {
        return subspaces.map(used -> used.provenance().className()).filter(name -> !name.equals(explained.className()));
    }

    /** The relevance of the whole decision. */
    public RelevanceMap map() {
        return standard.map();
    }

    /** What the whole decision rests on, as a sound. */
    public Sound sound() {
        return standard.sound();
    }

    /** The whole, then the concepts. */
    public List<Part> parts() {
        List<Part> parts = new ArrayList<>(concepts);
        parts.add(0, standard);
        return parts;
    }

    /** The largest |relevance| in any of the maps: where their common colour scale ends. */
    public double largestRelevance() {
        return parts().stream().mapToDouble(part -> part.map().largest()).max().orElseThrow();
    }
}

package unweave.explain.labelled;

import java.util.List;
import java.util.stream.IntStream;
import unweave.drsa.Estimate;

/**
 * The mean shares of the concepts in decisions of one kind: sounds of one class that are taken for one class.
 *
 * @param truth the sounds' class
 * @param decided the class that the network decides for
 * @param explainedBy the class whose concepts they are
 * @param sounds how many decisions
 * @param shares of each concept, over the decisions whose relevance speaks for the explained class
 */
public record ConceptGroup(String truth, String decided, String explainedBy, int sounds, List<Estimate> shares) {
    static ConceptGroup of(String truth, String decided, String explainedBy, List<LabelledDecision> decisions) {
        List<LabelledDecision> counted =
                decisions.stream().filter(LabelledDecision::hasShares).toList();
        int concepts = counted.isEmpty() ? 0 : counted.get(0).decision().concepts().length;
        List<Estimate> shares = IntStream.range(0, concepts)
                .mapToObj(k -> Estimate.of(counted.stream()
                        .mapToDouble(one -> one.decision().share(k))
                        .toArray()))
                .toList();
        return new ConceptGroup(truth, decided, explainedBy, decisions.size(), shares);
    }

    /** How many decisions have shares. */
    public int counted() {
        return shares.isEmpty() ? 0 : shares.get(0).count();
    }

    /** Whether these are right decisions. */
    public boolean right() {
        return truth.equals(decided);
    }
}

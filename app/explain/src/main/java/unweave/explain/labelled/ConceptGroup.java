package unweave.explain.labelled;

import java.util.List;
import java.util.stream.IntStream;
import unweave.drsa.Estimate;

/**
 * The shares of the concepts in decisions of one kind: sounds of one class that are taken for one class.
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
        List<Estimate> shares =
                IntStream.range(0, concepts).mapToObj(k -> share(counted, k)).toList();
        return new ConceptGroup(truth, decided, explainedBy, decisions.size(), shares);
    }

    /**
     * The concept's relevance in all decisions together over all their relevance, r = sum R_ki / sum R_i, with the
     * standard error of a ratio (Cochran 1977, 6.4): the mean of the single shares would hang on decisions whose
     * relevance all but cancels.
     */
    private static Estimate share(List<LabelledDecision> decisions, int concept) {
        double whole = 0;
        double part = 0;
        for (LabelledDecision one : decisions) {
            whole += one.decision().relevance();
            part += one.decision().concepts()[concept];
        }
        double ratio = part / whole;
        double squares = 0;
        for (LabelledDecision one : decisions) {
            double rest =
                    one.decision().concepts()[concept] - ratio * one.decision().relevance();
            squares += rest * rest;
        }
        int n = decisions.size();
        double error = n < 2 ? 0 : Math.sqrt(squares / (n - 1) / n) / (whole / n);
        return new Estimate(ratio, error, n);
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

package unweave.lrp;

import java.util.List;
import unweave.engine.tape.Node;

/**
 * An operation that hands its relevance on as it is: activations, dropout, flatten.
 *
 * @param keepsSign whether the output is above zero exactly where the input is
 */
record Passing(Node node, boolean keepsSign) implements NodeRelevance {
    @Override
    public Shares propagate(Passage passage, Assignment assignment, Arrivals.Arrival arrived) {
        return new Shares(List.of(arrived.keep()), arrived.onlyAtActivations() && keepsSign);
    }
}

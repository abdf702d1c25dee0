package unweave.lrp;

import unweave.engine.tape.CrossEntropyNode;

/** The loss: relevance explains logits, not how well they fit a label. */
record LossRelevance(CrossEntropyNode node) implements NodeRelevance {
    @Override
    public void requirePassable() {
        throw new IllegalArgumentException(
                "relevance starts from the logits or a layer before them, not from the loss " + node.layer());
    }

    @Override
    public Shares propagate(Passage passage, Assignment assignment, Arrivals.Arrival arrived) {
        throw new IllegalStateException("no relevance goes through a loss");
    }
}

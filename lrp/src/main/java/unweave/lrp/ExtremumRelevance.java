package unweave.lrp;

import java.util.List;
import unweave.engine.tape.ExtremumNode;
import unweave.kernels.Floats;

/** The larger or smaller of two values gives relevance to the one that it is, as max-pooling does. */
record ExtremumRelevance(ExtremumNode node) implements NodeRelevance {
    @Override
    public Shares propagate(Passage passage, Assignment assignment, Arrivals.Arrival arrived) {
        Floats first = node.share(passage.backend(), 0, arrived.relevance());
        Floats second = node.share(passage.backend(), 1, arrived.relevance());
        return new Shares(List.of(first, second), arrived.onlyAtActivations());
    }
}

package unweave.lrp;

import java.util.ArrayList;
import java.util.List;
import unweave.engine.tape.ConcatNode;
import unweave.kernels.Floats;

/** Concatenation hands each input its part. */
record ConcatRelevance(ConcatNode node) implements NodeRelevance {
    @Override
    public Shares propagate(Passage passage, Assignment assignment, Arrivals.Arrival arrived) {
        List<Floats> parts = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            parts.add(node.part(passage.backend(), arrived.relevance(), i));
        }
        return new Shares(parts, arrived.onlyAtActivations());
    }
}

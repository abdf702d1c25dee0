package unweave.lrp;

import java.util.List;
import unweave.engine.tape.ConstantNode;
import unweave.kernels.Floats;

/** Values that no input decides: what arrives is dropped. */
record ConstantRelevance(ConstantNode node) implements NodeRelevance {
    @Override
    public Shares propagate(Passage passage, Assignment assignment, Arrivals.Arrival arrived) {
        long maps = arrived.relevance().size() / node.output().size();
        Floats nothing = passage.backend().floats(maps * node.input().size());
        passage.backend().fill(nothing, 0f);
        List<Floats> shares = List.of(nothing);
        passage.record(this, "constant", arrived, shares, passage.absorption(this, arrived));
        return new Shares(shares, true);
    }
}

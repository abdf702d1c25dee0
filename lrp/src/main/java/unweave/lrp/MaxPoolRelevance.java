package unweave.lrp;

import java.util.List;
import unweave.engine.tape.MaxPoolNode;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.PoolShape;

/** Max-pooling gives relevance to the winner of each window. */
record MaxPoolRelevance(MaxPoolNode node) implements NodeRelevance {
    @Override
    public Shares propagate(Passage passage, Assignment assignment, Arrivals.Arrival arrived) {
        Floats share = toWinners(passage.backend(), node.shape(), node.winners(), arrived.relevance());
        return new Shares(List.of(share), arrived.onlyAtActivations());
    }

    /** The relevance of what was pooled, in new memory; the batch is that of {@code relevance}. */
    static Floats toWinners(Backend backend, PoolShape shape, Ints winners, Floats relevance) {
        PoolShape batched = ofBatch(shape, relevance);
        Floats share = backend.floats(batched.inputSize());
        backend.pooling().maxPoolBackward(batched, relevance, winners, share);
        return share;
    }

    /** The geometry for the batch of the relevance of the output. */
    static PoolShape ofBatch(PoolShape shape, Floats relevance) {
        return shape.withBatch(Math.toIntExact(relevance.size() / (shape.outputSize() / shape.batch())));
    }
}

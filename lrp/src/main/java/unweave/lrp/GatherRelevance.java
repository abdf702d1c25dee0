package unweave.lrp;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.GatherNode;
import unweave.kernels.Backend;
import unweave.kernels.Floats;

/**
 * Values in other places take their relevance along, and a value that is shown several times receives the sum. What
 * arrives at constants, such as padding, belongs to no input: it is dropped.
 */
record GatherRelevance(GatherNode node) implements NodeRelevance {
    @Override
    public Shares propagate(Passage passage, Assignment assignment, Arrivals.Arrival arrived) {
        List<Floats> shares = List.of(node.map().backward(arrived.relevance()));
        if (node.map().fills()) {
            Optional<Absorption> absorption = passage.absorption(this, arrived);
            absorption.ifPresent(books -> passOn(passage.backend(), arrived.relevance(), books));
            passage.record(this, "moves along", arrived, shares, absorption);
        }
        return new Shares(shares, arrived.onlyAtActivations());
    }

    private void passOn(Backend backend, Floats relevance, Absorption books) {
        try (Floats ones = backend.floats(node.input().size());
                Floats moved = backend.floats(relevance.size())) {
            backend.fill(ones, 1f);
            try (Floats shown = node.map().gather(ones, 0f)) {
                backend.elementwise().multiply(relevance, shown, moved);
            }
            books.passedOn(moved);
        }
    }
}

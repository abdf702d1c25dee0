package unweave.lrp;

import java.util.List;
import java.util.Optional;
import unweave.kernels.Backend;
import unweave.kernels.Floats;

/**
 * What operations need to know of the relevance pass that they belong to.
 *
 * @param ledger null if nobody wants one
 */
record Passage(TransformedWeights weights, RuleEvaluator evaluator, RelevanceLedger ledger) {
    Passage(TransformedWeights weights, RelevanceLedger ledger) {
        this(weights, new RuleEvaluator(weights), ledger);
    }

    Backend backend() {
        return weights.backend();
    }

    /** Whether it must be told what each layer absorbs, so that none may be taken together with its neighbour. */
    boolean isDetailed() {
        return ledger != null && ledger.isDetailed();
    }

    /** The books of what a layer absorbs, if they are wanted. */
    Optional<Absorption> absorption(AffineLayer layer, Rule rule, Arrivals.Arrival arrived) {
        if (!isDetailed()) {
            return Optional.empty();
        }
        int width = Math.toIntExact(
                layer.node().output().size() / layer.node().output().batch());
        Absorption absorption = new Absorption(backend(), arrived.relevance(), width);
        if (rule.isPass()) {
            backend().fill(absorption.dropped(), 0f); // everything is passed on
        }
        return Optional.of(absorption);
    }

    /** Notes what the output of a node received and its inputs got of it. */
    void record(
            NodeRelevance step,
            Assignment assignment,
            Arrivals.Arrival arrived,
            List<Floats> shares,
            Optional<Absorption> absorption) {
        if (ledger != null) {
            ledger.record(
                    backend(),
                    assignment,
                    step.node().output(),
                    arrived,
                    step.node().inputs(),
                    shares,
                    absorption);
        }
    }
}

package unweave.lrp;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.Tensor;
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

    /** The books of a layer that pass on nothing so far, if they are wanted. */
    Optional<Absorption> absorption(NodeRelevance step, Arrivals.Arrival arrived) {
        Tensor output = step.node().output();
        return isDetailed()
                ? Optional.of(
                        new Absorption(backend(), arrived.relevance(), Math.toIntExact(output.size() / output.batch())))
                : Optional.empty();
    }

    /** The books of what a layer absorbs, if they are wanted. */
    Optional<Absorption> absorption(AffineLayer layer, Rule rule, Arrivals.Arrival arrived) {
        Optional<Absorption> absorption = absorption(layer, arrived);
        if (rule.isPass()) {
            absorption.ifPresent(Absorption::nothingDropped);
        }
        return absorption;
    }

    /**
     * As {@link #record(NodeRelevance, Assignment, Arrivals.Arrival, List, Optional)}, for operations that no composite
     * gives a rule.
     *
     * @param way how the relevance goes, for people
     */
    void record(
            NodeRelevance step,
            String way,
            Arrivals.Arrival arrived,
            List<Floats> shares,
            Optional<Absorption> absorption) {
        Assignment none = new Assignment(step.layer(), null, Rule.pass().named(way), "every operation of its kind");
        record(step, none, arrived, shares, absorption);
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

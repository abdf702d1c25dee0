package unweave.lrp;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.Node;
import unweave.kernels.Floats;

/**
 * How relevance goes back through one operation of a tape. Every kind of operation has a class in a file of its own;
 * {@link NodeRelevances} lists them.
 */
interface NodeRelevance {
    /** The operation on the tape. */
    Node node();

    /** The name by which composites select it. */
    default String layer() {
        return node().layer();
    }

    /** What composites state rules for; empty where relevance passes on without a rule. */
    default Optional<LayerKind> kind() {
        return Optional.empty();
    }

    /**
     * Checks that the operation can follow a rule.
     *
     * @throws unweave.kernels.BadInputException if the operation cannot follow the rule
     */
    default void requireFit(Assignment assignment) {}

    /**
     * Checks that relevance can pass through the operation.
     *
     * @throws IllegalArgumentException if no relevance goes through such an operation
     */
    default void requirePassable() {}

    /**
     * Shares out what has arrived at the output.
     *
     * @param assignment the rule; null for operations without a {@link #kind}
     * @param arrived stays the caller's, unless it is kept
     */
    Shares propagate(Passage passage, Assignment assignment, Arrivals.Arrival arrived);

    /**
     * What the inputs of an operation receive, in new memory or that of what arrived.
     *
     * @param relevances one for each input, in their order; null for an input that receives none
     * @param onlyAtActivations whether they are zero wherever the input is zero or below
     */
    record Shares(List<Floats> relevances, boolean onlyAtActivations) {}
}

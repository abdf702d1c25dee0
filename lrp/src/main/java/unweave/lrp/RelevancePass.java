package unweave.lrp;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import unweave.engine.tape.Node;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.Floats;
import unweave.kernels.Spans;

/**
 * One pass of relevance backwards over a tape, from one tensor to others:
 *
 * <pre>{@code
 * List<Floats> maps = lrp.pass(tape).from(logits, relevance).to(input, conv3).run();
 * }</pre>
 *
 * The relevance may hold several maps for each sample of the tape, map after map (maps x N x ...): the activations of
 * the one forward pass serve all of them. Where a tensor was used more than once, as in residual networks, what arrives
 * is added up. Layers that lead to none of the wanted tensors are not visited and need no rule.
 */
public final class RelevancePass {
    private final Composite composite;
    private final TransformedWeights weights;
    private final Tape tape;
    private final Backend backend;
    private Tensor from;
    private Floats start;
    private boolean startsAtActivation;
    private List<Tensor> wanted = List.of();
    private RelevanceLedger ledger;

    RelevancePass(Composite composite, TransformedWeights weights, Tape tape) {
        this.composite = composite;
        this.weights = weights;
        this.tape = tape;
        this.backend = tape.backend();
    }

    /**
     * Where relevance starts.
     *
     * @param relevance maps x the size of {@code tensor}; not modified, stays the caller's
     * @throws IllegalArgumentException if the sizes do not divide
     */
    public RelevancePass from(Tensor tensor, Floats relevance) {
        if (relevance.size() == 0 || relevance.size() % tensor.size() != 0) {
            throw new IllegalArgumentException("relevance of " + relevance.size() + " values for " + tensor
                    + ": it must be a multiple of " + tensor.size());
        }
        from = tensor;
        start = relevance;
        return this;
    }

    /**
     * Promises that the starting relevance is zero wherever the tensor is zero or below, as relevance of the form
     * activation x something is behind a ReLU. The gamma rule then needs half the work. The result is the same.
     */
    public RelevancePass noRelevanceWithoutActivation() {
        startsAtActivation = true;
        return this;
    }

    /** Where relevance is wanted; the pass ends as soon as all of them are reached. */
    public RelevancePass to(Tensor... tensors) {
        wanted = List.of(tensors);
        return this;
    }

    /** Records in {@code books} what every layer received and passed on. */
    public RelevancePass recordedBy(RelevanceLedger books) {
        ledger = books;
        return this;
    }

    /**
     * Carries the relevance back.
     *
     * @return the relevance of the wanted tensors, in their order, each of maps x its size; they belong to the caller
     * @throws BadInputException before anything is computed: if a layer on the way has no rule (named)
     * @throws IllegalArgumentException before anything is computed: if a wanted tensor cannot be reached, or the tape
     *     is one for training
     */
    public List<Floats> run() {
        List<Node> path = path();
        Map<Node, Assignment> rules = composite.assign(tape, path, weights);
        Passage passage = new Passage(weights, ledger);
        try (Arrivals arrivals = new Arrivals(backend, wanted)) {
            arrivals.add(from, copy(start), startsAtActivation);
            for (int i = path.size() - 1; i >= 0; i--) {
                Node node = path.get(i);
                try (Spans.Span span = backend.spans().open("relevance", node.layer());
                        Arrivals.Arrival arrived = arrivals.take(node.output())) {
                    if (arrived == null) {
                        continue; // all that its readers received went to other operands, as at a gate
                    }
                    NodeRelevance.Shares shares =
                            NodeRelevances.of(node, weights).propagate(passage, rules.get(node), arrived);
                    for (int k = 0; k < node.inputs().size(); k++) {
                        Floats share = shares.relevances().get(k);
                        if (share != null) {
                            arrivals.add(node.inputs().get(k), share, shares.onlyAtActivations());
                        }
                    }
                }
            }
            if (ledger != null) {
                ledger.settle(backend);
            }
            return arrivals.takeWanted(start.size() / from.size());
        } finally {
            if (ledger != null) {
                ledger.discard();
            }
        }
    }

    /** The nodes between the start and the wanted tensors, in the order in which they ran. */
    private List<Node> path() {
        if (from == null || wanted.isEmpty()) {
            throw new IllegalArgumentException(
                    "a relevance pass needs a tensor to start from and at least one to go to");
        }
        if (tape.isTraining()) {
            throw new IllegalArgumentException(
                    "relevance needs the tape of a prediction: record the forward pass on Tape.inference");
        }
        Set<Tensor> leads = identitySet(wanted);
        for (Node node : tape.nodes()) {
            if (node.inputs().stream().anyMatch(leads::contains)) {
                leads.add(node.output());
            }
        }
        Set<Tensor> reached = identitySet(List.of(from));
        List<Node> path = new ArrayList<>();
        for (int i = tape.nodes().size() - 1; i >= 0; i--) {
            Node node = tape.nodes().get(i);
            if (reached.contains(node.output()) && node.inputs().stream().anyMatch(leads::contains)) {
                path.add(0, node);
                reached.addAll(node.inputs());
            }
        }
        check(path, reached);
        return path;
    }

    private void check(List<Node> path, Set<Tensor> reached) {
        for (Tensor tensor : wanted) {
            if (!reached.contains(tensor)) {
                throw new IllegalArgumentException("no relevance flows from " + from + " to " + tensor
                        + ": it goes to the tensors that the first was computed from");
            }
        }
        if (identitySet(wanted).size() < wanted.size()) {
            throw new IllegalArgumentException("a tensor is wanted twice: relevance is returned once for each tensor");
        }
        path.forEach(node -> NodeRelevances.of(node, weights).requirePassable());
    }

    private Floats copy(Floats values) {
        Floats copy = backend.floats(values.size());
        backend.copy(values, 0, copy, 0, values.size());
        return copy;
    }

    private static Set<Tensor> identitySet(List<Tensor> tensors) {
        Set<Tensor> set = Collections.newSetFromMap(new IdentityHashMap<>());
        set.addAll(tensors);
        return set;
    }
}

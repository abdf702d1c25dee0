package unweave.lrp;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import unweave.engine.tape.ActivationNode;
import unweave.engine.tape.ConcatNode;
import unweave.engine.tape.CrossEntropyNode;
import unweave.engine.tape.LinearNode;
import unweave.engine.tape.MaxPoolNode;
import unweave.engine.tape.Node;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.PoolShape;
import unweave.kernels.Spans;

/**
 * One walk of relevance backwards over a tape, from one tensor to others:
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
    private final RuleEvaluator evaluator;
    private final PooledRuleEvaluator pooledEvaluator;
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
        evaluator = new RuleEvaluator(weights);
        pooledEvaluator = new PooledRuleEvaluator(weights);
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

    /** Where relevance is wanted; the walk ends as soon as all of them are reached. */
    public RelevancePass to(Tensor... tensors) {
        wanted = List.of(tensors);
        return this;
    }

    /** Keeps the books of what every layer received and passed on. */
    public RelevancePass recordedBy(RelevanceLedger books) {
        ledger = books;
        return this;
    }

    /**
     * Walks.
     *
     * @return the relevance of the wanted tensors, in their order, each of maps x its size; they belong to the caller
     * @throws IllegalArgumentException before anything is computed: if a layer on the way has no rule (named), a wanted
     *     tensor cannot be reached, or the tape is one for training
     */
    public List<Floats> run() {
        List<Node> path = path();
        Map<Node, Assignment> rules = composite.assign(tape, path);
        try (Arrivals arrivals = new Arrivals(backend, wanted)) {
            arrivals.add(from, copy(start), startsAtActivation);
            Set<Node> done = Collections.newSetFromMap(new IdentityHashMap<>());
            for (int i = path.size() - 1; i >= 0; i--) {
                Node node = path.get(i);
                if (done.contains(node)) {
                    continue;
                }
                try (Spans.Span span = backend.spans().open("relevance", node.layer());
                        Arrivals.Arrival arrived = arrivals.take(node.output())) {
                    Optional<LinearLayer> before = node instanceof MaxPoolNode pool
                            ? oneStepWithPooling(pool, path, rules, arrived)
                            : Optional.empty();
                    if (before.isPresent()) {
                        applyRuleBehind(
                                (MaxPoolNode) node,
                                before.get(),
                                rules.get(before.get().node()),
                                arrived,
                                arrivals);
                        done.add(before.get().node());
                    } else if (rules.containsKey(node)) {
                        applyRule(rules.get(node), node, arrived, arrivals);
                    } else {
                        passThrough(node, arrived, arrivals);
                    }
                }
            }
            if (ledger != null) {
                ledger.settle(backend);
            }
            return arrivals.takeWanted();
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
                    "relevance needs the tape of a prediction: record the forward pass on Tape.relevance or Tape.inference");
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
        for (Node node : path) {
            if (node instanceof CrossEntropyNode) {
                throw new IllegalArgumentException(
                        "relevance starts from the logits or a layer before them, not from the loss " + node.layer());
            }
        }
    }

    private void applyRule(Assignment assignment, Node node, Arrivals.Arrival arrived, Arrivals arrivals) {
        Rule rule = assignment.rule();
        Known known = known(node, arrived);
        Optional<Absorption> absorption = absorption(rule, node, arrived);
        List<Floats> shares;
        if (rule.isPass()) {
            shares = List.of(arrived.keep());
        } else {
            AffineLayer layer = AffineLayer.of(node, weights).orElseThrow();
            shares = evaluator.evaluate(rule, layer, arrived.relevance(), known, absorption);
        }
        if (ledger != null) {
            ledger.record(backend, assignment, node.output(), arrived, node.inputs(), shares, absorption);
        }
        for (int i = 0; i < shares.size(); i++) {
            arrivals.add(node.inputs().get(i), shares.get(i), known.inputNonNegative() && rule.isProportionalToInput());
        }
    }

    /**
     * The layer before max-pooling, if nothing else has read it and its rule can be taken in one step with the pooling.
     */
    private Optional<LinearLayer> oneStepWithPooling(
            MaxPoolNode pool, List<Node> path, Map<Node, Assignment> rules, Arrivals.Arrival arrived) {
        Tensor between = pool.input();
        boolean alone =
                path.stream().filter(node -> node.inputs().contains(between)).count() == 1 && !wanted.contains(between);
        if (!alone
                || !(between.producer() instanceof LinearNode node)
                || !rules.containsKey(node)
                || (ledger != null && ledger.isDetailed())) {
            return Optional.empty();
        }
        LinearLayer layer = new LinearLayer(node, weights);
        boolean suits = pooledEvaluator.suits(rules.get(node).rule(), layer, known(node, arrived));
        return suits ? Optional.of(layer) : Optional.empty();
    }

    /** The sums of what arrived are those of what the pooling received: it hands on every value once. */
    private void applyRuleBehind(
            MaxPoolNode pool, LinearLayer layer, Assignment assignment, Arrivals.Arrival arrived, Arrivals arrivals) {
        LinearNode node = layer.node();
        Known known = known(node, arrived);
        Floats share = pooledEvaluator.evaluate(pool, assignment.rule(), layer, arrived.relevance(), known);
        if (ledger != null) {
            ledger.record(backend, assignment, pool.output(), arrived, node.inputs(), List.of(share), Optional.empty());
        }
        arrivals.add(
                node.input(),
                share,
                known.inputNonNegative() && assignment.rule().isProportionalToInput());
    }

    private static Known known(Node node, Arrivals.Arrival arrived) {
        return new Known(Known.nonNegative(node.inputs()), arrived.onlyAtActivations());
    }

    private Optional<Absorption> absorption(Rule rule, Node node, Arrivals.Arrival arrived) {
        if (ledger == null || !ledger.isDetailed()) {
            return Optional.empty();
        }
        int width = Math.toIntExact(node.output().size() / node.output().batch());
        Absorption absorption = new Absorption(backend, arrived.relevance(), width);
        if (rule.isPass()) {
            backend.fill(absorption.dropped(), 0f); // everything is passed on
        }
        return Optional.of(absorption);
    }

    /**
     * Activations, dropout and flatten pass relevance on; max-pooling gives it to the winners, concatenation each input
     * its part.
     */
    private void passThrough(Node node, Arrivals.Arrival arrived, Arrivals arrivals) {
        if (node instanceof ConcatNode concat) {
            for (int i = 0; i < concat.inputs().size(); i++) {
                arrivals.add(
                        concat.inputs().get(i),
                        concat.part(backend, arrived.relevance(), i),
                        arrived.onlyAtActivations());
            }
            return;
        }
        Floats share;
        if (node instanceof MaxPoolNode pool) {
            long perSample = pool.shape().outputSize() / pool.shape().batch();
            PoolShape shape =
                    pool.shape().withBatch(Math.toIntExact(arrived.relevance().size() / perSample));
            share = backend.floats(shape.inputSize());
            backend.pooling().maxPoolBackward(shape, arrived.relevance(), pool.winners(), share);
        } else {
            share = arrived.keep();
        }
        arrivals.add(node.input(), share, arrived.onlyAtActivations() && !(node instanceof ActivationNode));
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

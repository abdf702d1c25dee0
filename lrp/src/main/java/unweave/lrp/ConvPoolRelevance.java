package unweave.lrp;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.ConvPoolNode;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.PoolShape;
import unweave.kernels.WeightTransform;

/**
 * A convolution, its ReLU and max-pooling in one operation. Relevance arrives at winners only, so where the rule allows
 * there is one quotient for each window, and the relevance between pooling and convolution is never made. For other
 * rules, and for detailed ledgers, pooling and convolution follow one another.
 */
record ConvPoolRelevance(ConvPoolNode node, LinearLayer linear) implements NodeRelevance {
    /** With weights of 1, summing the outputs first saves more than this, unless there are few input channels. */
    private static final int FEW_CHANNELS = 3;

    ConvPoolRelevance(ConvPoolNode node, TransformedWeights weights) {
        this(node, new LinearLayer(node.linear(), weights));
    }

    /** The convolution: what people give a rule to. */
    @Override
    public String layer() {
        return linear.layer();
    }

    @Override
    public Optional<LayerKind> kind() {
        return linear.kind();
    }

    @Override
    public void requireFit(Assignment assignment) {
        linear.requireFit(assignment);
    }

    @Override
    public Shares propagate(Passage passage, Assignment assignment, Arrivals.Arrival arrived) {
        Rule rule = assignment.rule();
        Known known = linear.known(arrived);
        if (!passage.isDetailed() && inOneStep(rule, known)) {
            List<Floats> shares = List.of(evaluate(rule, arrived.relevance(), known));
            // The sums of what arrived are those of what the pooling received: it hands on every value once.
            passage.record(this, assignment, arrived, shares, Optional.empty());
            return new Shares(shares, known.inputNonNegative() && rule.isProportionalToInput());
        }
        Floats unpooled =
                MaxPoolRelevance.toWinners(passage.backend(), node.pool(), node.winners(), arrived.relevance());
        arrived.close();
        try (Arrivals.Arrival between = new Arrivals.Arrival(unpooled, arrived.onlyAtActivations())) {
            return linear.propagate(passage, assignment, between);
        }
    }

    /**
     * Whether a rule can be computed in one step: its fractions serve all outputs and have one term each, and their
     * denominators are at hand or can be made for the winners.
     */
    boolean inOneStep(Rule rule, Known known) {
        List<Fraction> fractions = rule.given(known).fractions();
        return rule.stabilizer().kind() == Stabilizer.Kind.ADDED
                && !rule.isPass()
                && fractions.stream().allMatch(fraction -> {
                    if (fraction.branch() != Fraction.Branch.ALL
                            || fraction.terms().size() != 1) {
                        return false;
                    }
                    WeightTransform weights = fraction.terms().get(0).weights();
                    boolean sumsOutputs = linear.sumsOutputs(weights);
                    if (fraction.isConstant()) {
                        return fractions.size() == 1
                                && (!sumsOutputs || linear.node().shape().inChannels() <= FEW_CHANNELS);
                    }
                    return !sumsOutputs
                            && (known.noRelevanceWhereNonPositive()
                                    || !fraction.dividesByPreactivation(linear.hasBias()));
                });
    }

    /**
     * The relevance of the input.
     *
     * @param relevance of the pooled output; its batch may be a multiple of that on the tape; not modified
     * @return new memory
     */
    private Floats evaluate(Rule rule, Floats relevance, Known known) {
        Backend backend = linear.transformed().backend();
        float eps = rule.stabilizer().epsilon();
        float g = rule.gamma();
        Floats total = backend.floats(
                node.input().size() * (relevance.size() / node.output().size()));
        boolean add = false;
        try (Operands operands = new Operands(backend, node.inputs())) {
            for (Fraction fraction : rule.given(known).fractions()) {
                Term term = fraction.terms().get(0);
                Floats x = operands.of(term).get(0);
                if (fraction.isConstant()) {
                    Floats z = linear.transformed()
                            .denominator(
                                    linear.identity().orElseThrow(),
                                    fraction,
                                    g,
                                    () -> linear.forward(List.of(x), term.weights(), g, fraction.bias()));
                    share(relevance, eps, z, term.weights(), g, fraction.factor(), x, add, total);
                } else {
                    try (Floats q = quotient(fraction, g, eps, x, relevance)) {
                        share(q, 0f, null, term.weights(), g, fraction.factor(), x, add, total);
                    }
                }
                add = true;
            }
            if (!add) {
                backend.fill(total, 0f);
            }
        }
        return total;
    }

    /**
     * The quotients at the winners, one for each window. The layer's own pre-activations there are what the pooling
     * gave, wherever relevance arrives.
     */
    private Floats quotient(Fraction fraction, float g, float eps, Floats x, Floats relevance) {
        Backend backend = linear.transformed().backend();
        Floats q = backend.floats(relevance.size());
        if (fraction.dividesByPreactivation(linear.hasBias())) {
            backend.propagation().stabilizedDivide(eps, relevance, node.output().data(), q);
        } else {
            backend.fused()
                    .convMaxPoolDivide(
                            node.linear().shape(),
                            x,
                            linear.weight(fraction.terms().get(0).weights(), g),
                            linear.biasOrNull(fraction.bias(), g),
                            eps,
                            node.pool(),
                            relevance,
                            node.winners(),
                            q);
        }
        return q;
    }

    /**
     * total = factor * x * (q * weights(w)^T), or total += that, with q = r / s(z) for the relevance r that pooling
     * hands on; neither of them reaches memory.
     *
     * @param relevance of the pooled output; its batch may be a multiple of that on the tape
     * @param z the denominators of one sample; null if the relevance is divided already
     * @param add whether the product is added to {@code total}
     */
    private void share(
            Floats relevance,
            float eps,
            Floats z,
            WeightTransform weights,
            float g,
            float factor,
            Floats x,
            boolean add,
            Floats total) {
        PoolShape pooling = MaxPoolRelevance.ofBatch(node.pool(), relevance);
        linear.transformed()
                .backend()
                .fused()
                .convMaxPoolBackwardInputProduct(
                        node.linear().shape().withBatch(pooling.batch()),
                        pooling,
                        relevance,
                        node.winners(),
                        eps,
                        z,
                        linear.weight(weights, g),
                        factor,
                        x,
                        add,
                        total);
    }
}

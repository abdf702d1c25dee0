package unweave.lrp;

import java.util.List;
import unweave.engine.tape.MaxPoolNode;
import unweave.kernels.Backend;
import unweave.kernels.Floats;

/**
 * Computes what {@link RuleEvaluator} computes, for a convolution whose output max-pooling alone reads, in one go with
 * the pooling: relevance arrives at winners only, so there is one quotient for each window, and the relevance between
 * the two layers is never made.
 */
final class PooledRuleEvaluator {
    private final TransformedWeights weights;
    private final Backend backend;

    PooledRuleEvaluator(TransformedWeights weights) {
        this.weights = weights;
        this.backend = weights.backend();
    }

    /**
     * Whether a rule can be computed so: its fractions serve all outputs and have one term each, and their denominators
     * are at hand or can be made for the winners.
     */
    boolean suits(Rule rule, LinearLayer layer, Known known) {
        List<Fraction> fractions = rule.given(known.inputNonNegative(), known.noRelevanceWhereNonPositive())
                .fractions();
        return rule.stabilizer().kind() == Stabilizer.Kind.ADDED
                && fractions.stream().allMatch(fraction -> {
                    if (fraction.branch() != Fraction.Branch.ALL
                            || fraction.terms().size() != 1) {
                        return false;
                    }
                    Term term = fraction.terms().get(0);
                    if (fraction.isConstant()) {
                        return fractions.size() == 1 && layer.sharesBehindPooling(term.weights());
                    }
                    boolean isPooled = !layer.node().relu() || known.noRelevanceWhereNonPositive();
                    return !layer.sumsOutputs(term.weights())
                            && (isPooled || !fraction.dividesByPreactivation(layer.hasBias()));
                });
    }

    /**
     * The relevance of the layer's input.
     *
     * @param relevance of the output of {@code pool}; its batch may be a multiple of that on the tape; not modified
     * @return new memory
     */
    Floats evaluate(MaxPoolNode pool, Rule rule, LinearLayer layer, Floats relevance, Known known) {
        Rule shorter = rule.given(known.inputNonNegative(), known.noRelevanceWhereNonPositive());
        float eps = rule.stabilizer().epsilon();
        float g = rule.gamma();
        Floats total = backend.floats(
                layer.node().input().size() * (relevance.size() / pool.output().size()));
        boolean add = false;
        try (Operands operands = new Operands(backend, layer.node().inputs())) {
            for (Fraction fraction : shorter.fractions()) {
                Term term = fraction.terms().get(0);
                Floats x = operands.of(term).get(0);
                if (fraction.isConstant()) {
                    Floats z = weights.denominator(
                            layer.identity().orElseThrow(),
                            fraction,
                            g,
                            () -> layer.forward(List.of(x), term.weights(), g, fraction.bias()));
                    layer.shareBehind(pool, relevance, eps, z, term.weights(), g, fraction.factor(), x, add, total);
                } else {
                    try (Floats q = quotient(pool, fraction, g, eps, layer, x, relevance)) {
                        layer.shareBehind(pool, q, 0f, null, term.weights(), g, fraction.factor(), x, add, total);
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
    private Floats quotient(
            MaxPoolNode pool, Fraction fraction, float g, float eps, LinearLayer layer, Floats x, Floats relevance) {
        Floats q = backend.floats(relevance.size());
        if (fraction.dividesByPreactivation(layer.hasBias())) {
            backend.propagation().stabilizedDivide(eps, relevance, pool.output().data(), q);
        } else {
            layer.divideBehind(pool, x, fraction.terms().get(0).weights(), g, fraction.bias(), eps, relevance, q);
        }
        return q;
    }
}

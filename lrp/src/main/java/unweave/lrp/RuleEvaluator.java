package unweave.lrp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import unweave.engine.tape.Node;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.WeightTransform;

/**
 * Computes any {@link Rule} on any {@link AffineLayer}. For every fraction of the rule
 *
 * <pre>
 * z   = sum over terms: operand * transform(w), plus transform(b)       (forward)
 * q   = R / s(z) where the branch applies, else 0
 * R_j += factor * operand_j * (q * transform(w)^T)_j  for every term    (transposed)
 * </pre>
 *
 * (q * transform(w)^T)_j is the gradient of sum over k: z_k q_k with q held fast (thesis Eq. 3.2, z of Eq. 3.3 with the
 * bias as the weight of an input that is 1), so that the epsilon rule is an activation times a gradient (thesis Eq.
 * 3.1).
 *
 * <p>The batch of R may be a multiple of the batch on the tape: z and the operands then repeat, and only q and what
 * follows grow.
 */
final class RuleEvaluator {
    private final TransformedWeights weights;
    private final Backend backend;

    RuleEvaluator(TransformedWeights weights) {
        this.weights = weights;
        this.backend = weights.backend();
    }

    /**
     * The relevance of every input of a layer.
     *
     * @param relevance of the layer's output; not modified
     * @param absorption told what the inputs do not receive; empty if nobody wants to know
     * @return new memory for each input of the node, in their order
     */
    List<Floats> evaluate(
            Rule rule, AffineLayer layer, Floats relevance, Known known, Optional<Absorption> absorption) {
        Rule shorter = rule.given(known);
        List<Share> shares = shares(layer, relevance);
        try (Operands operands = new Operands(backend, layer.node().inputs());
                Preactivation preactivation = new Preactivation(layer, known)) {
            for (Fraction fraction : shorter.fractions()) {
                try (Floats q = quotient(shorter, fraction, layer, operands, preactivation, relevance, absorption)) {
                    shareOut(shorter, fraction, layer, operands, q, shares);
                }
            }
        }
        return shares.stream().map(Share::total).toList();
    }

    /** q = R / s(z) where the fraction's branch applies, else 0. */
    private Floats quotient(
            Rule rule,
            Fraction fraction,
            AffineLayer layer,
            Operands operands,
            Preactivation preactivation,
            Floats relevance,
            Optional<Absorption> absorption) {
        Floats q = backend.floats(relevance.size());
        boolean own = fraction.dividesByPreactivation(layer.hasBias());
        Optional<Record> identity = fraction.isConstant() ? layer.identity() : Optional.empty();
        Consumer<Floats> divideBy = z -> {
            divide(rule, fraction, preactivation, relevance, z, q);
            absorption.ifPresent(books -> books.add(fraction, rule.gamma(), layer, relevance, z, q));
        };
        if (own) {
            divideBy.accept(preactivation.values());
        } else if (identity.isPresent()) {
            divideBy.accept(weights.denominator(
                    identity.get(), fraction, rule.gamma(), () -> denominator(rule, fraction, layer, operands)));
        } else if (absorption.isPresent() || !divideFused(rule, fraction, layer, operands, relevance, q)) {
            try (Floats z = denominator(rule, fraction, layer, operands)) {
                divideBy.accept(z);
            }
        }
        return q;
    }

    /**
     * The division in one pass with the convolution before it, where a single one makes up the denominator of all
     * outputs.
     */
    private static boolean divideFused(
            Rule rule, Fraction fraction, AffineLayer layer, Operands operands, Floats relevance, Floats q) {
        if (fraction.branch() != Fraction.Branch.ALL
                || fraction.terms().size() > 1
                || rule.stabilizer().kind() != Stabilizer.Kind.ADDED) {
            return false;
        }
        Term term = fraction.terms().get(0);
        return layer.divideFused(
                operands.of(term),
                term.weights(),
                rule.gamma(),
                fraction.bias(),
                rule.stabilizer().epsilon(),
                relevance,
                q);
    }

    private void divide(
            Rule rule, Fraction fraction, Preactivation preactivation, Floats relevance, Floats z, Floats q) {
        Stabilizer stabilizer = rule.stabilizer();
        if (stabilizer.kind() == Stabilizer.Kind.ADDED) {
            divide(fraction.branch(), stabilizer.epsilon(), preactivation, relevance, z, q);
            return;
        }
        try (Floats denominators = backend.floats(z.size())) {
            if (stabilizer.kind() == Stabilizer.Kind.CLIPPED) {
                backend.propagation().clippedDenominator(stabilizer.epsilon(), z, denominators);
            } else {
                backend.propagation()
                        .rmsDenominator(preactivation.valuesPerSample(), stabilizer.epsilon(), z, denominators);
            }
            divide(fraction.branch(), 0f, preactivation, relevance, denominators, q);
        }
    }

    private void divide(
            Fraction.Branch branch, float eps, Preactivation preactivation, Floats relevance, Floats z, Floats q) {
        switch (branch) {
            case ALL -> backend.propagation().stabilizedDivide(eps, relevance, z, q);
            case POSITIVE -> backend.propagation().selectiveDivide(eps, 1f, preactivation.values(), relevance, z, q);
            case NEGATIVE -> backend.propagation().selectiveDivide(eps, -1f, preactivation.values(), relevance, z, q);
        }
    }

    /**
     * z = sum over terms: operand * transform(w), plus transform(b), of the batch on the tape or, where only constants
     * count, of a batch of one.
     */
    private Floats denominator(Rule rule, Fraction fraction, AffineLayer layer, Operands operands) {
        List<Term> largestFirst = new ArrayList<>(fraction.terms());
        largestFirst.sort((a, b) -> Boolean.compare(a.isConstant(), b.isConstant()));
        Floats z = null;
        for (Term term : largestFirst) {
            Optional<WeightTransform> bias = z == null ? fraction.bias() : Optional.empty();
            Floats summand = layer.forward(operands.of(term), term.weights(), rule.gamma(), bias);
            if (z == null) {
                z = summand;
            } else {
                backend.elementwise().addScaled(1f, summand, z);
                summand.close();
            }
        }
        return z;
    }

    private void shareOut(
            Rule rule, Fraction fraction, AffineLayer layer, Operands operands, Floats q, List<Share> shares) {
        for (Term term : fraction.terms()) {
            List<Floats> x = operands.of(term);
            for (int i = 0; i < shares.size(); i++) {
                shares.get(i).add(layer, i, q, term.weights(), rule.gamma(), fraction.factor(), x.get(i));
            }
        }
    }

    private List<Share> shares(AffineLayer layer, Floats relevance) {
        Node node = layer.node();
        long maps = relevance.size() / node.output().size();
        List<Share> shares = new ArrayList<>();
        for (Tensor input : node.inputs()) {
            shares.add(new Share(input.size() * maps));
        }
        return shares;
    }

    /** The relevance of one input, summed up term by term. */
    private final class Share {
        private final long size;
        private Floats total;

        Share(long size) {
            this.size = size;
        }

        /** total += factor * x * (q * weights(w)^T). */
        void add(AffineLayer layer, int input, Floats q, WeightTransform weights, float g, float factor, Floats x) {
            Floats sum = total == null ? backend.floats(size) : total;
            if (!layer.shareFused(input, q, weights, g, factor, x, total != null, sum)) {
                try (Floats gradient = layer.transposed(input, q, weights, g)) {
                    addProduct(factor, x, gradient, sum);
                }
            }
            total = sum;
        }

        private void addProduct(float factor, Floats x, Floats gradient, Floats sum) {
            if (total != null) {
                backend.propagation().addProduct(factor, x, gradient, sum);
                return;
            }
            backend.elementwise().multiply(gradient, x, sum);
            if (factor != 1f) {
                backend.elementwise().scale(factor, sum, sum);
            }
        }

        Floats total() {
            if (total == null) {
                total = backend.floats(size);
                backend.fill(total, 0f);
            }
            return total;
        }
    }

    /** The layer's own x * w + b: on the tape already, unless a fused ReLU has cut it where it still matters. */
    private static final class Preactivation implements AutoCloseable {
        private final AffineLayer layer;
        private final boolean cut;
        private Floats recomputed;

        Preactivation(AffineLayer layer, Known known) {
            this.layer = layer;
            this.cut = layer.isCutByRelu() && !known.noRelevanceWhereNonPositive();
        }

        int valuesPerSample() {
            Tensor output = layer.node().output();
            return Math.toIntExact(output.size() / output.batch());
        }

        Floats values() {
            if (!cut) {
                return layer.node().output().data();
            }
            if (recomputed == null) {
                List<Floats> inputs =
                        layer.node().inputs().stream().map(Tensor::data).toList();
                recomputed = layer.forward(inputs, WeightTransform.IDENTITY, 0f, Optional.of(WeightTransform.IDENTITY));
            }
            return recomputed;
        }

        @Override
        public void close() {
            if (recomputed != null) {
                recomputed.close();
            }
        }
    }
}

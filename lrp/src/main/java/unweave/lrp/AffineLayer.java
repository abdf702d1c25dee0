package unweave.lrp;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.Tensor;
import unweave.kernels.BadInputException;
import unweave.kernels.Floats;
import unweave.kernels.WeightTransform;

/**
 * A layer z = x * w + b as a rule sees it: something whose weights can be replaced by transformed ones, forwards and
 * transposed. The batch of the operands need not be the batch on the tape: the methods take it from the sizes.
 */
interface AffineLayer extends NodeRelevance {
    @Override
    default void requireFit(Assignment assignment) {
        if (assignment.rule().isPass()
                && (node().inputs().size() > 1
                        || node().input().size() != node().output().size())) {
            throw new BadInputException(
                    "layer " + layer() + " (" + assignment.kind() + ") cannot follow the rule pass: its output "
                            + node().output() + " is not as large as its one input");
        }
        if (weightsFollowInput() && !takesWeightsAsTheyAre(assignment.rule())) {
            throw new BadInputException("layer " + layer() + " (" + assignment.kind() + ") cannot follow the rule "
                    + assignment.rule() + ": its weights change with the input; give it "
                    + (node().inputs().size() == 1 ? "pass, norm" : "norm") + " or epsilon(1e-6)");
        }
    }

    /** Whether the weights change with the input, so that no rule can put others in their place. */
    default boolean weightsFollowInput() {
        return false;
    }

    private static boolean takesWeightsAsTheyAre(Rule rule) {
        return rule.fractions().stream()
                .flatMap(fraction -> fraction.terms().stream())
                .allMatch(term -> term.weights() == WeightTransform.IDENTITY && term.operand() == Term.Operand.INPUT);
    }

    @Override
    default Shares propagate(Passage passage, Assignment assignment, Arrivals.Arrival arrived) {
        Rule rule = assignment.rule();
        Known known = known(arrived);
        Optional<Absorption> absorption = passage.absorption(this, rule, arrived);
        List<Floats> shares = rule.isPass()
                ? List.of(arrived.keep())
                : passage.evaluator().evaluate(rule, this, arrived.relevance(), known, absorption);
        passage.record(this, assignment, arrived, shares, absorption);
        return new Shares(shares, known.inputNonNegative() && rule.isProportionalToInput());
    }

    /** What the graph alone tells about the layer. */
    default Known known(Arrivals.Arrival arrived) {
        return new Known(node().inputs().stream().allMatch(Tensor::isNonNegative), arrived.onlyAtActivations());
    }

    /** Whether the output on the tape is that of a ReLU, which has cut the pre-activations below zero. */
    default boolean isCutByRelu() {
        return false;
    }

    /** The batch of values of which each sample is as large as one of {@code tensor}. */
    static int batch(Floats values, Tensor tensor) {
        return Math.toIntExact(values.size() / (tensor.size() / tensor.batch()));
    }

    /** Whether there is a b. */
    boolean hasBias();

    /**
     * z = sum over the inputs: x_i * weights(w), plus bias(b).
     *
     * @param g the constant of the transforms
     * @param x one operand for each input of the node, all of the same batch
     * @param bias empty to leave b out
     * @return new memory
     */
    Floats forward(List<Floats> x, WeightTransform weights, float g, Optional<WeightTransform> bias);

    /**
     * bias(b), one value for each output channel, in new memory.
     *
     * @throws IllegalStateException if the layer has none
     */
    default Floats bias(WeightTransform bias, float g) {
        throw new IllegalStateException("layer " + node().layer() + " has no bias");
    }

    /** q * weights(w)^T for one input of the node; the batch is that of q. Returns new memory. */
    Floats transposed(int input, Floats q, WeightTransform weights, float g);

    /**
     * q = relevance / s(z) with z as {@link #forward} computes it, for all maps of the relevance, without z ever
     * reaching memory.
     *
     * @return whether this layer can; otherwise nothing was done
     */
    default boolean divideFused(
            List<Floats> x,
            WeightTransform weights,
            float g,
            Optional<WeightTransform> bias,
            float eps,
            Floats relevance,
            Floats q) {
        return false;
    }

    /**
     * total = factor * x * t, or total += that, with t as {@link #transposed} computes it, which never reaches memory;
     * x repeats.
     *
     * @param add whether it is added to the total
     * @return whether this layer can; otherwise nothing was done
     */
    default boolean shareFused(
            int input, Floats q, WeightTransform weights, float g, float factor, Floats x, boolean add, Floats total) {
        return false;
    }

    /**
     * What w, b and the geometry are, where they outlive the tape: what depends on them alone is kept under this key.
     * Empty where keeping is not worth while.
     */
    default Optional<Record> identity() {
        return Optional.empty();
    }
}

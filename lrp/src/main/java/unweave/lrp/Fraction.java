package unweave.lrp;

import java.util.List;
import java.util.Optional;
import unweave.kernels.WeightTransform;

/**
 * A sum of terms, each shared out in proportion to the sum of all of them: input j receives
 *
 * <pre>
 * factor * sum over k: (sum over terms: operand_j * transform(w_jk)) * R_k / s(z_k),
 * z_k = sum over terms and inputs i: operand_i * transform(w_ik), plus transform(b_k),
 * </pre>
 *
 * where k runs over the outputs that {@code branch} selects.
 *
 * @param bias what becomes of the bias in z; empty if it is left out
 */
public record Fraction(float factor, Branch branch, List<Term> terms, Optional<WeightTransform> bias) {

    /** The outputs that a fraction serves, told by the sign of the layer's own pre-activation x * w + b. */
    public enum Branch {
        /** All outputs. */
        ALL,
        /** Where the pre-activation is above zero. */
        POSITIVE,
        /** Where the pre-activation is below zero. */
        NEGATIVE
    }

    public Fraction {
        terms = List.copyOf(terms);
    }

    Fraction withoutBias() {
        return new Fraction(factor, branch, terms, Optional.empty());
    }

    /** Whether z does not depend on the input of the layer. */
    boolean isConstant() {
        return terms.stream().allMatch(Term::isConstant);
    }

    /** Whether z is the layer's own pre-activation, x * w + b. */
    boolean dividesByPreactivation(boolean layerHasBias) {
        boolean biasAsIs = !layerHasBias || bias.equals(Optional.of(WeightTransform.IDENTITY));
        return biasAsIs && terms.equals(List.of(Term.of(Term.Operand.INPUT, WeightTransform.IDENTITY)));
    }
}

package unweave.lrp;

import unweave.kernels.WeightTransform;

/**
 * One summand of a rule's numerator: what input j sends to output k is operand_j * transform(w_jk).
 *
 * @param operand what stands for the input
 * @param constant its value where the operand is {@link Operand#CONSTANT}, otherwise 0
 * @param weights what stands for the weights
 */
public record Term(Operand operand, float constant, WeightTransform weights) {

    /** What stands for the input of the layer in a term. */
    public enum Operand {
        /** x. */
        INPUT,
        /** x+ = max(x, 0). */
        POSITIVE_PART,
        /** x- = min(x, 0). */
        NEGATIVE_PART,
        /** The same number for every input: the 1 of flat and w^2, the bounds of the z-box. */
        CONSTANT
    }

    /** operand * transform(w), for an operand that is read from the input. */
    public static Term of(Operand operand, WeightTransform weights) {
        return new Term(operand, 0f, weights);
    }

    /** The same number for every input, * transform(w). */
    public static Term constant(float value, WeightTransform weights) {
        return new Term(Operand.CONSTANT, value, weights);
    }

    boolean isConstant() {
        return operand == Operand.CONSTANT;
    }
}

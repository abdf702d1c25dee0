package unweave.lrp;

import static unweave.kernels.WeightTransform.FAVOUR_NEGATIVE;
import static unweave.kernels.WeightTransform.FAVOUR_POSITIVE;
import static unweave.kernels.WeightTransform.IDENTITY;
import static unweave.kernels.WeightTransform.NEGATIVE;
import static unweave.kernels.WeightTransform.ONE;
import static unweave.kernels.WeightTransform.POSITIVE;
import static unweave.kernels.WeightTransform.SQUARE;
import static unweave.lrp.Term.Operand.INPUT;
import static unweave.lrp.Term.Operand.NEGATIVE_PART;
import static unweave.lrp.Term.Operand.POSITIVE_PART;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unweave.kernels.BadInputException;
import unweave.kernels.WeightTransform;

/**
 * How a layer z_k = sum over j: x_j w_jk + b_k shares the relevance R_k of its outputs among its inputs: a sum of
 * {@link Fraction}s. Nothing here computes; {@link RuleEvaluator} turns any such declaration into numbers, for every
 * layer that is affine: convolution, dense layer, average pooling, batch normalisation outside training, addition.
 *
 * <p>x+ = max(x, 0), x- = min(x, 0), the same for w and b; s(z) keeps z away from zero ({@link Stabilizer}). Inputs
 * that are padding receive nothing and count for nothing.
 *
 * <p>The formulas of {@code R_j}, with sums over the outputs k (and, inside s, over all inputs of output k):
 *
 * <table>
 * <caption>Rules</caption>
 * <tr><td>{@link #epsilon}</td><td>x w R / s(z)</td></tr>
 * <tr><td>{@link #gamma}</td><td>where z &gt; 0: (x+ (w + g w+) + x- (w + g w-)) R / s(sum + b + g b+);
 *     where z &lt; 0: the same with w+ and w-, b+ and b- swapped</td></tr>
 * <tr><td>{@link #zPlus}</td><td>(x+ w+ + x- w-) R / s(sum + b+)</td></tr>
 * <tr><td>{@link #alphaBeta}</td><td>alpha (x+ w+ + x- w-) R / s(sum + b+) - beta (x+ w- + x- w+) R / s(sum +
 *     b-)</td></tr>
 * <tr><td>{@link #zBox}</td><td>(x w - low w+ - high w-) R / s(sum)</td></tr>
 * <tr><td>{@link #wSquare}</td><td>w^2 R / s(sum + b^2)</td></tr>
 * <tr><td>{@link #flat}</td><td>R / s(number of inputs)</td></tr>
 * <tr><td>{@link #pass}</td><td>R</td></tr>
 * <tr><td>{@link #norm}</td><td>x w R / s(sum): for pooling, in proportion to x</td></tr>
 * </table>
 *
 * @param name for people, and what {@link RuleText} reads, such as "gamma(0.8)"
 * @param stabilizer s(z)
 * @param gamma g of the transforms {@link WeightTransform#FAVOUR_POSITIVE} and {@link WeightTransform#FAVOUR_NEGATIVE}
 * @param fractions the declaration; none means that relevance passes unchanged
 */
public record Rule(String name, Stabilizer stabilizer, float gamma, List<Fraction> fractions) {
    /** The stabiliser of the rules that do not name one. */
    public static final float DEFAULT_STABILIZER = 1e-7f;

    private static final String STABILIZER_OPTION = " stabilizer(";

    private Rule(String name, float gamma, List<Fraction> fractions) {
        this(name, Stabilizer.added(DEFAULT_STABILIZER), gamma, fractions);
    }

    public Rule {
        fractions = List.copyOf(fractions);
        if (!(gamma >= 0f) || Float.isInfinite(gamma)) {
            throw new BadInputException(
                    "gamma of rule " + name + " is " + gamma + ": it must be 0 or a positive number");
        }
    }

    /**
     * The epsilon rule (Bach et al. 2015; thesis Eq. 2.11): in proportion to the contributions x w. Epsilon 0 is LRP-0
     * (thesis Eq. 2.10; z = 0 then drops).
     */
    public static Rule epsilon(float epsilon) {
        return new Rule(
                "epsilon(" + Stabilizer.added(epsilon) + ")",
                Stabilizer.added(epsilon),
                0f,
                List.of(all(IDENTITY, Term.of(INPUT, IDENTITY))));
    }

    /**
     * The gamma rule (Montavon et al. 2019; thesis Eq. 2.12), which favours contributions of the sign of the
     * pre-activation, in the form of Andeol et al. 2021 that also holds for negative inputs and outputs. Outputs with z
     * = 0 drop. Gamma 0 is LRP-0, large gamma z+.
     */
    public static Rule gamma(float gamma) {
        return new Rule(
                "gamma(" + gamma + ")",
                gamma,
                List.of(
                        new Fraction(
                                1f,
                                Fraction.Branch.POSITIVE,
                                List.of(
                                        Term.of(POSITIVE_PART, FAVOUR_POSITIVE),
                                        Term.of(NEGATIVE_PART, FAVOUR_NEGATIVE)),
                                Optional.of(FAVOUR_POSITIVE)),
                        new Fraction(
                                1f,
                                Fraction.Branch.NEGATIVE,
                                List.of(
                                        Term.of(POSITIVE_PART, FAVOUR_NEGATIVE),
                                        Term.of(NEGATIVE_PART, FAVOUR_POSITIVE)),
                                Optional.of(FAVOUR_NEGATIVE))));
    }

    /** The z+ rule (Montavon et al. 2017): only contributions above zero count. */
    public static Rule zPlus() {
        return new Rule("z+", 0f, List.of(positiveContributions(1f)));
    }

    /**
     * The alpha-beta rule (Bach et al. 2015): contributions above and below zero are shared out apart.
     *
     * @throws BadInputException unless alpha - beta = 1 and both are at least 0
     */
    public static Rule alphaBeta(float alpha, float beta) {
        if (!(alpha >= 0f) || !(beta >= 0f) || !(Math.abs(alpha - beta - 1f) <= 1e-6f * Math.max(1f, alpha))) {
            throw new BadInputException("alpha = " + alpha + " and beta = " + beta
                    + ": the alpha-beta rule needs alpha - beta = 1 and both at least 0, for example "
                    + "alpha = 2 and beta = 1");
        }
        Fraction negativeContributions = new Fraction(
                -beta,
                Fraction.Branch.ALL,
                List.of(Term.of(POSITIVE_PART, NEGATIVE), Term.of(NEGATIVE_PART, POSITIVE)),
                Optional.of(NEGATIVE));
        return new Rule(
                "alpha-beta(" + alpha + ", " + beta + ")",
                0f,
                beta == 0f
                        ? List.of(positiveContributions(alpha))
                        : List.of(positiveContributions(alpha), negativeContributions));
    }

    /**
     * The z-box rule (Montavon et al. 2017; also called z-B), for a first layer whose inputs lie in [low, high]. Its
     * bias cancels: b - b+ - b- = 0.
     *
     * @throws BadInputException unless low is below high
     */
    public static Rule zBox(float low, float high) {
        if (!(low < high) || Float.isInfinite(low) || Float.isInfinite(high)) {
            throw new BadInputException("the z-box rule needs low < high, not low = " + low + " and high = " + high);
        }
        return new Rule(
                "z-box(" + low + ", " + high + ")",
                0f,
                List.of(new Fraction(
                        1f,
                        Fraction.Branch.ALL,
                        List.of(
                                Term.of(INPUT, IDENTITY),
                                Term.constant(-low, POSITIVE),
                                Term.constant(-high, NEGATIVE)),
                        Optional.empty())));
    }

    /**
     * The w^2 rule (Montavon et al. 2017; thesis Eq. B.1, which lacks the square), for a first layer: the input itself
     * does not count.
     */
    public static Rule wSquare() {
        return new Rule("w^2", 0f, List.of(all(SQUARE, Term.constant(1f, SQUARE))));
    }

    /**
     * The flat rule (Lapuschkin et al. 2019; thesis Eq. B.2), for a first layer: every input of an output receives the
     * same. It has no bias to count.
     */
    public static Rule flat() {
        return new Rule(
                "flat",
                0f,
                List.of(new Fraction(1f, Fraction.Branch.ALL, List.of(Term.constant(1f, ONE)), Optional.empty())));
    }

    /** Relevance passes unchanged, as through ReLU; for layers whose output has the shape of their input. */
    public static Rule pass() {
        return new Rule("pass", 0f, List.of());
    }

    /**
     * In proportion to the contributions, without bias: for average pooling x / s(sum x), for an addition a / s(a + b)
     * and b / s(a + b). The stabiliser counts on the scale of the layer's output.
     */
    public static Rule norm() {
        return epsilon(DEFAULT_STABILIZER).withoutBias().named("norm");
    }

    /** The same rule with s(z) = z + eps sign(z). */
    public Rule withStabilizer(float eps) {
        return withStabilizer(Stabilizer.added(eps));
    }

    /** The same rule with another s(z). */
    public Rule withStabilizer(Stabilizer other) {
        int option = name.indexOf(STABILIZER_OPTION);
        String base = option < 0 ? name : name.substring(0, option);
        return new Rule(base + STABILIZER_OPTION + other + ")", other, gamma, fractions);
    }

    /**
     * The same rule with the bias left out of every denominator. The sign that selects a branch of the gamma rule still
     * comes from x * w + b.
     */
    public Rule withoutBias() {
        int option = name.indexOf(STABILIZER_OPTION);
        String base = option < 0 ? name : name.substring(0, option);
        String options = option < 0 ? "" : name.substring(option);
        return new Rule(
                base + " without bias" + options,
                stabilizer,
                gamma,
                fractions.stream().map(Fraction::withoutBias).toList());
    }

    /** The same rule under another name. */
    public Rule named(String newName) {
        return new Rule(newName, stabilizer, gamma, fractions);
    }

    /** Whether relevance passes unchanged. */
    public boolean isPass() {
        return fractions.isEmpty();
    }

    /** Whether an input of 0 receives nothing: every term is a multiple of the input. */
    boolean isProportionalToInput() {
        return !isPass()
                && fractions.stream()
                        .flatMap(fraction -> fraction.terms().stream())
                        .noneMatch(Term::isConstant);
    }

    /**
     * The shorter rule that computes the same under what is known beforehand. Inputs that are never below zero have x+
     * = x and x- = 0; where no relevance arrives at outputs with z &lt;= 0, the branch for z &lt; 0 has nothing to
     * share out, and the one for z &gt; 0 need not select. Behind a ReLU the gamma rule is then one term, thesis 2.12.
     */
    Rule given(Known known) {
        List<Fraction> shorter = new ArrayList<>();
        for (Fraction fraction : fractions) {
            if (known.noRelevanceWhereNonPositive() && fraction.branch() == Fraction.Branch.NEGATIVE) {
                continue;
            }
            Fraction.Branch branch = known.noRelevanceWhereNonPositive() ? Fraction.Branch.ALL : fraction.branch();
            List<Term> terms = known.inputNonNegative() ? forNonNegativeInput(fraction.terms()) : fraction.terms();
            if (!terms.isEmpty()) {
                shorter.add(new Fraction(fraction.factor(), branch, terms, fraction.bias()));
            }
        }
        return new Rule(name, stabilizer, gamma, shorter);
    }

    private static List<Term> forNonNegativeInput(List<Term> terms) {
        return terms.stream()
                .filter(term -> term.operand() != NEGATIVE_PART)
                .map(term -> term.operand() == POSITIVE_PART ? Term.of(INPUT, term.weights()) : term)
                .toList();
    }

    private static Fraction all(WeightTransform bias, Term term) {
        return new Fraction(1f, Fraction.Branch.ALL, List.of(term), Optional.of(bias));
    }

    private static Fraction positiveContributions(float factor) {
        return new Fraction(
                factor,
                Fraction.Branch.ALL,
                List.of(Term.of(POSITIVE_PART, POSITIVE), Term.of(NEGATIVE_PART, NEGATIVE)),
                Optional.of(POSITIVE));
    }

    @Override
    public String toString() {
        return name;
    }
}

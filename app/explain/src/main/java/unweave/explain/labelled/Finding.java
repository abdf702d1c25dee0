package unweave.explain.labelled;

import java.util.Locale;

/**
 * A concept that counts more in a confusion than in right decisions for the same class, by more than chance explains.
 * Both are explained by the same concepts.
 *
 * @param truth the sounds' class
 * @param decided the class that they are taken for
 * @param conceptsOf the class whose concepts they are: the decided one, unless another was asked about
 * @param concept counted from 1
 * @param wrongShare its mean share in the wrong decisions
 * @param rightShare its mean share in the right ones
 * @param error standard error of the difference
 */
public record Finding(
        String truth,
        String decided,
        String conceptsOf,
        int concept,
        double wrongShare,
        double rightShare,
        double error) {
    /** "rock is taken for metal, concept 3 of metal did it: 41 % of the relevance, 22 % where metal is right". */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s is taken for %s, concept %d of %s did it: %.1f %% of the relevance, %.1f %% where %s is right"
                        + " (difference %.1f \u00b1 %.1f points)",
                truth,
                decided,
                concept,
                conceptsOf,
                100 * wrongShare,
                100 * rightShare,
                decided,
                100 * (wrongShare - rightShare),
                100 * error);
    }
}

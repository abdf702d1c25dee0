package unweave.explain.labelled;

/**
 * A concept that counts more in a confusion than in right decisions for the same class, by more than chance explains.
 *
 * @param truth the sounds' class
 * @param decided the class that they are taken for
 * @param concept of the decided class, counted from 1
 * @param wrongShare its mean share in the wrong decisions
 * @param rightShare its mean share in the right ones
 * @param error standard error of the difference
 */
public record Finding(String truth, String decided, int concept, double wrongShare, double rightShare, double error) {}

package unweave.lrp;

import unweave.kernels.BadInputException;

/**
 * What keeps a division by z from blowing up where z is near zero: s(z), with sign(0) = +1.
 *
 * <table>
 * <caption>Kinds</caption>
 * <tr><td>{@link Kind#ADDED}</td><td>z + eps sign(z): the usual one (Bach et al. 2015). Takes a share of everything,
 *     a large one of what is
 *     small.</td></tr>
 * <tr><td>{@link Kind#CLIPPED}</td><td>sign(z) max(|z|, eps): takes nothing where |z| is at least eps, so that
 *     relevance is conserved exactly
 *     there.</td></tr>
 * <tr><td>{@link Kind#RMS}</td><td>z + eps rms(z) sign(z), with the root mean square over one sample's z of the
 *     layer: the same fraction in
 *     layers whose values are of different size, which a fixed eps is not.</td></tr>
 * </table>
 */
public record Stabilizer(Kind kind, float epsilon) {

    /** How epsilon enters. */
    public enum Kind {
        ADDED,
        CLIPPED,
        RMS
    }

    public Stabilizer {
        if (!(epsilon >= 0f) || Float.isInfinite(epsilon)) {
            throw new BadInputException("the stabiliser " + epsilon + " must be 0 or a positive number");
        }
    }

    /** z + eps sign(z). */
    public static Stabilizer added(float epsilon) {
        return new Stabilizer(Kind.ADDED, epsilon);
    }

    /** sign(z) max(|z|, eps). */
    public static Stabilizer clipped(float epsilon) {
        return new Stabilizer(Kind.CLIPPED, epsilon);
    }

    /** z + eps rms(z) sign(z). */
    public static Stabilizer rms(float epsilon) {
        return new Stabilizer(Kind.RMS, epsilon);
    }

    /** As the text form of a rule has it, such as "1e-7", "clip 0.1" or "rms 0.01". */
    @Override
    public String toString() {
        String value = Float.toString(epsilon).replace(".0E", "e").replace('E', 'e');
        return switch (kind) {
            case ADDED -> value;
            case CLIPPED -> "clip " + value;
            case RMS -> "rms " + value;
        };
    }
}

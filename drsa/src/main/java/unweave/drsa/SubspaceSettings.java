package unweave.drsa;

import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import unweave.kernels.BadInputException;
import unweave.kernels.Orthogonalization;

/**
 * How subspaces are searched (thesis 3.2.2.2).
 *
 * @param subspaces K, the number of subspaces; must divide the number D of channels of the layer
 * @param steps number of steps U &lt;- orthogonalize(U + stepSize * dJ/dU)
 * @param starts number of random orthogonal matrices to start from; the best final objective wins
 * @param seed decides all starts
 * @param stepSize factor on the gradient
 * @param orthogonalization how U is made orthogonal after every step
 */
public record SubspaceSettings(
        int subspaces, int steps, int starts, long seed, float stepSize, Orthogonalization orthogonalization) {
    /**
     * Checks the values.
     *
     * @throws BadInputException if a number is out of range
     */
    public SubspaceSettings {
        requireAtLeast(1, subspaces, "the number of subspaces");
        requireAtLeast(0, steps, "the number of steps");
        requireAtLeast(1, starts, "the number of starts");
        if (!(stepSize > 0) || Float.isInfinite(stepSize)) {
            throw new BadInputException("the step size must be a positive number, not " + stepSize);
        }
    }

    /** Orthogonalises in the way that is fastest on the device. */
    public SubspaceSettings(int subspaces, int steps, int starts, long seed, float stepSize) {
        this(subspaces, steps, starts, seed, stepSize, Orthogonalization.AUTO);
    }

    /** The thesis' settings: 5000 steps from 3 starts, step size 1. */
    public static SubspaceSettings thesis(int subspaces, long seed) {
        return new SubspaceSettings(subspaces, 5000, 3, seed, 1f);
    }

    /** The same settings with another number of steps. */
    public SubspaceSettings withSteps(int number) {
        return new SubspaceSettings(subspaces, number, starts, seed, stepSize, orthogonalization);
    }

    /** The same settings with another number of starts. */
    public SubspaceSettings withStarts(int number) {
        return new SubspaceSettings(subspaces, steps, number, seed, stepSize, orthogonalization);
    }

    /** The same settings with another seed. */
    public SubspaceSettings withSeed(long other) {
        return new SubspaceSettings(subspaces, steps, starts, other, stepSize, orthogonalization);
    }

    /** The same settings with another way to make U orthogonal. */
    public SubspaceSettings withOrthogonalization(Orthogonalization method) {
        return new SubspaceSettings(subspaces, steps, starts, seed, stepSize, method);
    }

    /**
     * Checks that K divides the number of channels of a layer.
     *
     * @throws BadInputException if not; the message names the numbers that do
     */
    public void requireDivides(String layer, int dimensions) {
        if (dimensions % subspaces != 0) {
            String divisors =
                    divisors(dimensions).stream().map(Object::toString).collect(Collectors.joining(", "));
            throw new BadInputException("layer " + layer + " has D = " + dimensions + " channels, which K = "
                    + subspaces + " subspaces of equal size cannot share: choose K from " + divisors);
        }
    }

    /** In increasing order; the number may come from a damaged file, and be any. */
    private static SortedSet<Integer> divisors(int number) {
        SortedSet<Integer> divisors = new TreeSet<>();
        for (int k = 1; (long) k * k <= number; k++) {
            if (number % k == 0) {
                divisors.add(k);
                divisors.add(number / k);
            }
        }
        return divisors;
    }

    private static void requireAtLeast(int least, int value, String what) {
        if (value < least) {
            throw new BadInputException(what + " must be at least " + least + ", not " + value);
        }
    }
}

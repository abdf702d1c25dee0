package unweave.explain.data;

import unweave.kernels.BadInputException;

/**
 * How many slices, each as long as a network's input, are taken of a recording.
 *
 * @param hop seconds from one slice to the next, through the whole recording; infinity for the thesis' ten of its first
 *     29 s ({@link Slices#starts})
 */
public record Slicing(double hop) {
    /** At most ten slices of each recording, as in the thesis. */
    public static final Slicing TEN = new Slicing(Double.POSITIVE_INFINITY);

    /** @throws BadInputException if the hop is not positive */
    public Slicing {
        if (!(hop > 0)) {
            throw new BadInputException("a hop of " + hop + " s: expected more than 0 seconds");
        }
    }

    /** Whether the whole recording is used. */
    boolean whole() {
        return hop != Double.POSITIVE_INFINITY;
    }

    /** The hop in samples, at least 1; more than any recording has if there is none. */
    long hopSamples(int sampleRate) {
        return Math.max(1, Math.round(hop * sampleRate));
    }
}

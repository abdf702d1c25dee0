package unweave.drsa.evaluation;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Cuts maps of height x width bins into square patches, numbered row by row. Where the side does not divide the height
 * or width, the patches at the lower or right edge are smaller.
 *
 * @param height of a map
 * @param width of a map
 * @param side of a patch, in bins
 */
public record PatchGrid(int height, int width, int side) {
    /** @throws IllegalArgumentException if a number is less than 1 */
    public PatchGrid {
        if (height < 1 || width < 1 || side < 1) {
            throw new IllegalArgumentException(
                    "a grid of patches needs a height, a width and a side of at least 1, not " + height + ", " + width
                            + " and " + side);
        }
    }

    /** Patches in one row of patches. */
    public int columns() {
        return (width + side - 1) / side;
    }

    /** Number of patches. */
    public int count() {
        return columns() * ((height + side - 1) / side);
    }

    /** The patch that a bin belongs to; bins are numbered row by row. */
    public int patchOf(int bin) {
        return bin / width / side * columns() + bin % width / side;
    }

    /**
     * Positive relevance of every patch: the sum of max(0, R) over its bins (the sum in thesis 4.2.3, of rectified
     * maps).
     *
     * @param map height x width values; not modified
     */
    public double[] relevance(float[] map) {
        if (map.length != height * width) {
            throw new IllegalArgumentException("a map of " + height + " x " + width + " bins has " + height * width
                    + " values, not " + map.length);
        }
        double[] sums = new double[count()];
        for (int bin = 0; bin < map.length; bin++) {
            sums[patchOf(bin)] += Math.max(0f, map[bin]);
        }
        return sums;
    }

    /** The patches by {@link #relevance}, largest first; equal patches in the order of their numbers. */
    public int[] ranking(float[] map) {
        double[] relevance = relevance(map);
        return IntStream.range(0, relevance.length)
                .boxed()
                .sorted(Comparator.comparingDouble(patch -> -relevance[patch]))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}

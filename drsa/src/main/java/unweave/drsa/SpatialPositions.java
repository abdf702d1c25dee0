package unweave.drsa;

import java.util.Arrays;
import unweave.kernels.Counter;

/**
 * The sampled positions of a feature map, without repetition. They depend on the seed and the number of the input only.
 */
final class SpatialPositions {
    private SpatialPositions() {}

    /** How many windows fit into a feature map, overlapping ones included. */
    static int windows(int height, int width, int windowHeight, int windowWidth) {
        return (height - windowHeight + 1) * (width - windowWidth + 1);
    }

    /**
     * The positions of windows drawn for one input, one window after the other, each row by row.
     *
     * @param count windows; at most {@link #windows}
     */
    static int[] drawWindows(
            long seed, int input, int count, int height, int width, int windowHeight, int windowWidth) {
        int columns = width - windowWidth + 1;
        int[] drawn = draw(seed, input, count, windows(height, width, windowHeight, windowWidth));
        int[] positions = new int[count * windowHeight * windowWidth];
        int next = 0;
        for (int corner : drawn) {
            for (int y = 0; y < windowHeight; y++) {
                for (int x = 0; x < windowWidth; x++) {
                    positions[next++] = (corner / columns + y) * width + corner % columns + x;
                }
            }
        }
        return positions;
    }

    /**
     * Draws positions for one input, by the first steps of a Fisher-Yates shuffle.
     *
     * @param input number of the input in the data set
     * @param count how many; at most {@code available}
     * @param available H x W, number of positions of the feature map
     * @return different numbers from 0 to {@code available - 1}
     */
    static int[] draw(long seed, int input, int count, int available) {
        long inputSeed = Counter.derive(seed, input);
        int[] positions = new int[available];
        for (int i = 0; i < available; i++) {
            positions[i] = i;
        }
        for (int i = 0; i < count; i++) {
            // Scales 32 random bits to the range; the bias, below available / 2^32, is far smaller than any sample
            // could show.
            long bits = Counter.bits(inputSeed, i) & 0xffffffffL;
            int other = i + (int) ((bits * (available - i)) >>> 32);
            int drawn = positions[other];
            positions[other] = positions[i];
            positions[i] = drawn;
        }
        return Arrays.copyOf(positions, count);
    }
}

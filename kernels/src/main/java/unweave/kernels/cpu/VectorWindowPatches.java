package unweave.kernels.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The gradient that 2 x 2 windows of a 3 x 3 convolution pass to its one input channel: for each window a patch of the
 * 4 x 4 inputs that it sees,
 *
 * <pre>patch[r,s] = sum over channels o: q[o] * w[r - a, s - b, o],   (a,b) the winner's place in the window.</pre>
 *
 * <p>A patch is one vector of 512 bits, or two of 256. For each channel and place, a table holds the weights as they
 * lie in the patch, so that a quotient costs one multiply-add (or two) and nothing is scattered.
 */
final class VectorWindowPatches {
    /** Rows and columns of a patch. */
    static final int SIDE = 4;
    /** Values of a patch. */
    static final int PATCH = SIDE * SIDE;

    private static final int PLACES = 4;
    /** Channels that are summed side by side. */
    private static final int TOGETHER = 4;

    private static final VectorSpecies<Float> FLOATS = VectorWidth.FLOATS;
    private static final VectorSpecies<Integer> INTS = FLOATS.vectorShape().withLanes(int.class);
    private static final int LANES = FLOATS.length();
    private static final IntVector CHANNELS = IntVector.zero(INTS).addIndex(PLACES * PATCH);

    private VectorWindowPatches() {}

    /** Whether there are loops for so many channels and the vectors of this processor. */
    static boolean fits(int channels) {
        return (LANES == PATCH || LANES == PATCH / 2) && channels % TOGETHER == 0;
    }

    /** Values of a table. */
    static int tableSize(int channels) {
        return channels * PLACES * PATCH;
    }

    /** table[o, place, r, s] = w[r - a, s - b, o], or 0 where there is no such tap. */
    static void fillTable(float[] w, int channels, float[] table) {
        Arrays.fill(table, 0, tableSize(channels), 0f);
        for (int place = 0; place < PLACES; place++) {
            for (int tap = 0; tap < 9; tap++) {
                int inPatch = (place / 2 + tap / 3) * SIDE + place % 2 + tap % 3;
                for (int channel = 0; channel < channels; channel++) {
                    table[(channel * PLACES + place) * PATCH + inPatch] = w[tap * channels + channel];
                }
            }
        }
    }

    /**
     * Where in the table the weights of each window and channel begin, and its denominator, in one row of windows: a
     * winner is 0, 1, width or width + 1 cells from the window's first, and these are places 0 to 3.
     *
     * @param winners cells of an image of {@code width} columns, [windows x channels] from winnersStart on
     * @param firstCell the first window's first cell
     * @param z the denominators of all cells
     * @param places receives [windows x channels]
     * @param denominators receives [windows x channels]
     */
    static void locate(
            int[] winners,
            int winnersStart,
            int channels,
            int windows,
            int firstCell,
            int width,
            float[] z,
            int[] places,
            float[] denominators) {
        for (int window = 0; window < windows; window++) {
            locateOne(
                    winners,
                    winnersStart,
                    window * channels,
                    channels,
                    firstCell + 2 * window,
                    width,
                    z,
                    places,
                    denominators);
        }
    }

    private static void locateOne(
            int[] winners,
            int winnersStart,
            int at,
            int channels,
            int cell,
            int width,
            float[] z,
            int[] places,
            float[] denominators) {
        int upper = cell * channels;
        int lower = upper + width * channels;
        int channel = 0;
        for (; channel <= channels - LANES; channel += LANES) {
            IntVector second = IntVector.fromArray(INTS, winners, winnersStart + at + channel)
                    .sub(cell + width);
            IntVector inFirstRow = second.lanewise(VectorOperators.ASHR, 31);
            IntVector place = second.add(2).add(inFirstRow.and(width - 2));
            place.lanewise(VectorOperators.LSHL, 4)
                    .add(CHANNELS)
                    .add(channel * PLACES * PATCH)
                    .intoArray(places, at + channel);
            FloatVector left = FloatVector.fromArray(FLOATS, z, upper + channel);
            FloatVector right = FloatVector.fromArray(FLOATS, z, upper + channels + channel);
            FloatVector lowerLeft = FloatVector.fromArray(FLOATS, z, lower + channel);
            FloatVector lowerRight = FloatVector.fromArray(FLOATS, z, lower + channels + channel);
            left.blend(right, place.compare(VectorOperators.EQ, 1).cast(FLOATS))
                    .blend(lowerLeft, place.compare(VectorOperators.EQ, 2).cast(FLOATS))
                    .blend(lowerRight, place.compare(VectorOperators.EQ, 3).cast(FLOATS))
                    .intoArray(denominators, at + channel);
        }
        for (; channel < channels; channel++) {
            int winner = winners[winnersStart + at + channel];
            int second = winner - cell - width;
            places[at + channel] = (channel * PLACES + (second < 0 ? second + width : second + 2)) * PATCH;
            denominators[at + channel] = z[winner * channels + channel];
        }
    }

    /**
     * The patches of one row of windows.
     *
     * @param dy [windows x channels] from {@code from} on
     * @param denominators what {@link #locate} found
     * @param places what {@link #locate} found
     * @param q working memory for {@code channels} values
     * @param patches receives [windows x 16] from patchStart on
     */
    static void row(
            float[] dy,
            int from,
            int channels,
            int windows,
            float eps,
            float[] denominators,
            int[] places,
            float[] table,
            float[] q,
            float[] patches,
            int patchStart) {
        for (int window = 0; window < windows; window++) {
            int at = window * channels;
            divide(dy, from + at, denominators, at, channels, eps, q);
            if (LANES == PATCH) {
                wholePatch(q, channels, table, places, at, patches, patchStart + window * PATCH);
            } else {
                halfPatches(q, channels, table, places, at, patches, patchStart + window * PATCH);
            }
        }
    }

    private static void divide(float[] dy, int from, float[] denominators, int at, int channels, float eps, float[] q) {
        int channel = 0;
        for (; channel <= channels - LANES; channel += LANES) {
            VectorElementLoops.divide(
                            FloatVector.fromArray(FLOATS, dy, from + channel),
                            FloatVector.fromArray(FLOATS, denominators, at + channel),
                            eps)
                    .intoArray(q, channel);
        }
        for (; channel < channels; channel++) {
            q[channel] = ElementLoops.divide(dy[from + channel], denominators[at + channel], eps);
        }
    }

    private static void wholePatch(
            float[] q, int channels, float[] table, int[] places, int at, float[] patches, int to) {
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = FloatVector.zero(FLOATS);
        FloatVector c = FloatVector.zero(FLOATS);
        FloatVector d = FloatVector.zero(FLOATS);
        for (int o = 0; o < channels; o += 4) {
            a = FloatVector.fromArray(FLOATS, table, places[at + o]).fma(FloatVector.broadcast(FLOATS, q[o]), a);
            b = FloatVector.fromArray(FLOATS, table, places[at + o + 1])
                    .fma(FloatVector.broadcast(FLOATS, q[o + 1]), b);
            c = FloatVector.fromArray(FLOATS, table, places[at + o + 2])
                    .fma(FloatVector.broadcast(FLOATS, q[o + 2]), c);
            d = FloatVector.fromArray(FLOATS, table, places[at + o + 3])
                    .fma(FloatVector.broadcast(FLOATS, q[o + 3]), d);
        }
        a.add(b).add(c.add(d)).intoArray(patches, to);
    }

    private static void halfPatches(
            float[] q, int channels, float[] table, int[] places, int at, float[] patches, int to) {
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = FloatVector.zero(FLOATS);
        FloatVector c = FloatVector.zero(FLOATS);
        FloatVector d = FloatVector.zero(FLOATS);
        for (int o = 0; o < channels; o += 2) {
            FloatVector first = FloatVector.broadcast(FLOATS, q[o]);
            FloatVector second = FloatVector.broadcast(FLOATS, q[o + 1]);
            a = FloatVector.fromArray(FLOATS, table, places[at + o]).fma(first, a);
            b = FloatVector.fromArray(FLOATS, table, places[at + o] + LANES).fma(first, b);
            c = FloatVector.fromArray(FLOATS, table, places[at + o + 1]).fma(second, c);
            d = FloatVector.fromArray(FLOATS, table, places[at + o + 1] + LANES).fma(second, d);
        }
        a.add(c).intoArray(patches, to);
        b.add(d).intoArray(patches, to + LANES);
    }
}

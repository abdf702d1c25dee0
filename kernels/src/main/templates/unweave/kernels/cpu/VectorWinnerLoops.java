package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of {@link WinnerPatches} (towards the input) and {@link WinnerConvolution} (towards the weights, and
 * denominators). All sums stay in registers over a whole loop, so a loop is one method without calls.
 *
 * <p>Lanes are input channels, a block of {@link #LANES} at a time. In the narrow forms a vector holds two neighbouring
 * columns of half as many channels: the three taps of a row then lie in two vectors, of which the last half is zero or
 * not used. What the loops gain is said at the two classes.
 */
final class VectorWinnerLoops {
    private static final VectorSpecies<Float> FLOATS = VectorWidth.FLOATS;
    static final int LANES = FLOATS.length();
    /** Maps that {@link #addColumnsOfMaps} carries back together: their sums fill 24 of 32 registers. */
    static final int MAPS = 3;
    /** From one row of taps to the next in a table of five columns. */
    private static final int TABLE_PITCH = 5 * LANES;

    private static final int NARROW_TABLE_PITCH = 5 * LANES / 2;

    private VectorWinnerLoops() {}

    /** Whether this processor has the registers for {@link #MAPS}, which came with vectors of 512 bits. */
    static boolean fitsMaps() {
        return LANES == 16;
    }

    /**
     * Adds to the 4 x 4 patches of a row of windows, each two columns right of the one before, for a block of channels.
     * A window's upper factors, times three rows of taps, go to the first three rows of its patch, and its lower ones
     * to the last three. Columns that the next window shares stay in registers.
     *
     * @param table three rows and five columns of vectors from [tableStart + offset] on: the taps between two empty
     *     columns
     * @param offsets one for each factor
     * @param listSize distance from a window's upper factors to its lower ones, and on to the next window's upper ones
     * @param ends where each window's upper factors end and where its lower ones do
     * @param out cell [r, s] of the first patch is a vector from [to + r * pitch + s * step] on
     */
    static void addPatches(
            float[] table, int tableStart, int[] offsets, float[] factors, int listSize, int[] ends, int windows,
            float[] out, int to, int pitch, int step) {
        int to0 = to;
        //: each above in 0 1 2, r in 1 2 3
        int to$r = to$above + pitch;
        //: end
        //: each r < 4
        FloatVector p$r0 = FloatVector.fromArray(FLOATS, out, to$r);
        FloatVector p$r1 = FloatVector.fromArray(FLOATS, out, to$r + step);
        //: end
        for (int window = 0, upper = 0; window < windows; window++, upper += 2 * listSize) {
            //: each r < 4
            FloatVector p$r2 = FloatVector.fromArray(FLOATS, out, to$r + 2 * step);
            FloatVector p$r3 = FloatVector.fromArray(FLOATS, out, to$r + 3 * step);
            //: end
            // The factors with winners in the upper row of the window (first = 0), then those in the lower row.
            //: each first in 0 1
            for (int i = upper + $first * listSize; i < ends[2 * window + $first]; i++) {
                FloatVector factor = FloatVector.broadcast(FLOATS, factors[i]);
                int row0 = tableStart + offsets[i];
                int row1 = row0 + TABLE_PITCH;
                int row2 = row1 + TABLE_PITCH;
                //: each r < 3
                //: each c < 4
                p${first+r}$c = FloatVector.fromArray(FLOATS, table, row$r + $c * LANES).fma(factor, p${first+r}$c);
                //: end
                //: end
            }
            //: end
            //: each r < 4
            p$r0.intoArray(out, to$r);
            p$r1.intoArray(out, to$r + step);
            p$r0 = p$r2;
            p$r1 = p$r3;
            to$r += 2 * step;
            //: end
        }
        //: each r < 4
        p$r0.intoArray(out, to$r);
        p$r1.intoArray(out, to$r + step);
        //: end
    }

    /**
     * Adds to two columns of the 4 x 4 patches that a window has in three maps. The factors {@code upper} to
     * {@code upperEnd - 1} times rows of two taps go to the first three rows, and those from {@code lower} to
     * {@code lowerEnd - 1} to the last three. The taps are loaded once for all maps.
     *
     * @param table rows of taps: three rows, five columns and a vector of channels from [tableStart + offset] on
     * @param offsets one for each factor
     * @param factors those of map m from [m * mapFactors] on
     * @param out the cell [r, s] of map m is a vector from [to + m * mapValues + r * pitch + s * step] on
     */
    static void addColumnsOfMaps(
            float[] table, int tableStart, int[] offsets, float[] factors, int mapFactors, int upper, int upperEnd,
            int lower, int lowerEnd, float[] out, int mapValues, int to, int pitch, int step) {
        //: each m < 3
        //: each r < 4
        int at$m$r = to + $m * mapValues + $r * pitch;
        FloatVector p$m$r0 = FloatVector.fromArray(FLOATS, out, at$m$r);
        FloatVector p$m$r1 = FloatVector.fromArray(FLOATS, out, at$m$r + step);
        //: end
        //: end
        //: each list in upper lower, first in 0 1
        for (int i = $list; i < ${list}End; i++) {
            int row = tableStart + offsets[i];
            //: each m < 3
            FloatVector factor$m = FloatVector.broadcast(FLOATS, factors[$m * mapFactors + i]);
            //: end
            //: each r < 3
            //: each c < 2
            FloatVector tap$r$c = FloatVector.fromArray(FLOATS, table, row + $r * TABLE_PITCH + $c * LANES);
            //: each m < 3
            p$m${first+r}$c = tap$r$c.fma(factor$m, p$m${first+r}$c);
            //: end
            //: end
            //: end
        }
        //: end
        //: each m < 3
        //: each r < 4
        p$m$r0.intoArray(out, at$m$r);
        p$m$r1.intoArray(out, at$m$r + step);
        //: end
        //: end
    }

    /**
     * The narrow form of {@link #addPatches}, where a row of a patch is two vectors. It has no lists: every channel of
     * a window adds four rows of a table of five rows and five columns, whose border is empty, from the place that its
     * winner gives.
     *
     * @param inChannels half a vector
     * @param winners as the factors, from {@code winnersFrom} on
     * @param firstCell the first window's
     * @param width of the pooling's input
     * @param factors one for each window and channel, from {@code factorsFrom} on
     */
    static void addNarrowPatches(
            float[] table, int inChannels, int[] winners, int winnersFrom, int firstCell, int width, float[] factors,
            int factorsFrom, int channels, int windows, float[] out, int to, int pitch) {
        int lowerShift = (width - 5) * inChannels;
        int to0 = to;
        //: each above in 0 1 2, r in 1 2 3
        int to$r = to$above + pitch;
        //: end
        //: each r < 4
        FloatVector p$r0 = FloatVector.fromArray(FLOATS, out, to$r);
        //: end
        for (int window = 0, first = 0; window < windows; window++, first += channels) {
            int cell = firstCell + 2 * window;
            //: each r < 4
            FloatVector p$r1 = FloatVector.fromArray(FLOATS, out, to$r + LANES);
            //: end
            // The first tap is cell (1, 1) of the 25 of a channel.
            for (int o = 0, start = 6 * inChannels; o < channels; o++, start += 25 * inChannels) {
                FloatVector factor = FloatVector.broadcast(FLOATS, factors[factorsFrom + first + o]);
                int inWindow = winners[winnersFrom + first + o] - cell;
                int row0 = start - inWindow * inChannels + (width - 1 - inWindow >> 31 & lowerShift);
                //: each above in 0 1 2, r in 1 2 3
                int row$r = row$above + NARROW_TABLE_PITCH;
                //: end
                //: each r < 4
                p$r0 = FloatVector.fromArray(FLOATS, table, row$r).fma(factor, p$r0);
                p$r1 = FloatVector.fromArray(FLOATS, table, row$r + LANES).fma(factor, p$r1);
                //: end
            }
            //: each r < 4
            p$r0.intoArray(out, to$r);
            p$r0 = p$r1;
            to$r += LANES;
            //: end
        }
        //: each r < 4
        p$r0.intoArray(out, to$r);
        //: end
    }

    /**
     * Adds factors times what the taps see to the nine sums of a block of channels: sums[t] += factor[i] * x[address[i]
     * + t].
     *
     * @param x rows of the input, block by block: tap [r, s] of an address is a vector from [start + address + r *
     *     pitch + s * LANES] on
     * @param sums nine vectors from {@code at} on
     */
    static void addTaps(
            float[] x, int start, int[] addresses, float[] factors, int from, int to, int pitch, float[] sums, int at) {
        //: each r < 3
        //: each c < 3
        FloatVector d$r$c = FloatVector.fromArray(FLOATS, sums, at + ${3*r+c} * LANES);
        //: end
        //: end
        for (int i = from; i < to; i++) {
            FloatVector factor = FloatVector.broadcast(FLOATS, factors[i]);
            int row0 = start + addresses[i];
            int row1 = row0 + pitch;
            int row2 = row1 + pitch;
            //: each r < 3
            //: each c < 3
            d$r$c = FloatVector.fromArray(FLOATS, x, row$r + $c * LANES).fma(factor, d$r$c);
            //: end
            //: end
        }
        //: each r < 3
        //: each c < 3
        d$r$c.intoArray(sums, at + ${3*r+c} * LANES);
        //: end
        //: end
    }

    /**
     * The narrow form of {@link #addTaps}, with six sums and without lists: for the windows of a row, with addresses
     * that their winners give.
     *
     * @param start address of cell 0
     * @param inChannels half a vector
     * @param winners {@code stride} apart, from {@code winnersFrom} on
     * @param firstLower the first cell of the windows' lower row
     * @param lowerShift what its addresses have more
     * @param factors as the winners, from {@code factorsFrom} on
     * @return the sum of the factors
     */
    static float addNarrowTaps(
            float[] x, int start, int inChannels, int[] winners, int winnersFrom, int firstLower, int lowerShift,
            float[] factors, int factorsFrom, int windows, int stride, int pitch, float[] sums, int at) {
        //: each r < 3
        //: each c < 2
        FloatVector d$r$c = FloatVector.fromArray(FLOATS, sums, at + ${2*r+c} * LANES);
        //: end
        //: end
        FloatVector total = FloatVector.zero(FLOATS);
        for (int i = 0; i < windows * stride; i += stride) {
            FloatVector factor = FloatVector.broadcast(FLOATS, factors[factorsFrom + i]);
            total = total.add(factor);
            int winner = winners[winnersFrom + i];
            int row0 = start + winner * inChannels + (firstLower - 1 - winner >> 31 & lowerShift);
            int row1 = row0 + pitch;
            int row2 = row1 + pitch;
            //: each r < 3
            //: each c < 2
            d$r$c = FloatVector.fromArray(FLOATS, x, row$r + $c * LANES).fma(factor, d$r$c);
            //: end
            //: end
        }
        //: each r < 3
        //: each c < 2
        d$r$c.intoArray(sums, at + ${2*r+c} * LANES);
        //: end
        //: end
        return total.lane(0);
    }

    /**
     * The products of one output channel's weights with the input at some addresses, as vectors whose lanes are still
     * to be added up: sums[i] = sum over t: x[address[i] + t] * w[t], for i from 0 on.
     *
     * @param x as in {@link #addTaps}
     * @param weights nine vectors from {@code at} on
     * @param add whether the result is added to {@code sums}
     */
    static void taps(
            float[] x, int start, int[] addresses, int count, int pitch, float[] weights, int at, boolean add,
            float[] sums) {
        //: each r < 3
        //: each c < 3
        FloatVector w$r$c = FloatVector.fromArray(FLOATS, weights, at + ${3*r+c} * LANES);
        //: end
        //: end
        for (int i = 0; i < count; i++) {
            int row0 = start + addresses[i];
            int row1 = row0 + pitch;
            int row2 = row1 + pitch;
            FloatVector s0 = add ? FloatVector.fromArray(FLOATS, sums, i * LANES) : FloatVector.zero(FLOATS);
            s0 = FloatVector.fromArray(FLOATS, x, row0).fma(w00, s0);
            FloatVector s1 = FloatVector.fromArray(FLOATS, x, row1).mul(w10);
            FloatVector s2 = FloatVector.fromArray(FLOATS, x, row2).mul(w20);
            //: each c in 1 2
            //: each r < 3
            s$r = FloatVector.fromArray(FLOATS, x, row$r + $c * LANES).fma(w$r$c, s$r);
            //: end
            //: end
            s0.add(s1.add(s2)).intoArray(sums, i * LANES);
        }
    }

    /** The narrow form of {@link #taps}, with six vectors of weights. */
    static void narrowTaps(float[] x, int[] addresses, int count, int pitch, float[] weights, int at, float[] sums) {
        //: each r < 3
        //: each c < 2
        FloatVector w$r$c = FloatVector.fromArray(FLOATS, weights, at + ${2*r+c} * LANES);
        //: end
        //: end
        for (int i = 0; i < count; i++) {
            int row0 = addresses[i];
            int row1 = row0 + pitch;
            int row2 = row1 + pitch;
            //: each r < 3
            FloatVector s$r = FloatVector.fromArray(FLOATS, x, row$r).mul(w$r0);
            s$r = FloatVector.fromArray(FLOATS, x, row$r + LANES).fma(w$r1, s$r);
            //: end
            s0.add(s1.add(s2)).intoArray(sums, i * LANES);
        }
    }

    /**
     * Copies one block of channels of a row: a vector from each column of {@code x}, {@code step} values apart, to
     * {@code out} without gaps.
     */
    static void copyBlock(float[] x, int from, int step, int columns, float[] out, int to) {
        for (int column = 0; column < columns; column++) {
            FloatVector.fromArray(FLOATS, x, from + column * step).intoArray(out, to + column * LANES);
        }
    }
}

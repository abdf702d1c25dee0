package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of the passes back through pooling and convolution, over winners: those of {@link WinnerPatches} towards
 * the input, those of {@link WinnerConvolution} towards the weights and for denominators. All sums stay in registers
 * over a whole loop; they are written out because C2 must see them all in one method.
 */
final class VectorWinnerLoops {
    private static final VectorSpecies<Float> FLOATS = VectorWidth.FLOATS;
    static final int LANES = FLOATS.length();
    /** From one row of taps to the next in a table of five columns. */
    private static final int TABLE_PITCH = 5 * LANES;

    private static final int NARROW_TABLE_PITCH = 5 * LANES / 2;

    private VectorWinnerLoops() {}

    /**
     * Adds to the 4 x 4 patches of a row of windows, each two columns right of the one before, for a block of channels.
     * A window's upper factors go, times rows of three taps, to the first three rows of its patch and its lower ones to
     * the last three. Columns that the next window shares stay in registers.
     *
     * @param table three rows and five columns of vectors from [tableStart + offset] on: between two empty columns, the
     *     taps
     * @param offsets one for each factor
     * @param listSize from where a window's upper factors begin to its lower ones, and on to the next window's upper
     *     ones
     * @param ends where each window's upper factors end and where its lower ones do
     * @param out the first window's cell [r, s] is a vector from [to + r * pitch + s * step] on
     */
    static void addPatches(
            float[] table,
            int tableStart,
            int[] offsets,
            float[] factors,
            int listSize,
            int[] ends,
            int windows,
            float[] out,
            int to,
            int pitch,
            int step) {
        int to1 = to + pitch;
        int to2 = to1 + pitch;
        int to3 = to2 + pitch;
        FloatVector p00 = FloatVector.fromArray(FLOATS, out, to);
        FloatVector p01 = FloatVector.fromArray(FLOATS, out, to + step);
        FloatVector p10 = FloatVector.fromArray(FLOATS, out, to1);
        FloatVector p11 = FloatVector.fromArray(FLOATS, out, to1 + step);
        FloatVector p20 = FloatVector.fromArray(FLOATS, out, to2);
        FloatVector p21 = FloatVector.fromArray(FLOATS, out, to2 + step);
        FloatVector p30 = FloatVector.fromArray(FLOATS, out, to3);
        FloatVector p31 = FloatVector.fromArray(FLOATS, out, to3 + step);
        for (int window = 0, upper = 0; window < windows; window++, upper += 2 * listSize) {
            FloatVector p02 = FloatVector.fromArray(FLOATS, out, to + 2 * step);
            FloatVector p03 = FloatVector.fromArray(FLOATS, out, to + 3 * step);
            FloatVector p12 = FloatVector.fromArray(FLOATS, out, to1 + 2 * step);
            FloatVector p13 = FloatVector.fromArray(FLOATS, out, to1 + 3 * step);
            FloatVector p22 = FloatVector.fromArray(FLOATS, out, to2 + 2 * step);
            FloatVector p23 = FloatVector.fromArray(FLOATS, out, to2 + 3 * step);
            FloatVector p32 = FloatVector.fromArray(FLOATS, out, to3 + 2 * step);
            FloatVector p33 = FloatVector.fromArray(FLOATS, out, to3 + 3 * step);
            for (int i = upper; i < ends[2 * window]; i++) {
                FloatVector factor = FloatVector.broadcast(FLOATS, factors[i]);
                int row0 = tableStart + offsets[i];
                int row1 = row0 + TABLE_PITCH;
                int row2 = row1 + TABLE_PITCH;
                p00 = FloatVector.fromArray(FLOATS, table, row0).fma(factor, p00);
                p01 = FloatVector.fromArray(FLOATS, table, row0 + LANES).fma(factor, p01);
                p02 = FloatVector.fromArray(FLOATS, table, row0 + 2 * LANES).fma(factor, p02);
                p03 = FloatVector.fromArray(FLOATS, table, row0 + 3 * LANES).fma(factor, p03);
                p10 = FloatVector.fromArray(FLOATS, table, row1).fma(factor, p10);
                p11 = FloatVector.fromArray(FLOATS, table, row1 + LANES).fma(factor, p11);
                p12 = FloatVector.fromArray(FLOATS, table, row1 + 2 * LANES).fma(factor, p12);
                p13 = FloatVector.fromArray(FLOATS, table, row1 + 3 * LANES).fma(factor, p13);
                p20 = FloatVector.fromArray(FLOATS, table, row2).fma(factor, p20);
                p21 = FloatVector.fromArray(FLOATS, table, row2 + LANES).fma(factor, p21);
                p22 = FloatVector.fromArray(FLOATS, table, row2 + 2 * LANES).fma(factor, p22);
                p23 = FloatVector.fromArray(FLOATS, table, row2 + 3 * LANES).fma(factor, p23);
            }
            for (int i = upper + listSize; i < ends[2 * window + 1]; i++) {
                FloatVector factor = FloatVector.broadcast(FLOATS, factors[i]);
                int row0 = tableStart + offsets[i];
                int row1 = row0 + TABLE_PITCH;
                int row2 = row1 + TABLE_PITCH;
                p10 = FloatVector.fromArray(FLOATS, table, row0).fma(factor, p10);
                p11 = FloatVector.fromArray(FLOATS, table, row0 + LANES).fma(factor, p11);
                p12 = FloatVector.fromArray(FLOATS, table, row0 + 2 * LANES).fma(factor, p12);
                p13 = FloatVector.fromArray(FLOATS, table, row0 + 3 * LANES).fma(factor, p13);
                p20 = FloatVector.fromArray(FLOATS, table, row1).fma(factor, p20);
                p21 = FloatVector.fromArray(FLOATS, table, row1 + LANES).fma(factor, p21);
                p22 = FloatVector.fromArray(FLOATS, table, row1 + 2 * LANES).fma(factor, p22);
                p23 = FloatVector.fromArray(FLOATS, table, row1 + 3 * LANES).fma(factor, p23);
                p30 = FloatVector.fromArray(FLOATS, table, row2).fma(factor, p30);
                p31 = FloatVector.fromArray(FLOATS, table, row2 + LANES).fma(factor, p31);
                p32 = FloatVector.fromArray(FLOATS, table, row2 + 2 * LANES).fma(factor, p32);
                p33 = FloatVector.fromArray(FLOATS, table, row2 + 3 * LANES).fma(factor, p33);
            }
            p00.intoArray(out, to);
            p01.intoArray(out, to + step);
            p10.intoArray(out, to1);
            p11.intoArray(out, to1 + step);
            p20.intoArray(out, to2);
            p21.intoArray(out, to2 + step);
            p30.intoArray(out, to3);
            p31.intoArray(out, to3 + step);
            p00 = p02;
            p01 = p03;
            p10 = p12;
            p11 = p13;
            p20 = p22;
            p21 = p23;
            p30 = p32;
            p31 = p33;
            to += 2 * step;
            to1 += 2 * step;
            to2 += 2 * step;
            to3 += 2 * step;
        }
        p00.intoArray(out, to);
        p01.intoArray(out, to + step);
        p10.intoArray(out, to1);
        p11.intoArray(out, to1 + step);
        p20.intoArray(out, to2);
        p21.intoArray(out, to2 + step);
        p30.intoArray(out, to3);
        p31.intoArray(out, to3 + step);
    }

    /**
     * As {@link #addPatches}, for vectors of two columns, where a row of a patch is two of them, and without lists:
     * every channel of a window adds four rows of a table of five rows and five columns, whose border is empty, from a
     * place that its winner gives.
     *
     * @param inChannels half a vector
     * @param winners as the factors, from {@code winnersFrom} on
     * @param firstCell the first window's
     * @param width of the pooling's input
     * @param factors one for each window and channel, from {@code factorsFrom} on
     */
    static void addNarrowPatches(
            float[] table,
            int inChannels,
            int[] winners,
            int winnersFrom,
            int firstCell,
            int width,
            float[] factors,
            int factorsFrom,
            int channels,
            int windows,
            float[] out,
            int to,
            int pitch) {
        int lowerShift = (width - 5) * inChannels;
        int to1 = to + pitch;
        int to2 = to1 + pitch;
        int to3 = to2 + pitch;
        FloatVector p00 = FloatVector.fromArray(FLOATS, out, to);
        FloatVector p10 = FloatVector.fromArray(FLOATS, out, to1);
        FloatVector p20 = FloatVector.fromArray(FLOATS, out, to2);
        FloatVector p30 = FloatVector.fromArray(FLOATS, out, to3);
        for (int window = 0, first = 0; window < windows; window++, first += channels) {
            int cell = firstCell + 2 * window;
            FloatVector p01 = FloatVector.fromArray(FLOATS, out, to + LANES);
            FloatVector p11 = FloatVector.fromArray(FLOATS, out, to1 + LANES);
            FloatVector p21 = FloatVector.fromArray(FLOATS, out, to2 + LANES);
            FloatVector p31 = FloatVector.fromArray(FLOATS, out, to3 + LANES);
            // The first tap is cell (1, 1) of the 25 of a channel.
            for (int o = 0, start = 6 * inChannels; o < channels; o++, start += 25 * inChannels) {
                FloatVector factor = FloatVector.broadcast(FLOATS, factors[factorsFrom + first + o]);
                int inWindow = winners[winnersFrom + first + o] - cell;
                int row0 = start - inWindow * inChannels + (width - 1 - inWindow >> 31 & lowerShift);
                int row1 = row0 + NARROW_TABLE_PITCH;
                int row2 = row1 + NARROW_TABLE_PITCH;
                int row3 = row2 + NARROW_TABLE_PITCH;
                p00 = FloatVector.fromArray(FLOATS, table, row0).fma(factor, p00);
                p01 = FloatVector.fromArray(FLOATS, table, row0 + LANES).fma(factor, p01);
                p10 = FloatVector.fromArray(FLOATS, table, row1).fma(factor, p10);
                p11 = FloatVector.fromArray(FLOATS, table, row1 + LANES).fma(factor, p11);
                p20 = FloatVector.fromArray(FLOATS, table, row2).fma(factor, p20);
                p21 = FloatVector.fromArray(FLOATS, table, row2 + LANES).fma(factor, p21);
                p30 = FloatVector.fromArray(FLOATS, table, row3).fma(factor, p30);
                p31 = FloatVector.fromArray(FLOATS, table, row3 + LANES).fma(factor, p31);
            }
            p00.intoArray(out, to);
            p10.intoArray(out, to1);
            p20.intoArray(out, to2);
            p30.intoArray(out, to3);
            p00 = p01;
            p10 = p11;
            p20 = p21;
            p30 = p31;
            to += LANES;
            to1 += LANES;
            to2 += LANES;
            to3 += LANES;
        }
        p00.intoArray(out, to);
        p10.intoArray(out, to1);
        p20.intoArray(out, to2);
        p30.intoArray(out, to3);
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
        FloatVector d0 = FloatVector.fromArray(FLOATS, sums, at);
        FloatVector d1 = FloatVector.fromArray(FLOATS, sums, at + LANES);
        FloatVector d2 = FloatVector.fromArray(FLOATS, sums, at + 2 * LANES);
        FloatVector d3 = FloatVector.fromArray(FLOATS, sums, at + 3 * LANES);
        FloatVector d4 = FloatVector.fromArray(FLOATS, sums, at + 4 * LANES);
        FloatVector d5 = FloatVector.fromArray(FLOATS, sums, at + 5 * LANES);
        FloatVector d6 = FloatVector.fromArray(FLOATS, sums, at + 6 * LANES);
        FloatVector d7 = FloatVector.fromArray(FLOATS, sums, at + 7 * LANES);
        FloatVector d8 = FloatVector.fromArray(FLOATS, sums, at + 8 * LANES);
        for (int i = from; i < to; i++) {
            FloatVector factor = FloatVector.broadcast(FLOATS, factors[i]);
            int row0 = start + addresses[i];
            int row1 = row0 + pitch;
            int row2 = row1 + pitch;
            d0 = FloatVector.fromArray(FLOATS, x, row0).fma(factor, d0);
            d1 = FloatVector.fromArray(FLOATS, x, row0 + LANES).fma(factor, d1);
            d2 = FloatVector.fromArray(FLOATS, x, row0 + 2 * LANES).fma(factor, d2);
            d3 = FloatVector.fromArray(FLOATS, x, row1).fma(factor, d3);
            d4 = FloatVector.fromArray(FLOATS, x, row1 + LANES).fma(factor, d4);
            d5 = FloatVector.fromArray(FLOATS, x, row1 + 2 * LANES).fma(factor, d5);
            d6 = FloatVector.fromArray(FLOATS, x, row2).fma(factor, d6);
            d7 = FloatVector.fromArray(FLOATS, x, row2 + LANES).fma(factor, d7);
            d8 = FloatVector.fromArray(FLOATS, x, row2 + 2 * LANES).fma(factor, d8);
        }
        d0.intoArray(sums, at);
        d1.intoArray(sums, at + LANES);
        d2.intoArray(sums, at + 2 * LANES);
        d3.intoArray(sums, at + 3 * LANES);
        d4.intoArray(sums, at + 4 * LANES);
        d5.intoArray(sums, at + 5 * LANES);
        d6.intoArray(sums, at + 6 * LANES);
        d7.intoArray(sums, at + 7 * LANES);
        d8.intoArray(sums, at + 8 * LANES);
    }

    /**
     * As {@link #addTaps}, for vectors of two columns, where three taps lie in two vectors whose last half is of no
     * use, and without lists: for the windows of a row, with addresses that their winners give.
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
            float[] x,
            int start,
            int inChannels,
            int[] winners,
            int winnersFrom,
            int firstLower,
            int lowerShift,
            float[] factors,
            int factorsFrom,
            int windows,
            int stride,
            int pitch,
            float[] sums,
            int at) {
        FloatVector d0 = FloatVector.fromArray(FLOATS, sums, at);
        FloatVector d1 = FloatVector.fromArray(FLOATS, sums, at + LANES);
        FloatVector d2 = FloatVector.fromArray(FLOATS, sums, at + 2 * LANES);
        FloatVector d3 = FloatVector.fromArray(FLOATS, sums, at + 3 * LANES);
        FloatVector d4 = FloatVector.fromArray(FLOATS, sums, at + 4 * LANES);
        FloatVector d5 = FloatVector.fromArray(FLOATS, sums, at + 5 * LANES);
        FloatVector total = FloatVector.zero(FLOATS);
        for (int i = 0; i < windows * stride; i += stride) {
            FloatVector factor = FloatVector.broadcast(FLOATS, factors[factorsFrom + i]);
            total = total.add(factor);
            int winner = winners[winnersFrom + i];
            int row0 = start + winner * inChannels + (firstLower - 1 - winner >> 31 & lowerShift);
            int row1 = row0 + pitch;
            int row2 = row1 + pitch;
            d0 = FloatVector.fromArray(FLOATS, x, row0).fma(factor, d0);
            d1 = FloatVector.fromArray(FLOATS, x, row0 + LANES).fma(factor, d1);
            d2 = FloatVector.fromArray(FLOATS, x, row1).fma(factor, d2);
            d3 = FloatVector.fromArray(FLOATS, x, row1 + LANES).fma(factor, d3);
            d4 = FloatVector.fromArray(FLOATS, x, row2).fma(factor, d4);
            d5 = FloatVector.fromArray(FLOATS, x, row2 + LANES).fma(factor, d5);
        }
        d0.intoArray(sums, at);
        d1.intoArray(sums, at + LANES);
        d2.intoArray(sums, at + 2 * LANES);
        d3.intoArray(sums, at + 3 * LANES);
        d4.intoArray(sums, at + 4 * LANES);
        d5.intoArray(sums, at + 5 * LANES);
        return total.lane(0);
    }

    /**
     * What one output channel's weights make of the input at some addresses, as vectors whose lanes are still to be
     * added up: sums[i] = sum over t: x[address[i] + t] * w[t], for i from 0 on.
     *
     * @param x as in {@link #addTaps}
     * @param weights nine vectors from {@code at} on
     * @param add whether the result is added to {@code sums}
     */
    static void taps(
            float[] x,
            int start,
            int[] addresses,
            int count,
            int pitch,
            float[] weights,
            int at,
            boolean add,
            float[] sums) {
        FloatVector w0 = FloatVector.fromArray(FLOATS, weights, at);
        FloatVector w1 = FloatVector.fromArray(FLOATS, weights, at + LANES);
        FloatVector w2 = FloatVector.fromArray(FLOATS, weights, at + 2 * LANES);
        FloatVector w3 = FloatVector.fromArray(FLOATS, weights, at + 3 * LANES);
        FloatVector w4 = FloatVector.fromArray(FLOATS, weights, at + 4 * LANES);
        FloatVector w5 = FloatVector.fromArray(FLOATS, weights, at + 5 * LANES);
        FloatVector w6 = FloatVector.fromArray(FLOATS, weights, at + 6 * LANES);
        FloatVector w7 = FloatVector.fromArray(FLOATS, weights, at + 7 * LANES);
        FloatVector w8 = FloatVector.fromArray(FLOATS, weights, at + 8 * LANES);
        for (int i = 0; i < count; i++) {
            int row0 = start + addresses[i];
            int row1 = row0 + pitch;
            int row2 = row1 + pitch;
            FloatVector s0 = add ? FloatVector.fromArray(FLOATS, sums, i * LANES) : FloatVector.zero(FLOATS);
            s0 = FloatVector.fromArray(FLOATS, x, row0).fma(w0, s0);
            FloatVector s1 = FloatVector.fromArray(FLOATS, x, row1).mul(w3);
            FloatVector s2 = FloatVector.fromArray(FLOATS, x, row2).mul(w6);
            s0 = FloatVector.fromArray(FLOATS, x, row0 + LANES).fma(w1, s0);
            s1 = FloatVector.fromArray(FLOATS, x, row1 + LANES).fma(w4, s1);
            s2 = FloatVector.fromArray(FLOATS, x, row2 + LANES).fma(w7, s2);
            s0 = FloatVector.fromArray(FLOATS, x, row0 + 2 * LANES).fma(w2, s0);
            s1 = FloatVector.fromArray(FLOATS, x, row1 + 2 * LANES).fma(w5, s1);
            s2 = FloatVector.fromArray(FLOATS, x, row2 + 2 * LANES).fma(w8, s2);
            s0.add(s1.add(s2)).intoArray(sums, i * LANES);
        }
    }

    /** As {@link #taps}, for vectors of two columns; the weights of the half that is of no use are zero. */
    static void narrowTaps(float[] x, int[] addresses, int count, int pitch, float[] weights, int at, float[] sums) {
        FloatVector w0 = FloatVector.fromArray(FLOATS, weights, at);
        FloatVector w1 = FloatVector.fromArray(FLOATS, weights, at + LANES);
        FloatVector w2 = FloatVector.fromArray(FLOATS, weights, at + 2 * LANES);
        FloatVector w3 = FloatVector.fromArray(FLOATS, weights, at + 3 * LANES);
        FloatVector w4 = FloatVector.fromArray(FLOATS, weights, at + 4 * LANES);
        FloatVector w5 = FloatVector.fromArray(FLOATS, weights, at + 5 * LANES);
        for (int i = 0; i < count; i++) {
            int row0 = addresses[i];
            int row1 = row0 + pitch;
            int row2 = row1 + pitch;
            FloatVector s0 = FloatVector.fromArray(FLOATS, x, row0).mul(w0);
            FloatVector s1 = FloatVector.fromArray(FLOATS, x, row1).mul(w2);
            FloatVector s2 = FloatVector.fromArray(FLOATS, x, row2).mul(w4);
            s0 = FloatVector.fromArray(FLOATS, x, row0 + LANES).fma(w1, s0);
            s1 = FloatVector.fromArray(FLOATS, x, row1 + LANES).fma(w3, s1);
            s2 = FloatVector.fromArray(FLOATS, x, row2 + LANES).fma(w5, s2);
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

package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loop of {@link WinnerPatches} for several maps at once, written out as those of {@link VectorWinnerLoops} are.
 */
final class VectorMapLoops {
    private static final VectorSpecies<Float> FLOATS = VectorWidth.FLOATS;
    private static final int LANES = FLOATS.length();
    /** From one row of taps to the next in a table of five columns. */
    private static final int TABLE_PITCH = 5 * LANES;
    /** Maps that are carried back together: the sums of their patches' halves fill 24 of 32 registers. */
    static final int MAPS = 3;

    private VectorMapLoops() {}

    /** Whether this processor has the registers, which came with vectors of 512 bits. */
    static boolean fits() {
        return LANES == 16;
    }

    /**
     * Adds to two columns of the 4 x 4 patches that a window has in three maps: the factors {@code upper} to
     * {@code upperEnd - 1} times rows of two taps to the first three rows, and those from {@code lower} to
     * {@code lowerEnd - 1} to the last three. The taps are loaded once for all maps.
     *
     * @param table rows of taps: three rows, five columns and a vector of channels from [tableStart + offset] on
     * @param offsets one for each factor
     * @param factors those of map m from [m * mapFactors] on
     * @param out the cell [r, s] of map m is a vector from [to + m * mapValues + r * pitch + s * step] on
     */
    static void addColumns(
            float[] table,
            int tableStart,
            int[] offsets,
            float[] factors,
            int mapFactors,
            int upper,
            int upperEnd,
            int lower,
            int lowerEnd,
            float[] out,
            int mapValues,
            int to,
            int pitch,
            int step) {
        int at0 = to;
        int at1 = at0 + pitch;
        int at2 = at1 + pitch;
        int at3 = at2 + pitch;
        int at4 = at0 + mapValues;
        int at5 = at4 + pitch;
        int at6 = at5 + pitch;
        int at7 = at6 + pitch;
        int at8 = at4 + mapValues;
        int at9 = at8 + pitch;
        int at10 = at9 + pitch;
        int at11 = at10 + pitch;
        FloatVector a00 = FloatVector.fromArray(FLOATS, out, at0);
        FloatVector a01 = FloatVector.fromArray(FLOATS, out, at0 + step);
        FloatVector a10 = FloatVector.fromArray(FLOATS, out, at1);
        FloatVector a11 = FloatVector.fromArray(FLOATS, out, at1 + step);
        FloatVector a20 = FloatVector.fromArray(FLOATS, out, at2);
        FloatVector a21 = FloatVector.fromArray(FLOATS, out, at2 + step);
        FloatVector a30 = FloatVector.fromArray(FLOATS, out, at3);
        FloatVector a31 = FloatVector.fromArray(FLOATS, out, at3 + step);
        FloatVector b00 = FloatVector.fromArray(FLOATS, out, at4);
        FloatVector b01 = FloatVector.fromArray(FLOATS, out, at4 + step);
        FloatVector b10 = FloatVector.fromArray(FLOATS, out, at5);
        FloatVector b11 = FloatVector.fromArray(FLOATS, out, at5 + step);
        FloatVector b20 = FloatVector.fromArray(FLOATS, out, at6);
        FloatVector b21 = FloatVector.fromArray(FLOATS, out, at6 + step);
        FloatVector b30 = FloatVector.fromArray(FLOATS, out, at7);
        FloatVector b31 = FloatVector.fromArray(FLOATS, out, at7 + step);
        FloatVector c00 = FloatVector.fromArray(FLOATS, out, at8);
        FloatVector c01 = FloatVector.fromArray(FLOATS, out, at8 + step);
        FloatVector c10 = FloatVector.fromArray(FLOATS, out, at9);
        FloatVector c11 = FloatVector.fromArray(FLOATS, out, at9 + step);
        FloatVector c20 = FloatVector.fromArray(FLOATS, out, at10);
        FloatVector c21 = FloatVector.fromArray(FLOATS, out, at10 + step);
        FloatVector c30 = FloatVector.fromArray(FLOATS, out, at11);
        FloatVector c31 = FloatVector.fromArray(FLOATS, out, at11 + step);
        for (int i = upper; i < upperEnd; i++) {
            int row = tableStart + offsets[i];
            FloatVector a = FloatVector.broadcast(FLOATS, factors[i]);
            FloatVector b = FloatVector.broadcast(FLOATS, factors[mapFactors + i]);
            FloatVector c = FloatVector.broadcast(FLOATS, factors[2 * mapFactors + i]);
            FloatVector taps = FloatVector.fromArray(FLOATS, table, row);
            a00 = taps.fma(a, a00);
            b00 = taps.fma(b, b00);
            c00 = taps.fma(c, c00);
            taps = FloatVector.fromArray(FLOATS, table, row + LANES);
            a01 = taps.fma(a, a01);
            b01 = taps.fma(b, b01);
            c01 = taps.fma(c, c01);
            taps = FloatVector.fromArray(FLOATS, table, row + TABLE_PITCH);
            a10 = taps.fma(a, a10);
            b10 = taps.fma(b, b10);
            c10 = taps.fma(c, c10);
            taps = FloatVector.fromArray(FLOATS, table, row + TABLE_PITCH + LANES);
            a11 = taps.fma(a, a11);
            b11 = taps.fma(b, b11);
            c11 = taps.fma(c, c11);
            taps = FloatVector.fromArray(FLOATS, table, row + 2 * TABLE_PITCH);
            a20 = taps.fma(a, a20);
            b20 = taps.fma(b, b20);
            c20 = taps.fma(c, c20);
            taps = FloatVector.fromArray(FLOATS, table, row + 2 * TABLE_PITCH + LANES);
            a21 = taps.fma(a, a21);
            b21 = taps.fma(b, b21);
            c21 = taps.fma(c, c21);
        }
        for (int i = lower; i < lowerEnd; i++) {
            int row = tableStart + offsets[i];
            FloatVector a = FloatVector.broadcast(FLOATS, factors[i]);
            FloatVector b = FloatVector.broadcast(FLOATS, factors[mapFactors + i]);
            FloatVector c = FloatVector.broadcast(FLOATS, factors[2 * mapFactors + i]);
            FloatVector taps = FloatVector.fromArray(FLOATS, table, row);
            a10 = taps.fma(a, a10);
            b10 = taps.fma(b, b10);
            c10 = taps.fma(c, c10);
            taps = FloatVector.fromArray(FLOATS, table, row + LANES);
            a11 = taps.fma(a, a11);
            b11 = taps.fma(b, b11);
            c11 = taps.fma(c, c11);
            taps = FloatVector.fromArray(FLOATS, table, row + TABLE_PITCH);
            a20 = taps.fma(a, a20);
            b20 = taps.fma(b, b20);
            c20 = taps.fma(c, c20);
            taps = FloatVector.fromArray(FLOATS, table, row + TABLE_PITCH + LANES);
            a21 = taps.fma(a, a21);
            b21 = taps.fma(b, b21);
            c21 = taps.fma(c, c21);
            taps = FloatVector.fromArray(FLOATS, table, row + 2 * TABLE_PITCH);
            a30 = taps.fma(a, a30);
            b30 = taps.fma(b, b30);
            c30 = taps.fma(c, c30);
            taps = FloatVector.fromArray(FLOATS, table, row + 2 * TABLE_PITCH + LANES);
            a31 = taps.fma(a, a31);
            b31 = taps.fma(b, b31);
            c31 = taps.fma(c, c31);
        }
        a00.intoArray(out, at0);
        a01.intoArray(out, at0 + step);
        a10.intoArray(out, at1);
        a11.intoArray(out, at1 + step);
        a20.intoArray(out, at2);
        a21.intoArray(out, at2 + step);
        a30.intoArray(out, at3);
        a31.intoArray(out, at3 + step);
        b00.intoArray(out, at4);
        b01.intoArray(out, at4 + step);
        b10.intoArray(out, at5);
        b11.intoArray(out, at5 + step);
        b20.intoArray(out, at6);
        b21.intoArray(out, at6 + step);
        b30.intoArray(out, at7);
        b31.intoArray(out, at7 + step);
        c00.intoArray(out, at8);
        c01.intoArray(out, at8 + step);
        c10.intoArray(out, at9);
        c11.intoArray(out, at9 + step);
        c20.intoArray(out, at10);
        c21.intoArray(out, at10 + step);
        c30.intoArray(out, at11);
        c31.intoArray(out, at11 + step);
    }
}

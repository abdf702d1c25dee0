package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link VectorFirstLayer} and {@link VectorFirstLayerGradient} for layers whose output channels fill half a vector:
 * each vector holds two windows side by side, whose inputs are two columns apart.
 *
 * <p>The sums are written out here as there: in methods of this size C2 no longer inlines helpers of ours, and vectors
 * that cross a call go to the heap, which takes twenty times as long (measured on JDK 17 and 25).
 */
final class VectorNarrowFirstLayer {
    private static final VectorSpecies<Float> FLOATS = VectorWidth.FLOATS;
    private static final VectorSpecies<Integer> INTS = FLOATS.vectorShape().withLanes(int.class);
    private static final int LANES = FLOATS.length();

    private VectorNarrowFirstLayer() {}

    /** Whether so many output channels fill half a vector. */
    static boolean fits(int channels) {
        return 2 * channels == LANES;
    }

    /** The lanes of the second window. */
    private static IntVector secondWindow() {
        return IntVector.zero(INTS)
                .addIndex(1)
                .sub(LANES / 2 - 1)
                .lanewise(VectorOperators.MAX, 0)
                .lanewise(VectorOperators.MIN, 1);
    }

    /**
     * One row of windows; parameters as in {@link VectorFirstLayer#row} but for these.
     *
     * @param w [9 x 2 x channels], each row twice; so is {@code bias}
     * @param windows how many, at least two
     */
    static void row(
            float[] x,
            int top,
            int rowFloats,
            float[] w,
            float[] bias,
            int windows,
            int firstCell,
            int width,
            float[] y,
            int[] winners,
            int yStart) {
        FloatVector w0 = FloatVector.fromArray(FLOATS, w, 0);
        FloatVector w1 = FloatVector.fromArray(FLOATS, w, 1 * LANES);
        FloatVector w2 = FloatVector.fromArray(FLOATS, w, 2 * LANES);
        FloatVector w3 = FloatVector.fromArray(FLOATS, w, 3 * LANES);
        FloatVector w4 = FloatVector.fromArray(FLOATS, w, 4 * LANES);
        FloatVector w5 = FloatVector.fromArray(FLOATS, w, 5 * LANES);
        FloatVector w6 = FloatVector.fromArray(FLOATS, w, 6 * LANES);
        FloatVector w7 = FloatVector.fromArray(FLOATS, w, 7 * LANES);
        FloatVector w8 = FloatVector.fromArray(FLOATS, w, 8 * LANES);
        FloatVector b = FloatVector.fromArray(FLOATS, bias, 0);
        IntVector columns = secondWindow();
        VectorMask<Float> second = columns.compare(VectorOperators.EQ, 1).cast(FLOATS);
        IntVector cells = columns.add(columns).add(firstCell);
        // Numbers travel as the bits of floats, so that the mask of a float comparison selects them too.
        FloatVector firstPlace = IntVector.zero(INTS).reinterpretAsFloats();
        FloatVector secondPlace = IntVector.broadcast(INTS, 1).reinterpretAsFloats();
        FloatVector thirdPlace = IntVector.broadcast(INTS, width).reinterpretAsFloats();
        FloatVector fourthPlace = IntVector.broadcast(INTS, width + 1).reinterpretAsFloats();
        FloatVector zero = FloatVector.zero(FLOATS);
        int top1 = top + rowFloats;
        int top2 = top1 + rowFloats;
        int top3 = top2 + rowFloats;
        for (int pair = 0; pair < windows; pair += 2) {
            int window = Math.min(pair, windows - 2); // the last of an odd number is computed with the one before
            int column = 2 * window;
            FloatVector x00 = FloatVector.broadcast(FLOATS, x[top + column])
                    .blend(FloatVector.broadcast(FLOATS, x[top + column + 2]), second);
            FloatVector x01 = FloatVector.broadcast(FLOATS, x[top + column + 1])
                    .blend(FloatVector.broadcast(FLOATS, x[top + column + 3]), second);
            FloatVector x02 = FloatVector.broadcast(FLOATS, x[top + column + 2])
                    .blend(FloatVector.broadcast(FLOATS, x[top + column + 4]), second);
            FloatVector x03 = FloatVector.broadcast(FLOATS, x[top + column + 3])
                    .blend(FloatVector.broadcast(FLOATS, x[top + column + 5]), second);
            FloatVector x10 = FloatVector.broadcast(FLOATS, x[top1 + column])
                    .blend(FloatVector.broadcast(FLOATS, x[top1 + column + 2]), second);
            FloatVector x11 = FloatVector.broadcast(FLOATS, x[top1 + column + 1])
                    .blend(FloatVector.broadcast(FLOATS, x[top1 + column + 3]), second);
            FloatVector x12 = FloatVector.broadcast(FLOATS, x[top1 + column + 2])
                    .blend(FloatVector.broadcast(FLOATS, x[top1 + column + 4]), second);
            FloatVector x13 = FloatVector.broadcast(FLOATS, x[top1 + column + 3])
                    .blend(FloatVector.broadcast(FLOATS, x[top1 + column + 5]), second);
            FloatVector x20 = FloatVector.broadcast(FLOATS, x[top2 + column])
                    .blend(FloatVector.broadcast(FLOATS, x[top2 + column + 2]), second);
            FloatVector x21 = FloatVector.broadcast(FLOATS, x[top2 + column + 1])
                    .blend(FloatVector.broadcast(FLOATS, x[top2 + column + 3]), second);
            FloatVector x22 = FloatVector.broadcast(FLOATS, x[top2 + column + 2])
                    .blend(FloatVector.broadcast(FLOATS, x[top2 + column + 4]), second);
            FloatVector x23 = FloatVector.broadcast(FLOATS, x[top2 + column + 3])
                    .blend(FloatVector.broadcast(FLOATS, x[top2 + column + 5]), second);
            FloatVector x30 = FloatVector.broadcast(FLOATS, x[top3 + column])
                    .blend(FloatVector.broadcast(FLOATS, x[top3 + column + 2]), second);
            FloatVector x31 = FloatVector.broadcast(FLOATS, x[top3 + column + 1])
                    .blend(FloatVector.broadcast(FLOATS, x[top3 + column + 3]), second);
            FloatVector x32 = FloatVector.broadcast(FLOATS, x[top3 + column + 2])
                    .blend(FloatVector.broadcast(FLOATS, x[top3 + column + 4]), second);
            FloatVector x33 = FloatVector.broadcast(FLOATS, x[top3 + column + 3])
                    .blend(FloatVector.broadcast(FLOATS, x[top3 + column + 5]), second);
            FloatVector a = x00.fma(w0, b);
            a = x01.fma(w1, a);
            a = x02.fma(w2, a);
            a = x10.fma(w3, a);
            a = x11.fma(w4, a);
            a = x12.fma(w5, a);
            a = x20.fma(w6, a);
            a = x21.fma(w7, a);
            a = x22.fma(w8, a);
            FloatVector c = x01.fma(w0, b);
            c = x02.fma(w1, c);
            c = x03.fma(w2, c);
            c = x11.fma(w3, c);
            c = x12.fma(w4, c);
            c = x13.fma(w5, c);
            c = x21.fma(w6, c);
            c = x22.fma(w7, c);
            c = x23.fma(w8, c);
            FloatVector d = x10.fma(w0, b);
            d = x11.fma(w1, d);
            d = x12.fma(w2, d);
            d = x20.fma(w3, d);
            d = x21.fma(w4, d);
            d = x22.fma(w5, d);
            d = x30.fma(w6, d);
            d = x31.fma(w7, d);
            d = x32.fma(w8, d);
            FloatVector e = x11.fma(w0, b);
            e = x12.fma(w1, e);
            e = x13.fma(w2, e);
            e = x21.fma(w3, e);
            e = x22.fma(w4, e);
            e = x23.fma(w5, e);
            e = x31.fma(w6, e);
            e = x32.fma(w7, e);
            e = x33.fma(w8, e);
            // "Not smaller or equal" lets NaN win, and "equals itself" lets only the first one.
            VectorMask<Float> secondWins =
                    c.compare(VectorOperators.LE, a).not().and(a.compare(VectorOperators.EQ, a));
            FloatVector upper = a.blend(c, secondWins);
            FloatVector upperWinner = firstPlace.blend(secondPlace, secondWins);
            VectorMask<Float> fourthWins =
                    e.compare(VectorOperators.LE, d).not().and(d.compare(VectorOperators.EQ, d));
            FloatVector lower = d.blend(e, fourthWins);
            FloatVector lowerWinner = thirdPlace.blend(fourthPlace, fourthWins);
            VectorMask<Float> lowerWins =
                    lower.compare(VectorOperators.LE, upper).not().and(upper.compare(VectorOperators.EQ, upper));
            FloatVector best = upper.blend(lower, lowerWins);
            FloatVector winner = upperWinner.blend(lowerWinner, lowerWins);
            winner = winner.blend(firstPlace, best.compare(VectorOperators.LE, zero));
            best.max(zero).intoArray(y, yStart + window * (LANES / 2));
            if (winners != null) {
                winner.reinterpretAsInts().add(cells).add(column).intoArray(winners, yStart + window * (LANES / 2));
            }
        }
    }

    /**
     * Adds one row of windows to the gradients; parameters as in {@link VectorFirstLayerGradient#addRow} but for these.
     *
     * @param windows how many, an even number
     * @param sums dw and below it dbias, [10 x 2 x channels] from {@code sum} on: the windows' sums side by side
     */
    static void addRow(
            float[] x,
            int top,
            int rowFloats,
            int windows,
            int firstCell,
            int width,
            float[] y,
            float[] dy,
            int[] winners,
            int from,
            float[] sums,
            int sum) {
        FloatVector d0 = FloatVector.fromArray(FLOATS, sums, sum);
        FloatVector d1 = FloatVector.fromArray(FLOATS, sums, sum + 1 * LANES);
        FloatVector d2 = FloatVector.fromArray(FLOATS, sums, sum + 2 * LANES);
        FloatVector d3 = FloatVector.fromArray(FLOATS, sums, sum + 3 * LANES);
        FloatVector d4 = FloatVector.fromArray(FLOATS, sums, sum + 4 * LANES);
        FloatVector d5 = FloatVector.fromArray(FLOATS, sums, sum + 5 * LANES);
        FloatVector d6 = FloatVector.fromArray(FLOATS, sums, sum + 6 * LANES);
        FloatVector d7 = FloatVector.fromArray(FLOATS, sums, sum + 7 * LANES);
        FloatVector d8 = FloatVector.fromArray(FLOATS, sums, sum + 8 * LANES);
        FloatVector bias = FloatVector.fromArray(FLOATS, sums, sum + 9 * LANES);
        IntVector columns = secondWindow();
        VectorMask<Float> second = columns.compare(VectorOperators.EQ, 1).cast(FLOATS);
        IntVector cells = columns.add(columns).add(firstCell);
        IntVector zero = IntVector.zero(INTS);
        int top1 = top + rowFloats;
        int top2 = top1 + rowFloats;
        int top3 = top2 + rowFloats;
        for (int window = 0, at = from; window < windows; window += 2, at += LANES) {
            int column = 2 * window;
            FloatVector positive = FloatVector.fromArray(FLOATS, y, at);
            FloatVector g = FloatVector.zero(FLOATS)
                    .blend(FloatVector.fromArray(FLOATS, dy, at), positive.compare(VectorOperators.GT, 0f));
            IntVector winner = IntVector.fromArray(INTS, winners, at).sub(cells).sub(column);
            IntVector bits = g.reinterpretAsInts();
            FloatVector g0 =
                    zero.blend(bits, winner.compare(VectorOperators.EQ, 0)).reinterpretAsFloats();
            FloatVector g1 =
                    zero.blend(bits, winner.compare(VectorOperators.EQ, 1)).reinterpretAsFloats();
            FloatVector g2 =
                    zero.blend(bits, winner.compare(VectorOperators.EQ, width)).reinterpretAsFloats();
            FloatVector g3 = zero.blend(bits, winner.compare(VectorOperators.EQ, width + 1))
                    .reinterpretAsFloats();
            bias = bias.add(g);
            FloatVector x00 = FloatVector.broadcast(FLOATS, x[top + column])
                    .blend(FloatVector.broadcast(FLOATS, x[top + column + 2]), second);
            FloatVector x01 = FloatVector.broadcast(FLOATS, x[top + column + 1])
                    .blend(FloatVector.broadcast(FLOATS, x[top + column + 3]), second);
            FloatVector x02 = FloatVector.broadcast(FLOATS, x[top + column + 2])
                    .blend(FloatVector.broadcast(FLOATS, x[top + column + 4]), second);
            FloatVector x03 = FloatVector.broadcast(FLOATS, x[top + column + 3])
                    .blend(FloatVector.broadcast(FLOATS, x[top + column + 5]), second);
            FloatVector x10 = FloatVector.broadcast(FLOATS, x[top1 + column])
                    .blend(FloatVector.broadcast(FLOATS, x[top1 + column + 2]), second);
            FloatVector x11 = FloatVector.broadcast(FLOATS, x[top1 + column + 1])
                    .blend(FloatVector.broadcast(FLOATS, x[top1 + column + 3]), second);
            FloatVector x12 = FloatVector.broadcast(FLOATS, x[top1 + column + 2])
                    .blend(FloatVector.broadcast(FLOATS, x[top1 + column + 4]), second);
            FloatVector x13 = FloatVector.broadcast(FLOATS, x[top1 + column + 3])
                    .blend(FloatVector.broadcast(FLOATS, x[top1 + column + 5]), second);
            FloatVector x20 = FloatVector.broadcast(FLOATS, x[top2 + column])
                    .blend(FloatVector.broadcast(FLOATS, x[top2 + column + 2]), second);
            FloatVector x21 = FloatVector.broadcast(FLOATS, x[top2 + column + 1])
                    .blend(FloatVector.broadcast(FLOATS, x[top2 + column + 3]), second);
            FloatVector x22 = FloatVector.broadcast(FLOATS, x[top2 + column + 2])
                    .blend(FloatVector.broadcast(FLOATS, x[top2 + column + 4]), second);
            FloatVector x23 = FloatVector.broadcast(FLOATS, x[top2 + column + 3])
                    .blend(FloatVector.broadcast(FLOATS, x[top2 + column + 5]), second);
            FloatVector x30 = FloatVector.broadcast(FLOATS, x[top3 + column])
                    .blend(FloatVector.broadcast(FLOATS, x[top3 + column + 2]), second);
            FloatVector x31 = FloatVector.broadcast(FLOATS, x[top3 + column + 1])
                    .blend(FloatVector.broadcast(FLOATS, x[top3 + column + 3]), second);
            FloatVector x32 = FloatVector.broadcast(FLOATS, x[top3 + column + 2])
                    .blend(FloatVector.broadcast(FLOATS, x[top3 + column + 4]), second);
            FloatVector x33 = FloatVector.broadcast(FLOATS, x[top3 + column + 3])
                    .blend(FloatVector.broadcast(FLOATS, x[top3 + column + 5]), second);
            d0 = x00.fma(g0, d0);
            d1 = x01.fma(g0, d1);
            d2 = x02.fma(g0, d2);
            d3 = x10.fma(g0, d3);
            d4 = x11.fma(g0, d4);
            d5 = x12.fma(g0, d5);
            d6 = x20.fma(g0, d6);
            d7 = x21.fma(g0, d7);
            d8 = x22.fma(g0, d8);
            d0 = x01.fma(g1, d0);
            d1 = x02.fma(g1, d1);
            d2 = x03.fma(g1, d2);
            d3 = x11.fma(g1, d3);
            d4 = x12.fma(g1, d4);
            d5 = x13.fma(g1, d5);
            d6 = x21.fma(g1, d6);
            d7 = x22.fma(g1, d7);
            d8 = x23.fma(g1, d8);
            d0 = x10.fma(g2, d0);
            d1 = x11.fma(g2, d1);
            d2 = x12.fma(g2, d2);
            d3 = x20.fma(g2, d3);
            d4 = x21.fma(g2, d4);
            d5 = x22.fma(g2, d5);
            d6 = x30.fma(g2, d6);
            d7 = x31.fma(g2, d7);
            d8 = x32.fma(g2, d8);
            d0 = x11.fma(g3, d0);
            d1 = x12.fma(g3, d1);
            d2 = x13.fma(g3, d2);
            d3 = x21.fma(g3, d3);
            d4 = x22.fma(g3, d4);
            d5 = x23.fma(g3, d5);
            d6 = x31.fma(g3, d6);
            d7 = x32.fma(g3, d7);
            d8 = x33.fma(g3, d8);
        }
        d0.intoArray(sums, sum);
        d1.intoArray(sums, sum + 1 * LANES);
        d2.intoArray(sums, sum + 2 * LANES);
        d3.intoArray(sums, sum + 3 * LANES);
        d4.intoArray(sums, sum + 4 * LANES);
        d5.intoArray(sums, sum + 5 * LANES);
        d6.intoArray(sums, sum + 6 * LANES);
        d7.intoArray(sums, sum + 7 * LANES);
        d8.intoArray(sums, sum + 8 * LANES);
        bias.intoArray(sums, sum + 9 * LANES);
    }
}

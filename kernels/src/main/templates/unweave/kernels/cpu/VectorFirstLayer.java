package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link FirstLayer}: a convolution of 3 x 3 taps over one channel with ReLU and 2 x 2 max pooling, and
 * its gradients towards weights and bias.
 *
 * <pre>
 * z[p,o] = bias[o] + sum over taps t: x[p + t] * w[t,o]
 * y[q,o] = max(0, max over the four pixels p of window q: z[p,o])
 *
 * dw[t,o]  = sum over windows q with y[q,o] &gt; 0: dy[q,o] * x[winner of (q,o) + t]
 * dbias[o] = sum over windows q with y[q,o] &gt; 0: dy[q,o]
 * </pre>
 *
 * A window sees 4 x 4 inputs, from which its four pixels take 3 x 3 each:
 *
 * <pre>
 * x00 x01 x02 x03      pixel 0 begins at x00, pixel 1 at x01,
 * x10 x11 x12 x13      pixel 2 begins at x10, pixel 3 at x11
 * x20 x21 x22 x23
 * x30 x31 x32 x33
 * </pre>
 *
 * Lanes are output channels. Where these fill half a vector, a vector holds two windows side by side (Pairs), whose
 * inputs are two columns apart; else one (Singles).
 *
 * <p>With nine terms to a sum, a product by blocks spends most of its time on writing sums that pooling reads again.
 * Here the weights stay in registers along a row of windows, and the four sums of a window never leave them. Pooling
 * comes before the ReLU, which changes neither values nor winners: where nothing is above zero, all four are zero and
 * the first wins. The gradient of a window goes to one of its four pixels; the three zeros are not stored.
 *
 * <p>With singles off, a gtzan training step takes 1.1 times as long. With pairs off, a toy training step takes 1.4
 * times as long, with their gradients alone off 1.2 times (JDK 17 and 25, Emerald Rapids).
 */
final class VectorFirstLayer {
    private static final VectorSpecies<Float> FLOATS = VectorWidth.FLOATS;
    private static final VectorSpecies<Integer> INTS = FLOATS.vectorShape().withLanes(int.class);
    private static final int LANES = FLOATS.length();

    private VectorFirstLayer() {}

    /** Whether so many output channels fill whole vectors, or half of one where a row has two windows or more. */
    static boolean fits(int channels, int windows) {
        return channels % LANES == 0 || 2 * channels == LANES && windows >= 2;
    }

    /** Whether {@link #addRow} fits too: pairs need an even number of windows. */
    static boolean fitsGradients(int channels, int windows) {
        return channels % LANES == 0 || 2 * channels == LANES && windows % 2 == 0;
    }

    /** Columns of weights, bias and sums: the channels, twice where they fill half a vector. */
    static int columns(int channels) {
        return Math.max(channels, LANES);
    }

    /** 0 in the lanes of the first window of a pair, 1 in those of the second. */
    private static IntVector windowInPair() {
        return IntVector.zero(INTS)
                .addIndex(1)
                .sub(LANES / 2 - 1)
                .lanewise(VectorOperators.MAX, 0)
                .lanewise(VectorOperators.MIN, 1);
    }

    /**
     * One row of windows.
     *
     * @param x input with its padding; the first window sees x[top + r * rowFloats + c] for r, c &lt; 4, each further
     *     one two columns on
     * @param w [9 x {@link #columns}]
     * @param bias [{@link #columns}]
     * @param firstCell the first window's first pixel, counted in its image
     * @param width columns of the convolution's output
     * @param y receives [windows x channels] from yStart on; so does {@code winners}, unless it is null, as pixels
     *     counted in the image
     */
    static void row(
            float[] x, int top, int rowFloats, float[] w, float[] bias, int channels, int windows, int firstCell,
            int width, float[] y, int[] winners, int yStart) {
        if (channels < LANES) {
            rowOfPairs(x, top, rowFloats, w, bias, channels, 0, windows, firstCell, width, y, winners, yStart);
            return;
        }
        for (int channel = 0; channel < channels; channel += LANES) {
            rowOfSingles(x, top, rowFloats, w, bias, channels, channel, windows, firstCell, width, y, winners, yStart);
        }
    }

    //: each kind in Singles Pairs
    private static void rowOf$kind(
            float[] x, int top, int rowFloats, float[] w, float[] bias, int channels, int channel, int windows,
            int firstCell, int width, float[] y, int[] winners, int yStart) {
        int columns = columns(channels);
        //: each r < 3
        //: each c < 3
        FloatVector w$r$c = FloatVector.fromArray(FLOATS, w, channel + ${3*r+c} * columns);
        //: end
        //: end
        FloatVector b = FloatVector.fromArray(FLOATS, bias, channel);
        // Numbers travel as the bits of floats, so that the mask of a float comparison selects them too.
        FloatVector first = IntVector.zero(INTS).reinterpretAsFloats();
        FloatVector second = IntVector.broadcast(INTS, 1).reinterpretAsFloats();
        FloatVector third = IntVector.broadcast(INTS, width).reinterpretAsFloats();
        FloatVector fourth = IntVector.broadcast(INTS, width + 1).reinterpretAsFloats();
        FloatVector zero = FloatVector.zero(FLOATS);
        int top0 = top;
        //: each above in 0 1 2, r in 1 2 3
        int top$r = top$above + rowFloats;
        //: end
        //: if $kind is Singles
        for (int window = 0; window < windows; window++) {
        //: end
        //: if $kind is Pairs
        IntVector inPair = windowInPair();
        VectorMask<Float> ofSecond = inPair.compare(VectorOperators.EQ, 1).cast(FLOATS);
        IntVector cells = inPair.add(inPair).add(firstCell);
        for (int pair = 0; pair < windows; pair += 2) {
            int window = Math.min(pair, windows - 2); // the last of an odd number is computed with the one before
        //: end
            int column = 2 * window;
            //: each r < 4
            //: each c < 4
            //: if $kind is Singles
            FloatVector x$r$c = FloatVector.broadcast(FLOATS, x[top$r + column + $c]);
            //: end
            //: if $kind is Pairs
            FloatVector x$r$c = FloatVector.broadcast(FLOATS, x[top$r + column + $c])
                    .blend(FloatVector.broadcast(FLOATS, x[top$r + column + ${c+2}]), ofSecond);
            //: end
            //: end
            //: end
            //: each p in 0 1 2 3, py in 0 0 1 1, px in 0 1 0 1
            FloatVector z$p = b;
            //: each r < 3
            //: each c < 3
            z$p = x${py+r}${px+c}.fma(w$r$c, z$p);
            //: end
            //: end
            //: end
            // "Not smaller or equal" lets NaN win, and "equals itself" lets only the first one.
            VectorMask<Float> secondWins =
                    z1.compare(VectorOperators.LE, z0).not().and(z0.compare(VectorOperators.EQ, z0));
            FloatVector upper = z0.blend(z1, secondWins);
            FloatVector upperWinner = first.blend(second, secondWins);
            VectorMask<Float> fourthWins =
                    z3.compare(VectorOperators.LE, z2).not().and(z2.compare(VectorOperators.EQ, z2));
            FloatVector lower = z2.blend(z3, fourthWins);
            FloatVector lowerWinner = third.blend(fourth, fourthWins);
            VectorMask<Float> lowerWins =
                    lower.compare(VectorOperators.LE, upper).not().and(upper.compare(VectorOperators.EQ, upper));
            FloatVector best = upper.blend(lower, lowerWins);
            FloatVector winner = upperWinner.blend(lowerWinner, lowerWins);
            winner = winner.blend(first, best.compare(VectorOperators.LE, zero));
            int out = yStart + window * channels + channel;
            best.max(zero).intoArray(y, out);
            if (winners != null) {
                //: if $kind is Singles
                winner.reinterpretAsInts().add(firstCell + column).intoArray(winners, out);
                //: end
                //: if $kind is Pairs
                winner.reinterpretAsInts().add(cells).add(column).intoArray(winners, out);
                //: end
            }
        }
    }

    //: end
    /**
     * Adds one row of windows to the gradients; parameters as in {@link #row} but for these.
     *
     * @param y the output of {@link #row}, [windows x channels] from {@code from} on, as are {@code dy} and {@code winners}
     * @param sums dw and below it dbias, [10 x {@link #columns}] from {@code sum} on
     */
    static void addRow(
            float[] x, int top, int rowFloats, int channels, int windows, int firstCell, int width, float[] y,
            float[] dy, int[] winners, int from, float[] sums, int sum) {
        if (channels < LANES) {
            addRowOfPairs(x, top, rowFloats, channels, windows, firstCell, width, y, dy, winners, from, sums, sum);
            return;
        }
        for (int channel = 0; channel < channels; channel += LANES) {
            addRowOfSingles(
                    x, top, rowFloats, channels, windows, firstCell, width, y, dy, winners, from + channel, sums,
                    sum + channel);
        }
    }

    //: each kind in Singles Pairs, step in 1 2
    private static void addRowOf$kind(
            float[] x, int top, int rowFloats, int channels, int windows, int firstCell, int width, float[] y,
            float[] dy, int[] winners, int from, float[] sums, int sum) {
        int columns = columns(channels);
        //: each r < 3
        //: each c < 3
        FloatVector d$r$c = FloatVector.fromArray(FLOATS, sums, sum + ${3*r+c} * columns);
        //: end
        //: end
        FloatVector bias = FloatVector.fromArray(FLOATS, sums, sum + 9 * columns);
        //: if $kind is Pairs
        IntVector inPair = windowInPair();
        VectorMask<Float> ofSecond = inPair.compare(VectorOperators.EQ, 1).cast(FLOATS);
        IntVector cells = inPair.add(inPair).add(firstCell);
        //: end
        IntVector zero = IntVector.zero(INTS);
        int top0 = top;
        //: each above in 0 1 2, r in 1 2 3
        int top$r = top$above + rowFloats;
        //: end
        for (int window = 0, at = from; window < windows; window += $step, at += $step * channels) {
            int column = 2 * window;
            FloatVector positive = FloatVector.fromArray(FLOATS, y, at);
            FloatVector g = FloatVector.zero(FLOATS)
                    .blend(FloatVector.fromArray(FLOATS, dy, at), positive.compare(VectorOperators.GT, 0f));
            //: if $kind is Singles
            IntVector winner = IntVector.fromArray(INTS, winners, at).sub(firstCell + column);
            //: end
            //: if $kind is Pairs
            IntVector winner = IntVector.fromArray(INTS, winners, at).sub(cells).sub(column);
            //: end
            IntVector bits = g.reinterpretAsInts();
            //: each p in 0 1 2 3, cell in 0 1 width width+1
            FloatVector g$p = zero.blend(bits, winner.compare(VectorOperators.EQ, $cell)).reinterpretAsFloats();
            //: end
            bias = bias.add(g);
            //: each r < 4
            //: each c < 4
            //: if $kind is Singles
            FloatVector x$r$c = FloatVector.broadcast(FLOATS, x[top$r + column + $c]);
            //: end
            //: if $kind is Pairs
            FloatVector x$r$c = FloatVector.broadcast(FLOATS, x[top$r + column + $c])
                    .blend(FloatVector.broadcast(FLOATS, x[top$r + column + ${c+2}]), ofSecond);
            //: end
            //: end
            //: end
            //: each p in 0 1 2 3, py in 0 0 1 1, px in 0 1 0 1
            //: each r < 3
            //: each c < 3
            d$r$c = x${py+r}${px+c}.fma(g$p, d$r$c);
            //: end
            //: end
            //: end
        }
        //: each r < 3
        //: each c < 3
        d$r$c.intoArray(sums, sum + ${3*r+c} * columns);
        //: end
        //: end
        bias.intoArray(sums, sum + 9 * columns);
    }
    //: end
}

package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The first layer of an audio network, 3 x 3 taps over one channel, with ReLU and 2 x 2 max pooling in one go:
 *
 * <pre>z[p,o] = bias[o] + sum over taps t: x[p + t] * w[t,o],
 * y[q,o] = max(0, max over the four p of window q: z[p,o]), and the winner's number.</pre>
 *
 * <p>With nine terms to a sum, a product by blocks spends most of its time on writing sums that pooling reads again.
 * Here the nine weights of a vector of channels stay in registers, the four sums of a window never leave them, and each
 * of the 16 inputs that a window sees is read once. Pooling comes before the ReLU, which changes neither values nor
 * winners: where nothing is above zero, all four are zero and the first wins.
 */
final class VectorFirstLayer {
    private static final VectorSpecies<Float> FLOATS = VectorWidth.FLOATS;
    private static final VectorSpecies<Integer> INTS = FLOATS.vectorShape().withLanes(int.class);
    private static final int LANES = FLOATS.length();

    private VectorFirstLayer() {}

    /** Whether so many output channels fill whole vectors. */
    static boolean fits(int channels) {
        return channels % LANES == 0;
    }

    /**
     * One row of windows.
     *
     * @param x input with its padding; the first window sees x[top + r * rowFloats + c] for r, c &lt; 4, each further
     *     one two columns on
     * @param w [9 x channels]
     * @param bias [channels]
     * @param windows how many
     * @param width columns of the convolution's output, of which rows are {@code firstCell} = the first window's first
     *     cell and so on
     * @param y receives [windows x channels] from yStart on, as does {@code winners} unless it is null
     */
    static void row(
            float[] x,
            int top,
            int rowFloats,
            float[] w,
            float[] bias,
            int channels,
            int windows,
            int firstCell,
            int width,
            float[] y,
            int[] winners,
            int yStart) {
        for (int channel = 0; channel < channels; channel += LANES) {
            vector(
                    x,
                    top,
                    rowFloats,
                    w,
                    bias,
                    channels,
                    channel,
                    windows,
                    firstCell,
                    width,
                    y,
                    winners,
                    yStart + channel);
        }
    }

    private static void vector(
            float[] x,
            int top,
            int rowFloats,
            float[] w,
            float[] bias,
            int channels,
            int channel,
            int windows,
            int firstCell,
            int width,
            float[] y,
            int[] winners,
            int yStart) {
        FloatVector w0 = FloatVector.fromArray(FLOATS, w, channel);
        FloatVector w1 = FloatVector.fromArray(FLOATS, w, channel + channels);
        FloatVector w2 = FloatVector.fromArray(FLOATS, w, channel + 2 * channels);
        FloatVector w3 = FloatVector.fromArray(FLOATS, w, channel + 3 * channels);
        FloatVector w4 = FloatVector.fromArray(FLOATS, w, channel + 4 * channels);
        FloatVector w5 = FloatVector.fromArray(FLOATS, w, channel + 5 * channels);
        FloatVector w6 = FloatVector.fromArray(FLOATS, w, channel + 6 * channels);
        FloatVector w7 = FloatVector.fromArray(FLOATS, w, channel + 7 * channels);
        FloatVector w8 = FloatVector.fromArray(FLOATS, w, channel + 8 * channels);
        FloatVector b = FloatVector.fromArray(FLOATS, bias, channel);
        // Numbers travel as the bits of floats, so that the mask of a float comparison selects them too.
        FloatVector first = IntVector.zero(INTS).reinterpretAsFloats();
        FloatVector second = IntVector.broadcast(INTS, 1).reinterpretAsFloats();
        FloatVector third = IntVector.broadcast(INTS, width).reinterpretAsFloats();
        FloatVector fourth = IntVector.broadcast(INTS, width + 1).reinterpretAsFloats();
        FloatVector zero = FloatVector.zero(FLOATS);
        int top1 = top + rowFloats;
        int top2 = top1 + rowFloats;
        int top3 = top2 + rowFloats;
        for (int window = 0, out = yStart; window < windows; window++, out += channels) {
            FloatVector x00 = FloatVector.broadcast(FLOATS, x[top + 2 * window]);
            FloatVector x01 = FloatVector.broadcast(FLOATS, x[top + 2 * window + 1]);
            FloatVector x02 = FloatVector.broadcast(FLOATS, x[top + 2 * window + 2]);
            FloatVector x03 = FloatVector.broadcast(FLOATS, x[top + 2 * window + 3]);
            FloatVector x10 = FloatVector.broadcast(FLOATS, x[top1 + 2 * window]);
            FloatVector x11 = FloatVector.broadcast(FLOATS, x[top1 + 2 * window + 1]);
            FloatVector x12 = FloatVector.broadcast(FLOATS, x[top1 + 2 * window + 2]);
            FloatVector x13 = FloatVector.broadcast(FLOATS, x[top1 + 2 * window + 3]);
            FloatVector x20 = FloatVector.broadcast(FLOATS, x[top2 + 2 * window]);
            FloatVector x21 = FloatVector.broadcast(FLOATS, x[top2 + 2 * window + 1]);
            FloatVector x22 = FloatVector.broadcast(FLOATS, x[top2 + 2 * window + 2]);
            FloatVector x23 = FloatVector.broadcast(FLOATS, x[top2 + 2 * window + 3]);
            FloatVector x30 = FloatVector.broadcast(FLOATS, x[top3 + 2 * window]);
            FloatVector x31 = FloatVector.broadcast(FLOATS, x[top3 + 2 * window + 1]);
            FloatVector x32 = FloatVector.broadcast(FLOATS, x[top3 + 2 * window + 2]);
            FloatVector x33 = FloatVector.broadcast(FLOATS, x[top3 + 2 * window + 3]);
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
            FloatVector upperWinner = first.blend(second, secondWins);
            VectorMask<Float> fourthWins =
                    e.compare(VectorOperators.LE, d).not().and(d.compare(VectorOperators.EQ, d));
            FloatVector lower = d.blend(e, fourthWins);
            FloatVector lowerWinner = third.blend(fourth, fourthWins);
            VectorMask<Float> lowerWins =
                    lower.compare(VectorOperators.LE, upper).not().and(upper.compare(VectorOperators.EQ, upper));
            FloatVector best = upper.blend(lower, lowerWins);
            FloatVector winner = upperWinner.blend(lowerWinner, lowerWins);
            winner = winner.blend(first, best.compare(VectorOperators.LE, zero));
            best.max(zero).intoArray(y, out);
            if (winners != null) {
                winner.reinterpretAsInts().add(firstCell + 2 * window).intoArray(winners, out);
            }
        }
    }
}

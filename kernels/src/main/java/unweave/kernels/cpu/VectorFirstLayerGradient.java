package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The gradients of {@link VectorFirstLayer} towards weights and bias:
 *
 * <pre>dw[t,o] = sum over windows q with y[q,o] &gt; 0: dy[q,o] * x[winner + t],   dbias[o] = the same sum of dy[q,o].
 * </pre>
 *
 * <p>The gradient of a window goes to one of its four pixels, so the values between convolution and pooling, three of
 * four of them zero, are not made: for each of the four, the vector of channels that it has won is multiplied with the
 * nine inputs that it sees. The ten sums stay in registers along a row.
 */
final class VectorFirstLayerGradient {
    private static final VectorSpecies<Float> FLOATS = VectorWidth.FLOATS;
    private static final VectorSpecies<Integer> INTS = FLOATS.vectorShape().withLanes(int.class);
    private static final int LANES = FLOATS.length();

    private VectorFirstLayerGradient() {}

    /**
     * Adds one row of windows; parameters as in {@link VectorFirstLayer#row}.
     *
     * @param y what the pooling gave, [windows x channels] from {@code from} on, as are {@code dy} and {@code winners}
     * @param sums dw and below it dbias, [10 x channels] from sumsStart on
     */
    static void addRow(
            float[] x,
            int top,
            int rowFloats,
            int channels,
            int windows,
            int firstCell,
            int width,
            float[] y,
            float[] dy,
            int[] winners,
            int from,
            float[] sums,
            int sumsStart) {
        for (int channel = 0; channel < channels; channel += LANES) {
            addVector(
                    x,
                    top,
                    rowFloats,
                    channels,
                    windows,
                    firstCell,
                    width,
                    y,
                    dy,
                    winners,
                    from + channel,
                    sums,
                    sumsStart + channel);
        }
    }

    private static void addVector(
            float[] x,
            int top,
            int rowFloats,
            int channels,
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
        FloatVector d1 = FloatVector.fromArray(FLOATS, sums, sum + 1 * channels);
        FloatVector d2 = FloatVector.fromArray(FLOATS, sums, sum + 2 * channels);
        FloatVector d3 = FloatVector.fromArray(FLOATS, sums, sum + 3 * channels);
        FloatVector d4 = FloatVector.fromArray(FLOATS, sums, sum + 4 * channels);
        FloatVector d5 = FloatVector.fromArray(FLOATS, sums, sum + 5 * channels);
        FloatVector d6 = FloatVector.fromArray(FLOATS, sums, sum + 6 * channels);
        FloatVector d7 = FloatVector.fromArray(FLOATS, sums, sum + 7 * channels);
        FloatVector d8 = FloatVector.fromArray(FLOATS, sums, sum + 8 * channels);
        FloatVector bias = FloatVector.fromArray(FLOATS, sums, sum + 9 * channels);
        IntVector zero = IntVector.zero(INTS);
        int top1 = top + rowFloats;
        int top2 = top1 + rowFloats;
        int top3 = top2 + rowFloats;
        for (int window = 0, at = from; window < windows; window++, at += channels) {
            FloatVector positive = FloatVector.fromArray(FLOATS, y, at);
            FloatVector g = FloatVector.zero(FLOATS)
                    .blend(FloatVector.fromArray(FLOATS, dy, at), positive.compare(VectorOperators.GT, 0f));
            IntVector winner = IntVector.fromArray(INTS, winners, at).sub(firstCell + 2 * window);
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
        d1.intoArray(sums, sum + 1 * channels);
        d2.intoArray(sums, sum + 2 * channels);
        d3.intoArray(sums, sum + 3 * channels);
        d4.intoArray(sums, sum + 4 * channels);
        d5.intoArray(sums, sum + 5 * channels);
        d6.intoArray(sums, sum + 6 * channels);
        d7.intoArray(sums, sum + 7 * channels);
        d8.intoArray(sums, sum + 8 * channels);
        bias.intoArray(sums, sum + 9 * channels);
    }
}

package unweave.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link DepthwiseLoops} with the Vector API: lanes are channels. Vectors that would stick out behind the last channel
 * begin earlier instead and compute some channels twice, with the same bits. Fewer channels than lanes are left to the
 * scalar twin.
 */
final class VectorDepthwiseLoops extends DepthwiseLoops {
    private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOATS;
    private static final int LANES = SPECIES.length();
    /** Pixels of a block, which share the loads of weights. */
    private static final int PIXELS = 4;
    /** Vectors of a strip of channels. */
    private static final int STRIP = 4;

    @Override
    void pixels(DepthwiseTaps taps, int pixels, float[] out, int to) {
        int channels = taps.channels;
        if (channels < LANES) {
            super.pixels(taps, pixels, out, to);
            return;
        }
        int last = channels - LANES;
        if (pixels < PIXELS) {
            for (int p = 0; p < pixels; p++) {
                for (int c = 0; c < channels; c += STRIP * LANES) {
                    strip(taps, p, c, last, out, to + p * taps.outStep);
                }
            }
            return;
        }
        for (int p = 0; p < pixels; p += PIXELS) {
            int pixel = Math.min(p, pixels - PIXELS);
            for (int c = 0; c < channels; c += 2 * LANES) {
                int first = Math.max(0, Math.min(c, last - LANES));
                block(taps, pixel, first, Math.min(first + LANES, last) - first, out, to + pixel * taps.outStep);
            }
        }
    }

    /** Four pixels by the channels from {@code first} and from {@code first + second} on. */
    private static void block(DepthwiseTaps taps, int pixel, int first, int second, float[] out, int to) {
        float[] in = taps.in;
        float[] w = taps.w;
        int[] place = taps.place;
        int[] weight = taps.weight;
        int count = taps.taps;
        int at0 = pixel * taps.inStep + first;
        //: each r in 1 2 3, before in 0 1 2
        int at$r = at$before + taps.inStep;
        //: end
        FloatVector s0_0 = FloatVector.fromArray(SPECIES, taps.bias, first);
        FloatVector s0_1 = FloatVector.fromArray(SPECIES, taps.bias, first + second);
        //: each r in 1 2 3
        FloatVector s$r_0 = s0_0, s$r_1 = s0_1;
        //: end
        for (int t = 0; t < count; t++) {
            int x = place[t];
            FloatVector w0 = FloatVector.fromArray(SPECIES, w, weight[t] + first);
            FloatVector w1 = FloatVector.fromArray(SPECIES, w, weight[t] + first + second);
            //: each r < 4
            s$r_0 = FloatVector.fromArray(SPECIES, in, at$r + x).fma(w0, s$r_0);
            s$r_1 = FloatVector.fromArray(SPECIES, in, at$r + x + second).fma(w1, s$r_1);
            //: end
        }
        float low = taps.low;
        float high = taps.high;
        int step = taps.outStep;
        //: each r < 4
        s$r_0.min(high).max(low).intoArray(out, to + $r * step + first);
        s$r_1.min(high).max(low).intoArray(out, to + $r * step + first + second);
        //: end
    }

    /** One pixel by four vectors of channels from {@code first} on. */
    private static void strip(DepthwiseTaps taps, int pixel, int first, int last, float[] out, int to) {
        float[] in = taps.in;
        float[] w = taps.w;
        int[] place = taps.place;
        int[] weight = taps.weight;
        int count = taps.taps;
        int at = pixel * taps.inStep;
        //: each v < 4
        int c$v = Math.min(first + $v * LANES, last);
        FloatVector s$v = FloatVector.fromArray(SPECIES, taps.bias, c$v);
        //: end
        for (int t = 0; t < count; t++) {
            int x = at + place[t];
            int tap = weight[t];
            //: each v < 4
            s$v = FloatVector.fromArray(SPECIES, in, x + c$v).fma(FloatVector.fromArray(SPECIES, w, tap + c$v), s$v);
            //: end
        }
        float low = taps.low;
        float high = taps.high;
        //: each v < 4
        s$v.min(high).max(low).intoArray(out, to + c$v);
        //: end
    }

    @Override
    int sumSize(int channels) {
        return (channels + STRIP * LANES - 1) / (STRIP * LANES) * (STRIP * LANES);
    }

    @Override
    void addProducts(
            int channels, int first, int end, float[] x, int xAt, int xStep, float[] dy, int yAt, int yStep, int pixels,
            float[] sums, int at) {
        if (channels < LANES) {
            super.addProducts(channels, first, end, x, xAt, xStep, dy, yAt, yStep, pixels, sums, at);
            return;
        }
        for (int c = first; c < end; c += STRIP * LANES) {
            addStrip(c, channels - LANES, x, xAt, xStep, dy, yAt, yStep, pixels, sums, at + c - first);
        }
    }

    private static void addStrip(
            int first, int last, float[] x, int xAt, int xStep, float[] dy, int yAt, int yStep, int pixels, float[] sums,
            int at) {
        //: each v < 4
        int c$v = Math.min(first + $v * LANES, last);
        FloatVector s$v = FloatVector.fromArray(SPECIES, sums, at + $v * LANES);
        //: end
        for (int p = 0, i = xAt, j = yAt; p < pixels; p++, i += xStep, j += yStep) {
            //: each v < 4
            s$v = FloatVector.fromArray(SPECIES, x, i + c$v).fma(FloatVector.fromArray(SPECIES, dy, j + c$v), s$v);
            //: end
        }
        //: each v < 4
        s$v.intoArray(sums, at + $v * LANES);
        //: end
    }

    @Override
    void addSums(int channels, int first, int end, float[] sums, int at, float[] out, int to) {
        if (channels < LANES) {
            super.addSums(channels, first, end, sums, at, out, to);
            return;
        }
        for (int c = first; c < end; c += LANES) {
            int start = Math.min(c, channels - LANES);
            super.addSums(channels, c, Math.min(end, c + LANES), sums, at + c - first + c - start, out, to);
        }
    }
}

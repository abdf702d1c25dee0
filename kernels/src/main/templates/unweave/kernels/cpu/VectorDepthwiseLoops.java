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
    /** Vectors of a strip of channels. */
    private static final int STRIP = 4;

    @Override
    void pixels(DepthwiseTaps taps, int pixels, float[] out, int to) {
        if (taps.end - taps.first < LANES) {
            super.pixels(taps, pixels, out, to);
            return;
        }
        int last = taps.end - LANES;
        int p = 0;
        for (; pixels >= 4 && p < pixels && pixels - p != 3; p += 4) {
            int pixel = Math.min(p, pixels - 4);
            for (int c = taps.first; c < taps.end; c += 2 * LANES) {
                block4(taps, pixel, Math.max(taps.first, Math.min(c, last - LANES)), last, out, to + pixel * taps.outStep);
            }
        }
        if (pixels - p == 3) {
            for (int c = taps.first; c < taps.end; c += 2 * LANES) {
                block3(taps, p, Math.max(taps.first, Math.min(c, last - LANES)), last, out, to + p * taps.outStep);
            }
            return;
        }
        for (; p < pixels; p++) {
            for (int c = taps.first; c < taps.end; c += STRIP * LANES) {
                strip(taps, p, c, last, out, to + p * taps.outStep);
            }
        }
    }

    //: each pixels in 4 3, more in more none
    /** Some pixels by two vectors of channels, the first from {@code first} on. */
    private static void block$pixels(DepthwiseTaps taps, int pixel, int first, int last, float[] out, int to) {
        float[] in = taps.in;
        float[] w = taps.w;
        int[] place = taps.place;
        int[] weight = taps.weight;
        int count = taps.taps;
        int second = Math.min(LANES, last - first);
        //: each r < $pixels
        int at$r = (pixel + $r) * taps.inStep + first;
        //: end
        FloatVector s0_0 = FloatVector.fromArray(SPECIES, taps.bias, first);
        FloatVector s0_1 = FloatVector.fromArray(SPECIES, taps.bias, first + second);
        FloatVector s1_0 = s0_0, s1_1 = s0_1, s2_0 = s0_0, s2_1 = s0_1;
        //: if $more is more
        FloatVector s3_0 = s0_0, s3_1 = s0_1;
        //: end
        for (int t = 0; t < count; t++) {
            int x = place[t];
            FloatVector w0 = FloatVector.fromArray(SPECIES, w, weight[t] + first);
            FloatVector w1 = FloatVector.fromArray(SPECIES, w, weight[t] + first + second);
            //: each r < $pixels
            s$r_0 = FloatVector.fromArray(SPECIES, in, at$r + x).fma(w0, s$r_0);
            s$r_1 = FloatVector.fromArray(SPECIES, in, at$r + x + second).fma(w1, s$r_1);
            //: end
        }
        float low = taps.low;
        float high = taps.high;
        int step = taps.outStep;
        //: each r < $pixels
        s$r_0.min(high).max(low).intoArray(out, to + $r * step + first);
        s$r_1.min(high).max(low).intoArray(out, to + $r * step + first + second);
        //: end
    }

    //: end
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
    boolean hasRows(int channels) {
        return channels >= LANES;
    }

    @Override
    void rows(DepthwiseRows rows, int pixels, float[] out, int to) {
        rows(rows, pixels, rows.first, out, to);
        if ((rows.end - rows.first) % LANES != 0) {
            rows(rows, pixels, rows.end - LANES, out, to);
        }
    }

    /** The channels from {@code first} on, as far as they fill vectors. */
    private static void rows(DepthwiseRows rows, int pixels, int first, float[] out, int to) {
        int p = 0;
        for (; rows.columns == 2 && p < pixels; p++) {
            border(rows, p, first, out, to);
        }
        for (; pixels >= 4 && pixels - p >= 3; p += 4) {
            if (rows.stride == 1) {
                fourByOne(rows, Math.min(p, pixels - 4), first, out, to);
            } else {
                fourByTwo(rows, Math.min(p, pixels - 4), first, out, to);
            }
        }
        for (; pixels - p >= 2; p += 2) {
            if (rows.stride == 1) {
                twoByOne(rows, p, first, out, to);
            } else {
                twoByTwo(rows, p, first, out, to);
            }
        }
        if (p < pixels) {
            one(rows, p, first, out, to);
        }
    }

    //: each name in fourByOne fourByTwo twoByOne twoByTwo one border, pixels in 4 4 2 2 1 1, stride in 1 2 1 2 1 1, columns in 6 9 4 5 3 2, taps in 3 3 3 3 3 2
    private static void $name(DepthwiseRows rows, int pixel, int first, float[] out, int to) {
        int channels = rows.channels;
        int end = rows.end;
        float[] bias = rows.bias;
        float[] w = rows.w;
        float low = rows.low;
        float high = rows.high;
        //: each r < 3
        float[] in$r = rows.in$r;
        //: each k < $columns
        int at$r_$k = rows.at$r + (pixel * rows.stride + $k) * channels;
        //: end
        //: each k < $taps
        int weight$r_$k = rows.weight + $r * rows.weightRow + $k * rows.weightColumn;
        //: end
        //: end
        //: each p < $pixels
        int to$p = to + (pixel + $p) * channels;
        //: end
        for (int c = first; c <= end - LANES; c += LANES) {
            FloatVector start = FloatVector.fromArray(SPECIES, bias, c);
            //: each p < $pixels
            FloatVector s$p = start;
            //: end
            //: each r < 3
            //: each k < $columns
            FloatVector x$r_$k = FloatVector.fromArray(SPECIES, in$r, at$r_$k + c);
            //: end
            //: each k < $taps
            FloatVector w$r_$k = FloatVector.fromArray(SPECIES, w, weight$r_$k + c);
            //: each p < $pixels
            s$p = x$r_${stride*p+k}.fma(w$r_$k, s$p);
            //: end
            //: end
            //: end
            //: each p < $pixels
            s$p.min(high).max(low).intoArray(out, to$p + c);
            //: end
        }
    }

    //: end
}

package unweave.cli.selftest;

/** PyTorch's memory layouts as ours and back. */
final class Layout {
    private Layout() {}

    /** N C H W as N H W C. */
    static float[] channelsLast(float[] values, int n, int c, int h, int w) {
        float[] result = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            int x = i % w;
            int y = i / w % h;
            int channel = i / (w * h) % c;
            int sample = i / (w * h * c);
            result[((sample * h + y) * w + x) * c + channel] = values[i];
        }
        return result;
    }

    /** N H W C as N C H W. */
    static float[] channelsFirst(float[] values, int n, int h, int w, int c) {
        float[] result = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            int channel = i % c;
            int x = i / c % w;
            int y = i / (c * w) % h;
            int sample = i / (c * w * h);
            result[((sample * c + channel) * h + y) * w + x] = values[i];
        }
        return result;
    }

    /** Weights O I H W (or O I) as H W I O (or I O). */
    static float[] weights(float[] values, int o, int i, int h, int w) {
        float[] result = new float[values.length];
        for (int index = 0; index < values.length; index++) {
            int x = index % w;
            int y = index / w % h;
            int in = index / (w * h) % i;
            int out = index / (w * h * i);
            result[((y * w + x) * i + in) * o + out] = values[index];
        }
        return result;
    }
}

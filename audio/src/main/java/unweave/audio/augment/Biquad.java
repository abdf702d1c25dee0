package unweave.audio.augment;

/**
 * A filter of second order,
 *
 * <pre>
 *   y[n] = (b0 x[n] + b1 x[n-1] + b2 x[n-2] - a1 y[n-1] - a2 y[n-2]) / a0
 * </pre>
 *
 * with the coefficients of R. Bristow-Johnson's "Cookbook formulae for audio EQ biquad filter coefficients", which are
 * those of torchaudio and SoX: w = 2 pi cutoff / sampleRate, alpha = sin w / (2 Q), a = (1 + alpha, -2 cos w, 1 -
 * alpha).
 */
public final class Biquad {
    /** Q of a Butterworth filter: flat, with half the power at the cutoff. */
    public static final double BUTTERWORTH = 0.707;
    /**
     * Output below this counts as silence. After the end of a sound the output decays into denormal numbers, with which
     * processors compute a hundred times slower, here and in every later step.
     */
    private static final double SILENCE = 1e-25;

    private final double b0;
    private final double b1;
    private final double b2;
    private final double a1;
    private final double a2;

    private Biquad(double b0, double b1, double b2, double a0, double a1, double a2) {
        this.b0 = b0 / a0;
        this.b1 = b1 / a0;
        this.b2 = b2 / a0;
        this.a1 = a1 / a0;
        this.a2 = a2 / a0;
    }

    /**
     * A low-pass filter: b = (1 - cos w) (1/2, 1, 1/2).
     *
     * @param cutoff in Hz, above 0 and below sampleRate / 2
     * @param sampleRate in Hz
     * @throws IllegalArgumentException when the cutoff is out of range
     */
    public static Biquad lowPass(double cutoff, double sampleRate, double q) {
        double w = frequency(cutoff, sampleRate);
        double alpha = StrictMath.sin(w) / (2 * q);
        double cosine = StrictMath.cos(w);
        return new Biquad((1 - cosine) / 2, 1 - cosine, (1 - cosine) / 2, 1 + alpha, -2 * cosine, 1 - alpha);
    }

    /** Keeps what lies above the cutoff: b = (1 + cos w) (1/2, -1, 1/2). Otherwise as {@link #lowPass}. */
    public static Biquad highPass(double cutoff, double sampleRate, double q) {
        double w = frequency(cutoff, sampleRate);
        double alpha = StrictMath.sin(w) / (2 * q);
        double cosine = StrictMath.cos(w);
        return new Biquad((1 + cosine) / 2, -1 - cosine, (1 + cosine) / 2, 1 + alpha, -2 * cosine, 1 - alpha);
    }

    private static double frequency(double cutoff, double sampleRate) {
        if (!(cutoff > 0 && cutoff < sampleRate / 2)) {
            throw new IllegalArgumentException("a cutoff of " + cutoff
                    + " Hz must lie above 0 and below half the sample rate of " + sampleRate + " Hz");
        }
        return 2 * Math.PI * cutoff / sampleRate;
    }

    /** The filtered signal, a new array; the filter starts from silence. */
    public float[] filter(float[] signal) {
        float[] output = new float[signal.length];
        double x1 = 0;
        double x2 = 0;
        double y1 = 0;
        double y2 = 0;
        for (int n = 0; n < signal.length; n++) {
            double x = signal[n];
            // In this order only one product and one difference depend on the previous output.
            double y = b0 * x + b1 * x1 + b2 * x2 - a2 * y2 - a1 * y1;
            if (Math.abs(y) < SILENCE) {
                y = 0;
            }
            output[n] = (float) y;
            x2 = x1;
            x1 = x;
            y2 = y1;
            y1 = y;
        }
        return output;
    }
}

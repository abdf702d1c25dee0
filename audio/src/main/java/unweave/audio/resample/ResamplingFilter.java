package unweave.audio.resample;

import java.util.function.DoubleUnaryOperator;

/**
 * A low-pass filter, the windowed sinc
 *
 * <pre>
 *   h(t) = sin(pi t) / (pi t) * w(t / Z)   for |t| &lt; Z,   0 elsewhere
 * </pre>
 *
 * with Z zero crossings on either side; t = 1 is the distance of the first, 1 / (2 x cutoff) seconds. The cutoff, where
 * the gain is one half, is {@link #rolloff} times the Nyquist frequency of the lower of the two rates.
 */
public final class ResamplingFilter {
    /**
     * Points of the table of h per zero crossing. Between them h is a cubic, whose error is below 1e-9 of the peak, a
     * fiftieth of the rounding of floats. A resampler that is used once, as for a pitch shift, then spends its time on
     * filtering, not on sines and Bessel functions.
     */
    private static final int STEPS = 256;
    /**
     * Kaiser, 24 zero crossings, 80 dB: flat to 81 % of the lower Nyquist frequency (6.5 kHz at 16 kHz), without
     * aliasing.
     */
    public static final ResamplingFilter STANDARD = kaiser(24, 80);
    /**
     * The default of torchaudio, for agreeing with numbers made there: short, so its gain falls early (at 16 kHz: -1.8
     * dB at 7 kHz) and frequencies above the Nyquist frequency are aliased (-6.6 dB at 8 kHz, -17 dB at 9 kHz).
     */
    public static final ResamplingFilter TORCHAUDIO = hann(6, 0.99);

    private final int zeroCrossings;
    private final double rolloff;
    /** h((i - 1) / STEPS), continued beyond Z, since the cubic of the last interval uses points on both sides. */
    private final double[] table;

    private ResamplingFilter(int zeroCrossings, double rolloff, DoubleUnaryOperator window) {
        if (zeroCrossings < 1 || !(rolloff > 0 && rolloff <= 1)) {
            throw new IllegalArgumentException(
                    "a resampling filter needs at least 1 zero crossing and a rolloff in (0, 1], not " + zeroCrossings
                            + " and " + rolloff);
        }
        this.zeroCrossings = zeroCrossings;
        this.rolloff = rolloff;
        this.table = new double[zeroCrossings * STEPS + 3];
        for (int i = 0; i < table.length; i++) {
            double t = (i - 1.0) / STEPS;
            double sinc = t == 0 ? 1 : StrictMath.sin(Math.PI * t) / (Math.PI * t);
            table[i] = sinc * window.applyAsDouble(t / zeroCrossings);
        }
    }

    /**
     * Hann window, w(u) = cos^2(pi u / 2): the method sinc_interp_hann of torchaudio, whose defaults are 6 and 0.99.
     */
    public static ResamplingFilter hann(int zeroCrossings, double rolloff) {
        return new ResamplingFilter(zeroCrossings, rolloff, u -> {
            double cosine = StrictMath.cos(Math.PI * u / 2);
            return cosine * cosine;
        });
    }

    /**
     * Kaiser window, w(u) = I0(beta sqrt(1 - u^2)) / I0(beta), with the cutoff placed so that the stop band begins at
     * the Nyquist frequency, without aliasing. Kaiser's formulas (Oppenheim and Schafer, "Discrete-time signal
     * processing", 7.5.3): beta = 0.1102 (A - 8.7), and the transition takes (A - 8) / (2.285 x 2 pi Z) of the cutoff.
     *
     * @param zeroCrossings Z; twice as many halve the transition and double the work
     * @param stopbandDecibels A, attenuation beyond the Nyquist frequency, at least 50 dB
     */
    public static ResamplingFilter kaiser(int zeroCrossings, double stopbandDecibels) {
        if (!(stopbandDecibels >= 50)) {
            throw new IllegalArgumentException("a stop band of at least 50 dB is needed, not " + stopbandDecibels);
        }
        double beta = 0.1102 * (stopbandDecibels - 8.7);
        double transition = (stopbandDecibels - 8) / (2.285 * 2 * Math.PI * zeroCrossings);
        double peak = besselI0(beta * beta / 4);
        return new ResamplingFilter(
                zeroCrossings, 1 / (1 + transition / 2), u -> besselI0(beta * beta / 4 * (1 - u * u)) / peak);
    }

    /**
     * A filter by its name in presets: {@code standard} or {@code torchaudio}.
     *
     * @throws IllegalArgumentException for another name
     */
    public static ResamplingFilter named(String name) {
        return switch (name) {
            case "standard" -> STANDARD;
            case "torchaudio" -> TORCHAUDIO;
            default ->
                throw new IllegalArgumentException(
                        "unknown \"resampling\" \"" + name + "\": standard or torchaudio is expected");
        };
    }

    /** Its name in presets; of other filters zero crossings and cutoff. */
    @Override
    public String toString() {
        return equals(STANDARD)
                ? "standard"
                : equals(TORCHAUDIO) ? "torchaudio" : zeroCrossings + " zero crossings, cutoff " + rolloff;
    }

    /** Zero crossings Z on either side of the centre. */
    public int zeroCrossings() {
        return zeroCrossings;
    }

    /** Cutoff as a part of the lower Nyquist frequency. */
    public double rolloff() {
        return rolloff;
    }

    /** h(t), t in zero crossings: the cubic through the four points of the table around t. */
    double at(double t) {
        double place = Math.abs(t) * STEPS;
        if (place >= zeroCrossings * STEPS) {
            return 0;
        }
        int i = (int) place;
        double p = place - i;
        double y0 = table[i];
        double y1 = table[i + 1];
        double y2 = table[i + 2];
        double y3 = table[i + 3];
        double linear = y2 - y0 / 3 - y1 / 2 - y3 / 6;
        double square = (y0 + y2) / 2 - y1;
        double cube = (y3 - y0) / 6 + (y1 - y2) / 2;
        return y1 + p * (linear + p * (square + p * cube));
    }

    /**
     * Modified Bessel function of the first kind and order 0 of x = 2 sqrt(q): the sum over k of q^k / k!^2, which also
     * continues it to slightly negative q.
     */
    private static double besselI0(double q) {
        double sum = 1;
        double term = 1;
        for (int k = 1; Math.abs(term) > 1e-17 * sum; k++) {
            term *= q / ((double) k * k);
            sum += term;
        }
        return sum;
    }
}

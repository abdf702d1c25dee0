package unweave.audio.resample;

/**
 * Changes the sample rate of a signal without aliasing. With c = rolloff x min(from, to), output sample m is
 *
 * <pre>
 *   y[m] = c / from * sum over n of x[n] h(c (n / from - m / to)),    m = 0 .. ceil(length to / from) - 1
 * </pre>
 *
 * where h is a {@link ResamplingFilter} and x is zero outside the signal (Smith, "Digital audio resampling"; the
 * definition and the output length are those of {@code torchaudio.functional.resample}).
 *
 * <p>The position of output m between two input samples repeats every to / gcd(from, to) outputs. So the sum needs only
 * that many different sets of coefficients, a polyphase filter bank, computed once per resampler.
 *
 * <p>Immutable; several threads may use one instance at the same time.
 */
public final class Resampler {
    /**
     * The largest bank, in coefficients. Rates whose common divisor is small would need a larger one; their
     * coefficients are computed one by one.
     */
    private static final long LARGEST_BANK = 1 << 23;

    private final int from;
    private final int to;
    private final ResamplingFilter filter;
    /** Number of input samples within reach of h on either side of an output sample. */
    private final double reach;

    private final int taps;
    /** [to][taps]; null when it would be too large. */
    private final float[] bank;

    /** A resampler with the {@linkplain ResamplingFilter#STANDARD standard filter}. */
    public Resampler(int from, int to) {
        this(from, to, ResamplingFilter.STANDARD);
    }

    /**
     * @param from rate of the input in Hz
     * @param to rate of the output in Hz
     * @throws IllegalArgumentException if a rate is below 1 Hz
     */
    public Resampler(int from, int to, ResamplingFilter filter) {
        if (from < 1 || to < 1) {
            throw new IllegalArgumentException(
                    "cannot resample from " + from + " Hz to " + to + " Hz: both must be at least 1 Hz");
        }
        int divisor = greatestCommonDivisor(from, to);
        this.from = from / divisor;
        this.to = to / divisor;
        this.filter = filter;
        this.reach = filter.zeroCrossings() * this.from / (filter.rolloff() * Math.min(this.from, this.to));
        this.taps = (int) (2 * reach) + 1;
        this.bank = (long) this.to * taps <= LARGEST_BANK ? bank() : null;
    }

    /** Number of samples that an input of {@code length} samples becomes: ceil(length to / from). */
    public int outputLength(int length) {
        return Math.toIntExact(outputLength((long) length));
    }

    /** The same for any length. */
    public long outputLength(long length) {
        return Math.floorDiv(Math.multiplyExact(length, to) + from - 1, from);
    }

    /** For a signal that arrives in pieces. */
    public ResamplerStream stream() {
        return new ResamplerStream(this, 0);
    }

    /** For the part of a signal that output m begins with: the first input to feed is {@link #firstInput} of m. */
    public ResamplerStream streamFrom(long m) {
        return new ResamplerStream(this, m);
    }

    /** The first input that is needed for output m and those behind it. */
    public long firstInput(long m) {
        return Math.max(0, firstTap(m));
    }

    /** Inputs that one output is made of. */
    int taps() {
        return taps;
    }

    /**
     * Output m.
     *
     * @param signal zeros where there is no signal
     * @param start where input {@link #firstTap} of m stands in it
     */
    float output(float[] signal, int start, long m) {
        if (from == to) {
            return signal[start + (int) (m - firstTap(m))];
        }
        if (bank != null) {
            return dot(signal, start, bank, (int) (m % to) * taps, taps);
        }
        double sum = 0;
        long first = firstTap(m);
        for (int k = 0; k < taps; k++) {
            sum += signal[start + k] * coefficient(first + k, m);
        }
        return (float) sum;
    }

    /**
     * Resamples a signal.
     *
     * @param signal one channel. Not modified.
     * @return {@link #outputLength} samples, a new array
     */
    public float[] resample(float[] signal) {
        if (from == to) {
            return signal.clone();
        }
        float[] output = new float[outputLength(signal.length)];
        if (bank != null) {
            filterByPhase(signal, output);
        } else {
            for (int m = 0; m < output.length; m++) {
                output[m] = sampleAt(signal, m);
            }
        }
        return output;
    }

    /** One output sample straight from the formula. */
    float sampleAt(float[] signal, long m) {
        long first = firstTap(m);
        double sum = 0;
        for (long n = Math.max(0, first); n < Math.min(signal.length, first + taps); n++) {
            sum += signal[(int) n] * coefficient(n, m);
        }
        return (float) sum;
    }

    private void filterByPhase(float[] signal, float[] output) {
        int margin = (int) -firstTap(0);
        int right = taps + from;
        float[] padded = new float[margin + signal.length + right];
        System.arraycopy(signal, 0, padded, margin, signal.length);
        // A few repetitions of all phases at a time: their input and one phase's coefficients stay in the first-level
        // cache.
        int repetitions = Math.max(1, 4096 / from);
        for (int block = 0; (long) block * to < output.length; block += repetitions) {
            int end = (int) Math.min(output.length, (long) (block + repetitions) * to);
            for (int phase = 0; phase < to; phase++) {
                int start = margin + (int) firstTap(phase) + block * from;
                for (int m = block * to + phase; m < end; m += to, start += from) {
                    output[m] = dot(padded, start, bank, phase * taps, taps);
                }
            }
        }
    }

    /** Four partial sums hide the latency of additions. */
    private static float dot(float[] a, int aStart, float[] b, int bStart, int length) {
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        int k = 0;
        for (; k + 3 < length; k += 4) {
            sum0 += a[aStart + k] * b[bStart + k];
            sum1 += a[aStart + k + 1] * b[bStart + k + 1];
            sum2 += a[aStart + k + 2] * b[bStart + k + 2];
            sum3 += a[aStart + k + 3] * b[bStart + k + 3];
        }
        for (; k < length; k++) {
            sum0 += a[aStart + k] * b[bStart + k];
        }
        return sum0 + sum1 + (sum2 + sum3);
    }

    private float[] bank() {
        float[] coefficients = new float[to * taps];
        for (int phase = 0; phase < to; phase++) {
            long first = firstTap(phase);
            for (int k = 0; k < taps; k++) {
                coefficients[phase * taps + k] = (float) coefficient(first + k, phase);
            }
        }
        return coefficients;
    }

    /** The first input sample that output m uses: the first integer from m from / to - reach on. */
    long firstTap(long m) {
        return m / to * from + (long) Math.ceil((double) (m % to * from) / to - reach);
    }

    /**
     * What input sample n contributes to output sample m: c / from h(c (n / from - m / to)), exact to the rounding of
     * h.
     */
    private double coefficient(long n, long m) {
        double c = filter.rolloff() * Math.min(from, to);
        return c / from * filter.at(c * (n * to - m * from) / ((double) from * to));
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
}

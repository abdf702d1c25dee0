package unweave.explain.data;

/**
 * The longest run of exact zeros inside a sound: parts where a recording was lost, as in some tracks of GTZAN (thesis
 * A.1).
 *
 * <p>"Inside" is between the first and the last sample of at least {@value #AUDIBLE} of full scale (-60 dB). Silence
 * before and after the sound is ordinary, and so are the zeros of a fade, which a coarse quantisation scatters among
 * single bits. Of runs of the same length the first counts.
 *
 * <p>Fed with a sound block by block, in order; for one thread.
 */
final class ZeroRuns {
    private static final float AUDIBLE = 1e-3f;

    private long samples;
    private boolean begun;
    private long run; // zeros up to here
    private Run sinceAudible = Run.NONE; // counts once something audible follows
    private Run longest = Run.NONE;

    /**
     * Zeros one after the other.
     *
     * @param start first of them
     * @param length number of samples; 0 if there are none
     */
    record Run(long start, long length) {
        static final Run NONE = new Run(0, 0);

        Run orLonger(Run other) {
            return other.length > length ? other : this;
        }
    }

    /**
     * The next samples.
     *
     * @param channels [channel][sample]; a sample is zero where all channels are. Not modified
     * @param count samples per channel, from 0 on
     */
    void add(float[][] channels, int count) {
        for (int n = 0; n < count; n++) {
            float peak = 0;
            for (float[] channel : channels) {
                peak = Math.max(peak, Math.abs(channel[n]));
            }
            add(peak);
        }
    }

    private void add(float magnitude) {
        if (magnitude == 0) {
            run++;
        } else {
            if (begun && run > 0) {
                sinceAudible = sinceAudible.orLonger(new Run(samples - run, run));
            }
            run = 0;
            if (magnitude >= AUDIBLE) {
                longest = longest.orLonger(sinceAudible);
                sinceAudible = Run.NONE;
                begun = true;
            }
        }
        samples++;
    }

    /** The longest run of the sound so far. */
    Run longest() {
        return longest;
    }

    /** Whether all samples so far are zero. */
    boolean silent() {
        return run == samples;
    }

    /** Samples so far. */
    long samples() {
        return samples;
    }
}

package unweave.audio.spectral;

import unweave.audio.resample.ResamplingFilter;

/**
 * How a sound becomes the signal that a front end transforms.
 *
 * @param sampleRate in Hz
 * @param samples length of one input in samples; longer sounds are cut
 * @param place where a shorter sound lies among zeros
 * @param normalisation what the signal is divided by
 * @param factor multiplies the normalised signal, such as 32768 for networks that were trained on 16-bit integers
 * @param resampling the filter that brings sounds of other rates to this one
 */
public record SignalSettings(
        int sampleRate,
        int samples,
        Place place,
        Normalisation normalisation,
        double factor,
        ResamplingFilter resampling) {

    /** Where a sound that is shorter than the input lies. */
    public enum Place {
        /** At the start, the zeros behind it. */
        START,
        /** In the middle; one more zero behind it than before it where their number is odd. */
        CENTRE,
        /** At the end, the zeros before it. */
        END
    }

    /** What a signal is divided by. */
    public enum Normalisation {
        /** Nothing: loud sounds give large values, and silence is a sound like any other. */
        NONE,
        /** Its largest absolute value. */
        PEAK,
        /** Its root mean square. */
        RMS,
        /** Its standard deviation, after its mean has been subtracted. */
        STANDARD
    }

    /** @throws IllegalArgumentException if a number is out of range */
    public SignalSettings {
        if (sampleRate < 1 || samples < 1) {
            throw new IllegalArgumentException(
                    samples + " samples at " + sampleRate + " Hz: at least 1 of each is needed");
        }
        Limits.requireRate(sampleRate);
        Limits.require(samples + " samples", samples);
        if (!(factor > 0) || Double.isInfinite(factor)) {
            throw new IllegalArgumentException("factor " + factor + ": a positive number is needed");
        }
    }

    /** Whether silence has a value: it has none where a signal is divided by its own size. */
    public boolean acceptsSilence() {
        return normalisation == Normalisation.NONE;
    }

    /** Whether a sound can be divided by its size: for a standard deviation it must not be the same throughout. */
    boolean hears(float[] sound) {
        if (normalisation != Normalisation.STANDARD || sound.length < samples) {
            return acceptsSilence() || sounds(sound, samples);
        }
        for (int s = 1; s < samples; s++) {
            if (sound[s] != sound[0]) {
                return true;
            }
        }
        return false;
    }

    /** Whether one of the first samples is not zero. */
    static boolean sounds(float[] sound, int samples) {
        for (int s = 0; s < Math.min(sound.length, samples); s++) {
            if (sound[s] != 0) {
                return true;
            }
        }
        return false;
    }

    /** Where a sound of {@code length} samples begins in the input. */
    int first(int length) {
        int missing = Math.max(0, samples - length);
        return switch (place) {
            case START -> 0;
            case CENTRE -> missing / 2;
            case END -> missing;
        };
    }

    /**
     * The signal, cut or padded, without the factor.
     *
     * @param sound not modified
     * @param asItIs whether its size is kept, whatever the normalisation
     * @throws IllegalArgumentException if a sample is not finite, or it is silent and is to be divided by its size
     */
    float[] signal(float[] sound, boolean asItIs) {
        int length = Math.min(sound.length, samples);
        requireFinite(sound, length);
        float[] signal = new float[samples];
        System.arraycopy(sound, 0, signal, first(length), length);
        if (!asItIs && !acceptsSilence()) {
            normalise(signal);
        }
        return signal;
    }

    private static void requireFinite(float[] sound, int length) {
        for (int s = 0; s < length; s++) {
            if (!Float.isFinite(sound[s])) {
                throw new IllegalArgumentException(
                        "sample " + s + " is " + sound[s] + ": every sample must be a finite number");
            }
        }
    }

    private void normalise(float[] signal) {
        double mean = 0;
        for (int s = 0; normalisation == Normalisation.STANDARD && s < signal.length; s++) {
            mean += (double) signal[s] / signal.length;
        }
        double squares = 0;
        double peak = 0;
        for (float value : signal) {
            squares += (value - mean) * (value - mean);
            peak = Math.max(peak, Math.abs(value));
        }
        if (peak == 0 || squares == 0) {
            throw new IllegalArgumentException("silent: all " + signal.length + " samples are "
                    + (peak == 0 ? "zero" : "the same") + ", and cannot be divided by their size");
        }
        double size = normalisation == Normalisation.PEAK ? peak : Math.sqrt(squares / signal.length);
        for (int s = 0; s < signal.length; s++) {
            signal[s] = (float) ((signal[s] - mean) / size);
        }
    }

    /** The largest absolute value of the part of a sound that is heard. */
    float peak(float[] sound) {
        float peak = 0;
        for (int s = 0; s < Math.min(sound.length, samples); s++) {
            peak = Math.max(peak, Math.abs(sound[s]));
        }
        return peak;
    }
}

package unweave.drsa.evaluation;

/**
 * How a share m in [0, 1] of an input value is kept: at 1 the value stays, at 0 it becomes "nothing".
 *
 * <p>"Nothing" is a value: on a logarithmic spectrogram the floor, to which silence is clamped.
 */
@FunctionalInterface
public interface Masking {
    /** The value of which a share {@code m} is kept. */
    float apply(float value, float m);

    /**
     * Masking in the domain of the input: b + m (x - b). On a log spectrogram with its floor as b this is how the L-MAC
     * work masks (it multiplies log(1 + magnitude), which is 0 for silence, by the mask): a mask of one half removes
     * half of the decibels above the floor. Choose this to compare with the L-MAC work.
     *
     * @param nothing b, the value that stands for nothing
     */
    static Masking towards(float nothing) {
        return (value, m) -> nothing + m * (value - nothing);
    }

    /**
     * Masking of the magnitude of which the input is the decimal logarithm: max(floor, x + log10 m), that is 10^x times
     * m. This equals multiplying the spectrogram of a sound by the mask. A mask of 0.1 takes away only 20 dB, so masks
     * with small values hide little.
     *
     * @param floor the smallest value of an input
     */
    static Masking ofMagnitude(float floor) {
        return (value, m) -> m <= 0 ? floor : Math.max(floor, value + (float) Math.log10(m));
    }
}

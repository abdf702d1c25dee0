package unweave.audio.spectral;

/**
 * The taper laid over each frame before its Fourier transform (Harck 2024, Eq. 2.25). Both windows are periodic: sample
 * n of N is a - (1 - a) cos(2 pi n / N), so that copies shifted by N/2 add up to a constant.
 */
public enum Window {
    /** a = 0.54: small first side lobe, does not reach zero at the edges. */
    HAMMING(0.54),
    /** a = 0.5: zero at the edge, side lobes that fall off quickly. */
    HANN(0.5);

    private final double offset;

    Window(double offset) {
        this.offset = offset;
    }

    /** Returns the window's {@code length} samples. */
    public float[] samples(int length) {
        float[] samples = new float[length];
        for (int n = 0; n < length; n++) {
            samples[n] = (float) (offset - (1 - offset) * Math.cos(2 * Math.PI * n / length));
        }
        return samples;
    }
}

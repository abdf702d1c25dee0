package unweave.audio.spectral;

/**
 * The taper laid over each frame before its Fourier transform (Harck 2024, Eq. 2.25). Sample n of a periodic window of
 * N samples lies at the angle x = 2 pi n / N, so that copies of Hann and Hamming shifted by N/2 add up to a constant;
 * of a symmetric one at 2 pi n / (N - 1).
 */
public enum Window {
    /** 0.54 - 0.46 cos x: small first side lobe, does not reach zero at the edges. */
    HAMMING,
    /** 0.5 - 0.5 cos x: zero at the edge, side lobes that fall off quickly. */
    HANN,
    /** 0.42 - 0.5 cos x + 0.08 cos 2x: a wider main lobe, side lobes below -58 dB. */
    BLACKMAN,
    /** (0.5 - 0.5 cos x)^0.85: between Hann and Hamming, Kaldi's default. */
    POVEY,
    /** 1 everywhere. */
    RECTANGULAR;

    /** Returns the {@code length} samples of the periodic window. */
    public float[] samples(int length) {
        return samples(length, length);
    }

    /** Returns the {@code length} samples of the symmetric window, the last as the first. */
    public float[] symmetric(int length) {
        return samples(length, Math.max(1, length - 1));
    }

    private float[] samples(int length, int period) {
        float[] samples = new float[length];
        for (int n = 0; n < length; n++) {
            samples[n] = (float) at(2 * Math.PI * n / period);
        }
        return samples;
    }

    private double at(double angle) {
        return switch (this) {
            case HAMMING -> cosine(0.54, angle);
            case HANN -> cosine(0.5, angle);
            case BLACKMAN -> 0.42 - 0.5 * Math.cos(angle) + 0.08 * Math.cos(2 * angle);
            case POVEY -> Math.pow(Math.max(0, cosine(0.5, angle)), 0.85);
            case RECTANGULAR -> 1;
        };
    }

    private static double cosine(double offset, double angle) {
        return offset - (1 - offset) * Math.cos(angle);
    }
}

package unweave.audio.spectral;

/**
 * The short-time Fourier transform of a real signal: one column of complex numbers per frame, for the frequencies from
 * zero to half the sample rate. Real parts come from the cosines and imaginary parts from the sines of Euler's formula
 * (thesis Eq. 2.22). Mutable: its arrays are not copied, so changing them changes the spectrogram.
 */
public final class ComplexSpectrogram {
    /** Number of frames, one every hop. */
    public final int frames;
    /** Number of frequency bins, fftLength / 2 + 1. */
    public final int bins;
    /** Real parts, [frames][bins]: bin b of frame t is at t * bins + b. */
    public final float[] re;
    /** Imaginary parts, laid out as {@link #re}. */
    public final float[] im;

    /** Creates a spectrogram of zeros. */
    public ComplexSpectrogram(int frames, int bins) {
        this.frames = frames;
        this.bins = bins;
        this.re = new float[Math.multiplyExact(frames, bins)];
        this.im = new float[frames * bins];
    }

    /** Returns the magnitudes sqrt(re^2 + im^2) (thesis Eq. 2.23), [frames][bins]. */
    public float[] magnitude() {
        float[] magnitude = new float[re.length];
        double[] frame = new double[bins];
        for (int t = 0; t < frames; t++) {
            magnitude(t, frame);
            for (int b = 0; b < bins; b++) {
                magnitude[t * bins + b] = (float) frame[b];
            }
        }
        return magnitude;
    }

    /** Computes the magnitudes of frame t, [bins], as {@link #magnitude()} rounds them. */
    void magnitude(int t, double[] magnitude) {
        int row = t * bins;
        for (int b = 0; b < bins; b++) {
            magnitude[b] = power(re[row + b], im[row + b]);
        }
        powerToMagnitude(magnitude);
    }

    /**
     * re^2 + im^2: the squares of floats are exact in double precision, and their sum neither overflows nor vanishes.
     */
    static double power(double re, double im) {
        return re * re + im * im;
    }

    /**
     * Square roots, rounded to float. Each step has a loop of its own, so that the compiler vectorises the roots. On
     * JDK 17 each conversion between float and double depends on the one before, which would slow down a common loop.
     */
    static void powerToMagnitude(double[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.sqrt(values[i]);
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) values[i];
        }
    }
}

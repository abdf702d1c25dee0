package unweave.audio.spectral;

/**
 * The short-time Fourier transform of a real signal: one column of complex numbers per frame, for the frequencies from
 * zero to half the sample rate. Mutable, and shared as it is: whoever changes the arrays changes the spectrogram.
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

  /** Returns the magnitudes sqrt(re^2 + im^2), [frames][bins]. */
  public float[] magnitude() {
    float[] magnitude = new float[re.length];
    for (int i = 0; i < re.length; i++) {
      magnitude[i] = magnitude(re[i], im[i]);
    }
    return magnitude;
  }

  /** The magnitude of one number. Squares are exact in double precision, and their sum neither overflows nor vanishes. */
  static float magnitude(double re, double im) {
    return (float) Math.sqrt(re * re + im * im);
  }
}

package unweave.audio.augment;

import unweave.audio.spectral.ComplexSpectrogram;

/**
 * Changes the speed of a sound without its pitch (Flanagan and Golden 1966; the definition and the rounding of times are those
 * of {@code torchaudio.functional.phase_vocoder}). Output frame i lies at p = i rate of the input, t = floor(p), a = p - t:
 * <pre>
 *   |Y_i|     = (1 - a) |X_t| + a |X_t+1|
 *   arg Y_0   = arg X_0,    arg Y_i+1 = arg Y_i + arg X_t+1 - arg X_t
 * </pre>
 * frames beyond the end being zero, with phase zero. Textbooks take the phase step relative to that of the bin's centre
 * frequency and wrap it into (-pi, pi]; since input and output have the same hop, that changes it by whole turns only. So no
 * angle is needed at all: with u(z) = z / |z| and u(0) = 1, the phase is the product
 * <pre>
 *   u(Y_i+1) = u(Y_i) u(X_t+1) conj(u(X_t))
 * </pre>
 */
public final class PhaseVocoder {

  private PhaseVocoder() {
  }

  /** Number of frames that {@code frames} frames become: ceil(frames / rate). */
  public static int stretchedFrames(int frames, double rate) {
    return (int) Math.ceil(frames / rate);
  }

  /**
   * @param spectrogram a short-time Fourier transform. Not modified.
   * @param rate        speed; 2 is twice as fast and has half as many frames
   * @return {@link #stretchedFrames} frames of the same bins
   * @throws IllegalArgumentException unless the rate is positive and finite
   */
  public static ComplexSpectrogram stretch(ComplexSpectrogram spectrogram, double rate) {
    if (!(rate > 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException("cannot stretch by a rate of " + rate + "; it must be positive");
    }
    ComplexSpectrogram stretched = new ComplexSpectrogram(stretchedFrames(spectrogram.frames, rate), spectrogram.bins);
    for (int bin = 0; bin < spectrogram.bins; bin++) {
      stretchBin(spectrogram, bin, rate, stretched);
    }
    return stretched;
  }

  private static void stretchBin(ComplexSpectrogram x, int bin, double rate, ComplexSpectrogram y) {
    double[] real = new double[x.frames + 2];
    double[] imaginary = new double[x.frames + 2];
    double[] magnitude = new double[x.frames + 2];
    unitVectors(x, bin, real, imaginary, magnitude);
    double phaseReal = real[0];
    double phaseImaginary = imaginary[0];
    for (int i = 0; i < y.frames; i++) {
      // Rounded to float, as in torchaudio: 100 x 1.15 is then frame 115, not the end of frame 114 with its phase step.
      float position = (float) (i * rate);
      int t = (int) position;
      double a = position - t;
      double size = (1 - a) * magnitude[t] + a * magnitude[t + 1];
      int index = i * y.bins + bin;
      y.re[index] = (float) (size * phaseReal);
      y.im[index] = (float) (size * phaseImaginary);
      double stepReal = real[t + 1] * real[t] + imaginary[t + 1] * imaginary[t];
      double stepImaginary = imaginary[t + 1] * real[t] - real[t + 1] * imaginary[t];
      double turned = phaseReal * stepReal - phaseImaginary * stepImaginary;
      phaseImaginary = phaseReal * stepImaginary + phaseImaginary * stepReal;
      phaseReal = turned;
    }
  }

  /** X_t = magnitude u(X_t) of one bin, and two frames of zeros behind. */
  private static void unitVectors(ComplexSpectrogram x, int bin, double[] real, double[] imaginary, double[] magnitude) {
    for (int t = 0; t < real.length; t++) {
      double re = t < x.frames ? x.re[t * x.bins + bin] : 0;
      double im = t < x.frames ? x.im[t * x.bins + bin] : 0;
      magnitude[t] = Math.sqrt(re * re + im * im);
      real[t] = magnitude[t] > 0 ? re / magnitude[t] : 1;
      imaginary[t] = magnitude[t] > 0 ? im / magnitude[t] : 0;
    }
  }
}

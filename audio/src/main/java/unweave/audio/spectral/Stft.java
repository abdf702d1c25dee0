package unweave.audio.spectral;

import org.jtransforms.fft.FloatFFT_1D;
import org.jtransforms.utils.CommonUtils;

/**
 * The short-time Fourier transform and its inverse (Harck 2024, Eq. 2.21 and 3.17), in the conventions of PyTorch's
 * {@code torch.stft} and {@code torch.istft} with a window as long as the transform:
 * <pre>
 *   X[t, b] = sum over n of w[n] x[t hop + n - N/2] exp(-2 pi i b n / N),   b = 0 .. N/2,  t = 0 .. length / hop
 *   x[s]    = (sum over t of w[n] v_t[n]) / (sum over t of w[n]^2),         n = s - t hop + N/2, v_t the inverse DFT of X[t]
 * </pre>
 * Frames are centred on the multiples of the hop, the signal is continued by reflection at both ends (the edge sample is
 * not repeated), and nothing is scaled. The second line is the signal whose transform is nearest to X in the least-squares
 * sense (Griffin and Lim 1984); it is the original signal when X is a transform.
 *
 * <p>Immutable; several threads may use one instance at the same time. Each call computes on the calling thread only.
 */
public final class Stft {
  /** Below this sum of squared windows a sample counts as not covered by any frame. */
  private static final double NOT_COVERED = 1e-11;

  static {
    // JTransforms would split long transforms over a thread pool of its own. Callers run in parallel over signals already.
    CommonUtils.setThreadsBeginN_1D_FFT_2Threads(Long.MAX_VALUE);
    CommonUtils.setThreadsBeginN_1D_FFT_4Threads(Long.MAX_VALUE);
  }

  private final int fftLength;
  private final int hop;
  private final float[] window;
  private final FloatFFT_1D fft;

  /**
   * @param fftLength window and transform length N in samples, even
   * @param hop       distance between frames in samples, at least 1
   * @throws IllegalArgumentException if either is out of range
   */
  public Stft(int fftLength, int hop, Window window) {
    if (fftLength < 2 || fftLength % 2 != 0) {
      throw new IllegalArgumentException("FFT length " + fftLength + ": an even number of samples, 2 or more, is needed");
    }
    if (hop < 1) {
      throw new IllegalArgumentException("hop " + hop + ": must be at least 1 sample");
    }
    this.fftLength = fftLength;
    this.hop = hop;
    this.window = window.samples(fftLength);
    this.fft = new FloatFFT_1D(fftLength);
  }

  /** Number of frequency bins, fftLength / 2 + 1; bin b stands for b * sampleRate / fftLength Hz. */
  public int bins() {
    return fftLength / 2 + 1;
  }

  /** Number of frames that a signal of {@code samples} samples gives: 1 + samples / hop, rounded down. */
  public int frames(int samples) {
    return 1 + samples / hop;
  }

  /**
   * Transforms a signal.
   *
   * @param signal more than fftLength / 2 samples (reflection needs them). Not modified.
   * @throws IllegalArgumentException if the signal is too short
   */
  public ComplexSpectrogram forward(float[] signal) {
    if (signal.length <= fftLength / 2) {
      throw new IllegalArgumentException("signal of " + signal.length + " samples: a transform of length " + fftLength
        + " needs more than " + fftLength / 2);
    }
    ComplexSpectrogram spectrogram = new ComplexSpectrogram(frames(signal.length), bins());
    float[] frame = new float[fftLength];
    for (int t = 0; t < spectrogram.frames; t++) {
      cut(signal, t * hop - fftLength / 2, frame);
      fft.realForward(frame);
      unpack(frame, spectrogram, t);
    }
    return spectrogram;
  }

  /**
   * Inverts a spectrogram to hop * (frames - 1) samples: up to the centre of the last frame, all that every frame's
   * position vouches for.
   */
  public float[] inverse(ComplexSpectrogram spectrogram) {
    return inverse(spectrogram, hop * (spectrogram.frames - 1));
  }

  /**
   * Inverts a spectrogram. The imaginary parts of the first and last bin, zero for any real signal, are ignored.
   *
   * @param spectrogram [frames][bins], bins = fftLength / 2 + 1. Not modified.
   * @param length      samples to return; those that no window covers are zero
   * @throws IllegalArgumentException if the number of bins does not fit this transform
   */
  public float[] inverse(ComplexSpectrogram spectrogram, int length) {
    if (spectrogram.bins != bins()) {
      throw new IllegalArgumentException("spectrogram of " + spectrogram.bins + " bins: a transform of length " + fftLength
        + " needs " + bins());
    }
    double[] sum = new double[length];
    double[] squaredWindows = new double[length];
    float[] frame = new float[fftLength];
    for (int t = 0; t < spectrogram.frames; t++) {
      pack(spectrogram, t, frame);
      fft.realInverse(frame, true);
      overlapAdd(frame, t * hop - fftLength / 2, sum, squaredWindows);
    }
    float[] signal = new float[length];
    for (int s = 0; s < length; s++) {
      signal[s] = squaredWindows[s] > NOT_COVERED ? (float) (sum[s] / squaredWindows[s]) : 0;
    }
    return signal;
  }

  private void cut(float[] signal, int start, float[] frame) {
    int last = signal.length - 1;
    for (int n = 0; n < fftLength; n++) {
      int s = Math.abs(start + n);
      frame[n] = window[n] * signal[s <= last ? s : 2 * last - s];
    }
  }

  private void overlapAdd(float[] frame, int start, double[] sum, double[] squaredWindows) {
    int end = Math.min(fftLength, sum.length - start);
    for (int n = Math.max(0, -start); n < end; n++) {
      sum[start + n] += window[n] * frame[n];
      squaredWindows[start + n] += window[n] * window[n];
    }
  }

  /** JTransforms packs the half spectrum of a real signal as Re 0, Re N/2, Re 1, Im 1, Re 2, Im 2 ... */
  private void unpack(float[] packed, ComplexSpectrogram spectrogram, int t) {
    int row = t * spectrogram.bins;
    int nyquist = fftLength / 2;
    spectrogram.re[row] = packed[0];
    spectrogram.re[row + nyquist] = packed[1];
    for (int b = 1; b < nyquist; b++) {
      spectrogram.re[row + b] = packed[2 * b];
      spectrogram.im[row + b] = packed[2 * b + 1];
    }
  }

  private void pack(ComplexSpectrogram spectrogram, int t, float[] packed) {
    int row = t * spectrogram.bins;
    int nyquist = fftLength / 2;
    packed[0] = spectrogram.re[row];
    packed[1] = spectrogram.re[row + nyquist];
    for (int b = 1; b < nyquist; b++) {
      packed[2 * b] = spectrogram.re[row + b];
      packed[2 * b + 1] = spectrogram.im[row + b];
    }
  }
}

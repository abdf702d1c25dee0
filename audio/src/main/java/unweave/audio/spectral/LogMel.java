package unweave.audio.spectral;

import java.util.Arrays;

/**
 * The front end of the networks: a waveform becomes the image that they see (Harck 2024, section 2.3 and A.1).
 * <pre>
 *   x / max |x|  ->  X = STFT  ->  M = W |X|  ->  max(floor, log10(M + offset)), the first frames kept
 * </pre>
 * Images are [mels][frames], row after row; row 0 is the lowest frequency.
 *
 * <p>Immutable; several threads may use one instance at the same time.
 */
public final class LogMel {
  private final SpectrogramSettings settings;
  private final Stft stft;
  private final MelFilterBank filterBank;

  /**
   * A waveform with all that lies between it and its image, for the way back from image to sound.
   *
   * @param signal      the excerpt, as long as the settings say, its peak at 1
   * @param peak        the excerpt's largest absolute value before it was normalised
   * @param spectrogram the STFT of {@code signal}, all frames
   * @param mel         mel magnitudes M, [mels][frames kept]
   * @param logMel      the network's input, [mels][frames kept]
   */
  public record Analysis(float[] signal, float peak, ComplexSpectrogram spectrogram, float[] mel, float[] logMel) {
  }

  public LogMel(SpectrogramSettings settings) {
    this.settings = settings;
    this.stft = new Stft(settings.fftLength(), settings.hop(), settings.window());
    this.filterBank = new MelFilterBank(stft.bins(), settings.lowHz(), settings.highHz(), settings.mels(), settings.sampleRate());
  }

  /** The settings that this front end was made with. */
  public SpectrogramSettings settings() {
    return settings;
  }

  /** The transform between signal and complex spectrogram. */
  public Stft stft() {
    return stft;
  }

  /** The filters between magnitude spectrum and mel bands. */
  public MelFilterBank filterBank() {
    return filterBank;
  }

  /**
   * Computes a network's input.
   *
   * @param signal at the settings' sample rate; if shorter than the settings' length zeros are appended, if longer it is cut.
   *               Not modified.
   * @return log-mel spectrogram, [mels][frames]
   * @throws IllegalArgumentException if the excerpt is silent or holds a value that is not a finite number
   */
  public float[] logMel(float[] signal) {
    return logMel(stft.forward(normalised(signal, peak(signal))));
  }

  /** As {@link #logMel(float[])}, keeping the intermediate results. */
  public Analysis analyse(float[] signal) {
    float peak = peak(signal);
    float[] normalised = normalised(signal, peak);
    ComplexSpectrogram spectrogram = stft.forward(normalised);
    float[] mel = mel(spectrogram);
    return new Analysis(normalised, peak, spectrogram, mel, logarithm(mel.clone()));
  }

  /** Computes a network's input from a spectrogram, which may have been altered; see {@link #mel}. */
  public float[] logMel(ComplexSpectrogram spectrogram) {
    return logarithm(mel(spectrogram));
  }

  /**
   * Computes mel magnitudes.
   *
   * @param spectrogram [frames][bins]; frames beyond those kept are ignored, missing ones count as silence. Not modified.
   * @return M = W |X|, [mels][frames kept]
   */
  public float[] mel(ComplexSpectrogram spectrogram) {
    int kept = settings.frames();
    float[] mel = new float[settings.mels() * kept];
    float[] magnitude = spectrogram.magnitude();
    double[] column = new double[settings.mels()];
    for (int t = 0; t < Math.min(kept, spectrogram.frames); t++) {
      filterBank.apply(magnitude, t, column);
      for (int m = 0; m < column.length; m++) {
        mel[m * kept + t] = (float) column[m];
      }
    }
    return mel;
  }

  private float[] logarithm(float[] mel) {
    for (int i = 0; i < mel.length; i++) {
      mel[i] = (float) Math.max(settings.floor(), Math.log10(mel[i] + settings.logOffset()));
    }
    return mel;
  }

  private float peak(float[] signal) {
    int length = Math.min(signal.length, settings.samples());
    float peak = 0;
    for (int s = 0; s < length; s++) {
      if (!Float.isFinite(signal[s])) {
        throw new IllegalArgumentException("sample " + s + " is " + signal[s] + ": every sample must be a finite number");
      }
      peak = Math.max(peak, Math.abs(signal[s]));
    }
    if (peak == 0) {
      throw new IllegalArgumentException("silent: all " + length + " samples are zero");
    }
    return peak;
  }

  private float[] normalised(float[] signal, float peak) {
    float[] normalised = Arrays.copyOf(signal, settings.samples());
    for (int s = 0; s < normalised.length; s++) {
      normalised[s] /= peak;
    }
    return normalised;
  }
}

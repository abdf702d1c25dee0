package unweave.audio.sonify;

import unweave.audio.spectral.ComplexSpectrogram;
import unweave.audio.spectral.GriffinLim;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.MelInverse;

/**
 * Makes the relevant parts of a sound audible (Harck 2024, section 3.3):
 * <pre>
 *   M_k = mask(R_k) * M            the mel spectrogram of what is relevant (Eq. 3.13)
 *   |X_k| = W+ M_k                 its magnitudes (Eq. 3.15), see {@link MelInverse}
 *   X_k = |X_k| X / |X|            with the original's phases (Eq. 3.16)
 *   x_k = inverse STFT of X_k      by overlap-add (Eq. 3.17)
 * </pre>
 * The loudness (root mean square) is then set to the original's, and peaks are clamped to the original's largest value.
 *
 * <p>Immutable; several threads may use one instance at the same time.
 */
public final class Sonification {
  private final LogMel frontEnd;
  private final RelevanceMask mask;
  private final MelInverse inverse;
  private final MelInverse.Method method;

  /** The thesis' mask, and the pseudo-inverse. */
  public Sonification(LogMel frontEnd) {
    this(frontEnd, new RelevanceMask(), new MelInverse(frontEnd.filterBank()), MelInverse.Method.PSEUDO_INVERSE);
  }

  /**
   * @param frontEnd what made the network's input
   * @param inverse  of the front end's filter bank
   */
  public Sonification(LogMel frontEnd, RelevanceMask mask, MelInverse inverse, MelInverse.Method method) {
    this.frontEnd = frontEnd;
    this.mask = mask;
    this.inverse = inverse;
    this.method = method;
  }

  /**
   * Makes a relevance map audible.
   *
   * @param original  the sound that was explained. Not modified.
   * @param relevance [mels][frames]. Not modified.
   * @return hop * (frames - 1) samples at the front end's sample rate, relative to the normalised original; silence if nothing in
   *     the map is positive
   * @throws IllegalArgumentException if the map's size does not fit, or a value is not finite
   */
  public float[] sound(LogMel.Analysis original, float[] relevance) {
    float[] magnitude = relevantMagnitude(original.mel(), relevance);
    float[] sound = frontEnd.stft().inverse(withPhasesOf(original.spectrogram(), magnitude));
    double loudness = rootMeanSquare(sound);
    if (loudness == 0) {
      return sound;
    }
    float limit = peak(original.signal());
    double gain = rootMeanSquare(original.signal()) / loudness;
    for (int s = 0; s < sound.length; s++) {
      sound[s] = (float) Math.max(-limit, Math.min(limit, gain * sound[s]));
    }
    return sound;
  }

  /**
   * Makes a relevance map audible when only the mel spectrogram is known: the phases are guessed, and the peak is set to 1.
   *
   * @param mel       magnitudes, [mels][frames]. Not modified.
   * @param relevance [mels][frames]. Not modified.
   * @param phases    on the front end's STFT
   * @param seed      decides the phases to start from
   * @return hop * (frames - 1) samples; silence if nothing in the map is positive
   */
  public float[] soundWithoutPhases(float[] mel, float[] relevance, GriffinLim phases, long seed) {
    float[] sound = phases.signal(relevantMagnitude(mel, relevance), seed);
    float peak = peak(sound);
    for (int s = 0; s < sound.length && peak > 0; s++) {
      sound[s] /= peak;
    }
    return sound;
  }

  private float[] relevantMagnitude(float[] mel, float[] relevance) {
    int frames = frontEnd.settings().frames();
    float[] masked = mask.of(relevance, frontEnd.settings().mels(), frames);
    if (mel.length != masked.length) {
      throw new IllegalArgumentException("mel spectrogram of " + mel.length + " values: the relevance map has " + masked.length);
    }
    for (int i = 0; i < masked.length; i++) {
      masked[i] *= mel[i];
    }
    return inverse.magnitude(masked, frames, method);
  }

  /** The first frames of the spectrogram with other magnitudes; where it is zero there is no phase, and the result is zero. */
  private static ComplexSpectrogram withPhasesOf(ComplexSpectrogram spectrogram, float[] magnitude) {
    ComplexSpectrogram result = new ComplexSpectrogram(magnitude.length / spectrogram.bins, spectrogram.bins);
    for (int i = 0; i < magnitude.length; i++) {
      double re = spectrogram.re[i];
      double im = spectrogram.im[i];
      double length = Math.sqrt(re * re + im * im);
      if (length > 0) {
        result.re[i] = (float) (magnitude[i] * re / length);
        result.im[i] = (float) (magnitude[i] * im / length);
      }
    }
    return result;
  }

  private static double rootMeanSquare(float[] signal) {
    double sum = 0;
    for (float value : signal) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum / signal.length);
  }

  private static float peak(float[] signal) {
    float peak = 0;
    for (float value : signal) {
      peak = Math.max(peak, Math.abs(value));
    }
    return peak;
  }
}

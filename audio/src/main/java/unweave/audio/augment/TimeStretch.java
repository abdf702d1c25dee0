package unweave.audio.augment;

import unweave.audio.random.SeededRandom;
import unweave.audio.spectral.ComplexSpectrogram;

/**
 * Plays a spectrogram at a speed uniform in [slowest, fastest] with its pitch kept ({@link PhaseVocoder}). What becomes shorter than
 * the wanted number of frames is placed in zeros at a random offset; what becomes longer is cut at the end.
 */
public record TimeStretch(double slowest, double fastest) {

  /**
   * @param spectrogram a short-time Fourier transform. Not modified.
   * @param frames      number of frames of the result
   */
  public ComplexSpectrogram apply(ComplexSpectrogram spectrogram, int frames, SeededRandom random) {
    ComplexSpectrogram stretched = PhaseVocoder.stretch(spectrogram, random.uniform(slowest, fastest));
    ComplexSpectrogram placed = new ComplexSpectrogram(frames, spectrogram.bins);
    int kept = Math.min(frames, stretched.frames);
    int offset = random.integer(0, frames - kept);
    int bins = spectrogram.bins;
    System.arraycopy(stretched.re, 0, placed.re, offset * bins, kept * bins);
    System.arraycopy(stretched.im, 0, placed.im, offset * bins, kept * bins);
    return placed;
  }
}

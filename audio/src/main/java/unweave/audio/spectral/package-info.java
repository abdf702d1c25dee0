/**
 * From a waveform to the log-mel spectrogram that a network sees, and back.
 *
 * <p>Forward: {@link unweave.audio.spectral.Stft} (short-time Fourier transform).
 */
package unweave.audio.spectral;

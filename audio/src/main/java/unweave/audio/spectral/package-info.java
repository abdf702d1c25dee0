/**
 * From a waveform to the log-mel spectrogram that a network sees, and back.
 *
 * <p>Forward: {@link unweave.audio.spectral.Stft} (short-time Fourier transform),
 * {@link unweave.audio.spectral.MelFilterBank}, and {@link unweave.audio.spectral.LogMel}, which does the whole way
 * from the {@link unweave.audio.spectral.SpectrogramSettings}. Back: {@link unweave.audio.spectral.MelInverse} finds
 * non-negative magnitudes by {@link unweave.audio.spectral.NonNegativeLeastSquares},
 * {@link unweave.audio.spectral.GriffinLim} finds phases where they are lost, and the STFT's inverse makes a signal.
 *
 * <p>Layouts: spectrograms are [frames][bins], because a frame is transformed as a whole; mel spectrograms are
 * [mels][frames], because they are images whose rows are frequencies.
 */
package unweave.audio.spectral;

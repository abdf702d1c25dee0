/**
 * Training augmentations (Harck 2024, Table A.1): {@link unweave.audio.augment.Augmentation} applies them in their
 * order, one class each holds the formula. Waveforms are mono float arrays, spectrograms come from
 * {@link unweave.audio.spectral.Stft}, log-mels are [mels][frames] in one array.
 */
package unweave.audio.augment;

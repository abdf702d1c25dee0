/** Band-limited change of the sample rate: {@link unweave.audio.resample.Resampler} and the filters it can use. */
package unweave.audio.resample;

/**
 * Makes heatmaps over mel spectrograms audible: {@link unweave.audio.sonify.RelevanceMask} and
 * {@link unweave.audio.sonify.Sonification}.
 */
package unweave.audio.sonify;

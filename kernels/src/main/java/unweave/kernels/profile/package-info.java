/**
 * What a run spends its time on: every operation of a backend with its cost and time, inside the spans that the callers
 * name ({@link unweave.kernels.profile.Timeline}), against what the device can do at most
 * ({@link unweave.kernels.Ceilings}). Nothing here runs unless a profile is wanted.
 */
package unweave.kernels.profile;

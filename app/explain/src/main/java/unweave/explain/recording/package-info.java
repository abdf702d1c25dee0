/**
 * Whole recordings: what a network hears in each part of them. {@link unweave.explain.recording.RecordingExplainer}.
 */
package unweave.explain.recording;

/**
 * From a sound to its explanation: {@link unweave.app.explain.Explainer} computes,
 * {@link unweave.app.explain.ExplanationPictures} draws, {@link unweave.app.explain.ExplanationWriter} puts everything
 * into files and {@link unweave.app.explain.ExplanationReport} onto a page.
 */
package unweave.app.explain;

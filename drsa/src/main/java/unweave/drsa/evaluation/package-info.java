/**
 * Does an explanation hold? Measures of relevance maps, of concept maps and of subspaces. All of them work on models,
 * subspaces and maps (height x width values, row-major), whatever the inputs are. Each can be computed for one class,
 * layer, method and seed at a time and gives a small record of plain numbers, so that a long evaluation can be saved
 * piece by piece.
 *
 * <ul>
 *   <li>Patch flipping (thesis 4.2.3): {@link unweave.drsa.evaluation.PatchFlipping} flips,
 *       {@link unweave.drsa.evaluation.SubspaceFlipping} explains first, {@link unweave.drsa.evaluation.FlippingScores}
 *       are the figures; {@link unweave.drsa.evaluation.CrossClassRow}, {@link unweave.drsa.evaluation.ClassAverage}
 *       and {@link unweave.drsa.evaluation.GammaGrid} make the thesis' tables of them.
 *   <li>Faithfulness of masks: {@link unweave.drsa.evaluation.MaskFaithfulness} (as in the L-MAC work),
 *       {@link unweave.drsa.evaluation.InsertionDeletion}, {@link unweave.drsa.evaluation.MapShape}.
 *   <li>Disentanglement: {@link unweave.drsa.evaluation.Disentanglement} of concept maps,
 *       {@link unweave.drsa.evaluation.SubspaceAgreement} of two searches.
 *   <li>Sanity checks: {@link unweave.drsa.evaluation.ParameterRandomization},
 *       {@link unweave.drsa.evaluation.MapChange}.
 *   <li>Is one method better than another? {@link unweave.drsa.evaluation.Comparison} of both on the same pairs.
 *   <li>{@link unweave.drsa.evaluation.ConceptEvaluation} explains once and computes all measures of maps.
 * </ul>
 */
package unweave.drsa.evaluation;

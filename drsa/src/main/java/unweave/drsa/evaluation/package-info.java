/**
 * Does an explanation hold? Measures of relevance maps, of concept maps and of subspaces. All of them work on models, subspaces and maps (height x
 * width values, row-major); none knows what the inputs are. Each can be computed for one class, layer, method and seed at a time, and gives a small
 * record of plain numbers, so that a long evaluation can be kept piece by piece.
 *
 * <ul>
 *   <li>Faithfulness: {@link unweave.drsa.evaluation.PatchFlipping} and {@link unweave.drsa.evaluation.SubspaceFlipping} (thesis 4.2.3).
 * </ul>
 */
package unweave.drsa.evaluation;

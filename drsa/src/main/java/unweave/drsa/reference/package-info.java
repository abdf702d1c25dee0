/**
 * Reference samples of a concept: the inputs in which it shows most, and where in them (concept relevance propagation;
 * Achtibat et al., "From attribution maps to human-understandable explanations through concept relevance propagation",
 * 2023).
 *
 * <p>{@link unweave.drsa.reference.ReferenceSearch} scores inputs for every concept of a class, by what the concept
 * contributes to the decision or by how strongly it is present ({@link unweave.drsa.reference.Criterion});
 * {@link unweave.drsa.reference.ReferenceScores} names the best; {@link unweave.drsa.reference.ReferenceMaps} shows
 * which bins of these inputs the score comes from. Concepts are subspaces, however they were found; with the channels
 * themselves as subspaces (as many as channels) this is the method of the paper.
 */
package unweave.drsa.reference;

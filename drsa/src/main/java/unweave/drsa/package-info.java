/**
 * Disentangled relevant subspace analysis (DRSA; Chormai et al., "Disentangled Explanations of Neural Network
 * Predictions by Finding Relevant Subspaces", 2024): which few directions in the activations of one layer carry the
 * relevance of a class, and where in the input each of them finds it.
 *
 * <p>The path through the package: {@link unweave.drsa.ContextSampler} collects activation and context vectors,
 * {@link unweave.drsa.SubspaceOptimizer} finds an orthogonal matrix whose blocks of columns span the subspaces,
 * {@link unweave.drsa.SubspaceFile} keeps them, {@link unweave.drsa.TwoStepAttribution} turns them into one heatmap per
 * concept, and {@link unweave.drsa.ConceptMatching} scores those heatmaps where the truth is known. What needs no truth
 * is measured in {@link unweave.drsa.evaluation}.
 */
package unweave.drsa;

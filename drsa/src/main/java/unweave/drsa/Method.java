package unweave.drsa;

/** How the orthogonal matrix of a set of subspaces is chosen (thesis 4.2.3). */
public enum Method {
    /**
     * Disentangled relevant subspace analysis: maximises the relevance that the subspaces carry apart from each other
     * (thesis 2.19).
     */
    DRSA,
    /**
     * The same objective with every context vector replaced by its activation vector: blind to how the network uses the
     * activations.
     */
    DSA,
    /** The Haar-random matrix itself, not optimised. */
    RANDOM,
    /**
     * Principal relevant component analysis (Chormai et al. 2024): eigenvectors of the cross-moments of activation and
     * context.
     */
    PRCA,
    /** Eigenvectors of the second moments of the activations: blind to relevance. */
    PCA,
    /**
     * The channels as they are, the most relevant first; with as many subspaces as channels this is concept relevance
     * propagation.
     */
    CHANNELS,
    /**
     * Found with the labels of the objects that a sound is made of ({@link unweave.drsa.evaluation.Oracle}): no method
     * for data without labels, but the ceiling of what subspaces can tell apart.
     */
    ORACLE;

    /** Whether the matrix is found by steps of gradient ascent. */
    public boolean isOptimized() {
        return this == DRSA || this == DSA;
    }

    /** Whether the matrix depends on a random start. */
    public boolean isRandom() {
        return isOptimized() || this == RANDOM;
    }
}

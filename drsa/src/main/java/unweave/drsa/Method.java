package unweave.drsa;

/** How the orthogonal matrix of a set of subspaces is chosen (thesis 4.2.3). */
public enum Method {
  /** Disentangled relevant subspace analysis: maximises the relevance that the subspaces carry apart from each other (thesis 2.19). */
  DRSA,
  /** The same objective with every context vector replaced by its activation vector: blind to what the network makes of the activations. */
  DSA,
  /** The Haar-random matrix itself, not optimised. */
  RANDOM
}

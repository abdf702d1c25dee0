package unweave.drsa.reference;

/**
 * By what an input is scored as a reference of a concept. With activation vectors a and context vectors c = R / a of
 * the layer (R the relevance that arrives there), and the columns U_k of the concept's subspace, each position of the
 * layer has a value per concept.
 */
public enum Criterion {
    /**
     * (U_k^T a)^T (U_k^T c): the relevance that flows through the concept, in units of the logit. Relevance
     * maximisation (Achtibat et al. 2023) finds inputs in whose decision the concept is used.
     */
    RELEVANCE,
    /**
     * |U_k^T a|^2: how strongly the concept is present, whether or not the decision rests on it. Activation
     * maximisation (Achtibat et al. 2023) finds inputs to which the concept reacts most.
     */
    ACTIVATION
}

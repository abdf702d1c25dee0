package unweave.explain.evaluate;

/** What can be measured. */
public enum Measure {
    /** Patch flipping of every method (thesis Table 4.4). */
    FLIPPING,
    /** Subspaces of other classes (thesis Fig. 4.10). */
    CROSS_CLASS,
    /** The choice of gamma (thesis Fig. B.1). */
    GAMMA,
    /** The distribution of relevance (thesis Fig. B.3). */
    HISTOGRAM,
    /** Faithfulness and disentanglement of maps. */
    CONCEPTS,
    /** Agreement of searches, where there are several of one kind. */
    AGREEMENT,
    /** Randomised parameters. */
    SANITY;

    /** As the command line writes it. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}

package unweave.lrp;

/**
 * What the graph alone tells about a layer, before any number is computed. It makes rules shorter ({@link Rule#given})
 * without changing their results.
 *
 * @param inputNonNegative no input is below zero
 * @param noRelevanceWhereNonPositive outputs that are zero or below (before a fused ReLU) receive no relevance
 */
record Known(boolean inputNonNegative, boolean noRelevanceWhereNonPositive) {
    /** Any input, any relevance. */
    static final Known NOTHING = new Known(false, false);
}

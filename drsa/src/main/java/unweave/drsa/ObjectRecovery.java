package unweave.drsa;

import java.util.List;

/**
 * The result of {@link ConceptMatching#score}.
 *
 * @param recovery the recovery of the class, between 0 and 1: mean over samples of the mean over the objects of each
 * @param ownAssignment the same where every sample has its own best assignment
 * @param objects one score per object, in the order of the objects
 * @param shareElsewhere share of the standard map's positive relevance outside the bins of all objects
 * @param meanPrecision objects x K: mean average precision of every pair, over the samples that hold the object
 */
public record ObjectRecovery(
        Estimate recovery,
        Estimate ownAssignment,
        List<ObjectScore> objects,
        Estimate shareElsewhere,
        double[][] meanPrecision) {
    /**
     * One object; all numbers over the samples that hold it.
     *
     * @param concept the concept assigned to it, counted from 0; -1 if there are fewer concepts than objects
     * @param recovery average precision of that concept
     * @param ownAssignment the same where every sample has its own best assignment
     * @param baseRate share of all bins that belong to the object: what a constant map scores
     * @param standardShare share of the standard map's positive relevance in the object's bins: how much the network
     *     looks at it
     */
    public record ObjectScore(
            int concept, Estimate recovery, Estimate ownAssignment, Estimate baseRate, Estimate standardShare) {}
}

package unweave.explain.recording;

/**
 * A window in which a concept counts much.
 *
 * @param window its place in the timeline
 * @param className the class whose concept it is
 * @param concept counted from 1; 0 for the decision as a whole, where there are no concepts
 * @param rank 1 for the window in which the concept has the most relevance
 * @param relevance of the concept, in units of the logit
 * @param share of the window's relevance
 */
public record Passage(int window, String className, int concept, int rank, double relevance, double share) {}

package unweave.explain.evaluate;

import unweave.drsa.evaluation.RelevanceHistogram;

/** How relevance is distributed within the concept maps of one layer (thesis Fig. B.3). */
public record HistogramResult(String layer, int concepts, RelevanceHistogram histogram) {}

package unweave.explain.evaluate;

import unweave.drsa.evaluation.MapChange;

/**
 * The standard maps of a network against those of one that was trained on shuffled labels (Adebayo et al. 2018).
 *
 * @param trainAccuracy how much of the shuffled labels the other network has learned by heart
 * @param inputs number of inputs
 * @param emptyMaps how many of its maps are 0 everywhere, because nothing in the input changes what it says
 * @param change likeness of the maps of both
 */
public record ShuffledResult(double trainAccuracy, int inputs, int emptyMaps, MapChange.Summary change) {}

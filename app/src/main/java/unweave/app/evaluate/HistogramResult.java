package unweave.app.evaluate;

/**
 * How relevance is distributed within a concept map (thesis Fig. B.3): every map is rectified and divided by its largest value, and its histogram is
 * averaged over the maps.
 *
 * @param maps number of concept maps; those without positive relevance are left out
 * @param shares share of the bins of a map in each of equal intervals from 0 to 1, averaged over maps
 * @param percentile90 the 90th percentile, averaged over maps: where the mask of an explanation's sound begins
 * @param meanPlusDeviation mean plus standard deviation of the values of a map, averaged over maps
 */
public record HistogramResult(String layer, int concepts, int maps, double[] shares, double percentile90, double meanPlusDeviation) {}

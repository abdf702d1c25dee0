package unweave.drsa.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import unweave.drsa.Estimate;

/**
 * How similar a relevance map is to that of a changed network: with randomised parameters
 * ({@link ParameterRandomization}), or trained on shuffled labels (pass the maps of both networks for the same inputs
 * and classes to {@link #between}). An explanation that stays the same did not depend on what the network has learned
 * (Adebayo et al. 2018, "Sanity Checks for Saliency Maps").
 *
 * @param correlation {@link Correlation#pearson} of the relevances
 * @param rankCorrelation {@link Correlation#spearman} of the relevances
 * @param magnitudeRankCorrelation {@link Correlation#spearman} of |R|: also sees maps that only changed their sign
 * @param similarity {@link StructuralSimilarity} of the masks of {@link MapPart#MAGNITUDE}
 */
public record MapChange(
        double correlation, double rankCorrelation, double magnitudeRankCorrelation, double similarity) {

    /** As {@link MapChange}, for many inputs: means with their standard errors. */
    public record Summary(
            Estimate correlation, Estimate rankCorrelation, Estimate magnitudeRankCorrelation, Estimate similarity) {}

    /** The means of several scores. */
    public static Summary summary(List<MapChange> scores) {
        return new Summary(
                mean(scores, MapChange::correlation),
                mean(scores, MapChange::rankCorrelation),
                mean(scores, MapChange::magnitudeRankCorrelation),
                mean(scores, MapChange::similarity));
    }

    private static Estimate mean(List<MapChange> scores, ToDoubleFunction<MapChange> figure) {
        return Estimate.of(scores.stream().mapToDouble(figure).toArray());
    }

    /** Compares two maps of height x width relevances. */
    public static MapChange between(float[] before, float[] after, int height, int width) {
        float[] magnitudeBefore = MapPart.MAGNITUDE.mask(before);
        float[] magnitudeAfter = MapPart.MAGNITUDE.mask(after);
        return new MapChange(
                Correlation.pearson(before, after),
                Correlation.spearman(before, after),
                Correlation.spearman(magnitudeBefore, magnitudeAfter),
                StructuralSimilarity.of(magnitudeBefore, magnitudeAfter, height, width, 1));
    }

    /** Compares the maps of many inputs, one by one. */
    public static List<MapChange> between(float[][] before, float[][] after, int height, int width) {
        if (before.length != after.length) {
            throw new IllegalArgumentException(
                    before.length + " maps cannot be compared with " + after.length + " one by one");
        }
        List<MapChange> changes = new ArrayList<>();
        for (int i = 0; i < before.length; i++) {
            changes.add(between(before[i], after[i], height, width));
        }
        return changes;
    }
}

package unweave.drsa.evaluation;

import java.util.List;
import java.util.function.ToDoubleFunction;
import unweave.drsa.Estimate;

/**
 * How far the K concept maps of one input are apart. All figures are of the masks ({@link MapPart#POSITIVE}): the
 * positive part of each map over its maximum.
 *
 * @param similarity mean {@link StructuralSimilarity} over all pairs of masks; lower is further apart
 * @param correlation mean {@link Correlation#pearson} over all pairs of masks; lower is further apart
 * @param sharedEnergy the part of the masks' values in claimed bins that lies in bins claimed by two or more concepts,
 *     see {@link #of}; 0 where no bin is claimed twice, 1 where all are; lower is further apart
 * @param commonEnergy mean over all pairs of sum over bins of min(p_k, p_l), p a mask over its sum: the overlap of two
 *     concepts without a threshold; 0 for disjoint maps, 1 for equal ones
 * @param concentration mean {@link MapShape#concentration} of the masks; higher means one spot each
 * @param sparseness mean {@link MapShape#sparseness} of the masks
 */
public record Disentanglement(
        double similarity,
        double correlation,
        double sharedEnergy,
        double commonEnergy,
        double concentration,
        double sparseness) {
    /**
     * A concept claims the bins that reach this percentile of its positive part: those from which the thesis makes
     * sound (3.3).
     */
    public static final double CLAIMED_PERCENTILE = 90;

    /** As {@link Disentanglement}, for many inputs: means with their standard errors. */
    public record Summary(
            Estimate similarity,
            Estimate correlation,
            Estimate sharedEnergy,
            Estimate commonEnergy,
            Estimate concentration,
            Estimate sparseness) {}

    /** The means of several scores. */
    public static Summary summary(List<Disentanglement> scores) {
        return new Summary(
                mean(scores, Disentanglement::similarity),
                mean(scores, Disentanglement::correlation),
                mean(scores, Disentanglement::sharedEnergy),
                mean(scores, Disentanglement::commonEnergy),
                mean(scores, Disentanglement::concentration),
                mean(scores, Disentanglement::sparseness));
    }

    private static Estimate mean(List<Disentanglement> scores, ToDoubleFunction<Disentanglement> figure) {
        return Estimate.of(scores.stream().mapToDouble(figure).toArray());
    }

    /**
     * Measures the maps of one input. With masks m_k and claims C_k = {b: m_k(b) &gt; 0 and at least its 90th
     * percentile}, the shared energy is
     *
     * <pre>
     * sum over the bins b in two or more C_k of sum over k of m_k(b),
     * divided by the same sum over the bins in one or more C_k.
     * </pre>
     *
     * @param concepts K maps of height x width relevances, K at least 2; not modified
     */
    public static Disentanglement of(float[][] concepts, int height, int width) {
        int count = concepts.length;
        if (count < 2) {
            throw new IllegalArgumentException("disentanglement needs at least 2 concept maps, not " + count);
        }
        float[][] masks = new float[count][];
        double concentration = 0;
        double sparseness = 0;
        for (int k = 0; k < count; k++) {
            masks[k] = MapPart.POSITIVE.mask(concepts[k]);
            concentration += MapShape.concentration(masks[k], height, width) / count;
            sparseness += MapShape.sparseness(masks[k]) / count;
        }
        double similarity = 0;
        double correlation = 0;
        double common = 0;
        double pairs = count * (count - 1) / 2.;
        for (int k = 0; k < count; k++) {
            for (int l = 0; l < k; l++) {
                similarity += StructuralSimilarity.of(masks[k], masks[l], height, width, 1) / pairs;
                correlation += Correlation.pearson(masks[k], masks[l]) / pairs;
                common += commonEnergy(masks[k], masks[l]) / pairs;
            }
        }
        return new Disentanglement(similarity, correlation, sharedEnergy(masks), common, concentration, sparseness);
    }

    /** 0 where one of the maps is empty. */
    private static double commonEnergy(float[] a, float[] b) {
        double sumA = MapShape.sum(a);
        double sumB = MapShape.sum(b);
        double common = 0;
        for (int bin = 0; bin < a.length && sumA > 0 && sumB > 0; bin++) {
            common += Math.min(a[bin] / sumA, b[bin] / sumB);
        }
        return common;
    }

    private static double sharedEnergy(float[][] masks) {
        int[] claims = new int[masks[0].length];
        double[] energy = new double[claims.length];
        for (float[] mask : masks) {
            double threshold = Percentile.of(mask, CLAIMED_PERCENTILE);
            for (int bin = 0; bin < claims.length; bin++) {
                claims[bin] += mask[bin] > 0 && mask[bin] >= threshold ? 1 : 0;
                energy[bin] += mask[bin];
            }
        }
        double shared = 0;
        double claimed = 0;
        for (int bin = 0; bin < claims.length; bin++) {
            shared += claims[bin] > 1 ? energy[bin] : 0;
            claimed += claims[bin] > 0 ? energy[bin] : 0;
        }
        return claimed == 0 ? 0 : shared / claimed;
    }
}

package unweave.drsa;

import java.util.Arrays;

/**
 * How well concept maps recover the objects a sound was made of, for data whose objects are known: the object recovery
 * score.
 *
 * <p>The bins of an object are the time-frequency bins in which its own mel spectrogram (magnitudes, the object alone)
 * is within {@code decibels} of its maximum: M(b) &gt;= 10^(-decibels/20) max M. An object whose spectrogram is zero
 * everywhere is absent from the sample and is not counted there. A concept map is scored on an object by
 * {@link AveragePrecision} over all bins.
 *
 * <p><b>Object recovery</b>: score[o][k] is the mean average precision of concept k on object o over the samples that
 * hold o. One one-to-one assignment of concepts to objects, the one with the largest sum of these means, is made for
 * all samples together: a concept has to mean the same thing everywhere. The recovery of an object is the score of its
 * concept (0 if there are fewer concepts than objects and none is left for it); the recovery of the class is the mean
 * over samples of the mean over the objects that each holds. Beside it stands the per-sample variant, where every
 * sample has its own best assignment: what the maps of single explanations show, whatever the order of the concepts.
 * Both choose the best of many assignments, which favours all methods alike; the base rate is what a constant map
 * scores.
 */
public final class ConceptMatching {
    /** Bins within 20 dB of the loudest belong to an object, unless chosen otherwise. */
    public static final double DEFAULT_DECIBELS = 20;

    private final double threshold;

    /**
     * A matching with its definition of an object's bins.
     *
     * @param decibels how far below its maximum an object's magnitude still counts as the object; more than 0
     */
    public ConceptMatching(double decibels) {
        if (!(decibels > 0)) {
            throw new IllegalArgumentException("the range of an object's bins must be more than 0 dB, not " + decibels);
        }
        threshold = Math.pow(10, -decibels / 20);
    }

    /**
     * Scores the maps of one class.
     *
     * @param concepts samples x K x bins, relevance
     * @param standard samples x bins, relevance of the standard map
     * @param objects samples x objects x bins, mel magnitudes of each object alone; zeros where the object is absent
     * @throws IllegalArgumentException if there is no sample, the sizes differ, or an object is in no sample
     */
    public ObjectRecovery score(float[][][] concepts, float[][] standard, float[][][] objects) {
        requireSameSizes(concepts, standard, objects);
        int samples = concepts.length;
        double[][][] precision = new double[samples][][];
        boolean[][][] members = new boolean[samples][][];
        for (int s = 0; s < samples; s++) {
            members[s] = members(objects[s]);
            precision[s] = precisions(concepts[s], members[s]);
        }
        double[][] means = meanOverSamples(precision);
        int[] conceptOfObject = OneToOneAssignment.best(means);
        int[][] perSample = new int[samples][];
        for (int s = 0; s < samples; s++) {
            perSample[s] = OneToOneAssignment.best(withoutAbsent(precision[s]));
        }
        ObjectRecovery.ObjectScore[] scores = new ObjectRecovery.ObjectScore[means.length];
        for (int o = 0; o < scores.length; o++) {
            scores[o] = objectScore(o, conceptOfObject[o], precision, perSample, members, standard);
        }
        int[][] shared = new int[samples][];
        Arrays.fill(shared, conceptOfObject);
        return new ObjectRecovery(
                classRecovery(shared, precision),
                classRecovery(perSample, precision),
                Arrays.asList(scores),
                elsewhere(members, standard),
                means);
    }

    private ObjectRecovery.ObjectScore objectScore(
            int object,
            int concept,
            double[][][] precision,
            int[][] perSample,
            boolean[][][] members,
            float[][] standard) {
        Estimate.Builder matched = new Estimate.Builder();
        Estimate.Builder matchedPerSample = new Estimate.Builder();
        Estimate.Builder baseRate = new Estimate.Builder();
        Estimate.Builder share = new Estimate.Builder();
        for (int s = 0; s < precision.length; s++) {
            boolean[] bins = members[s][object];
            if (bins == null) {
                continue;
            }
            matched.add(value(precision[s][object], concept));
            matchedPerSample.add(value(precision[s][object], perSample[s][object]));
            baseRate.add((double) count(bins) / bins.length);
            share.add(positiveShare(standard[s], bins));
        }
        return new ObjectRecovery.ObjectScore(
                concept, matched.build(), matchedPerSample.build(), baseRate.build(), share.build());
    }

    /** Mean over samples of the mean over the objects of each; {@code conceptOfObject} is samples x objects. */
    private static Estimate classRecovery(int[][] conceptOfObject, double[][][] precision) {
        Estimate.Builder estimate = new Estimate.Builder();
        for (int s = 0; s < precision.length; s++) {
            Estimate.Builder sample = new Estimate.Builder();
            for (int o = 0; o < precision[s].length; o++) {
                if (precision[s][o] != null) {
                    sample.add(value(precision[s][o], conceptOfObject[s][o]));
                }
            }
            if (sample.count() > 0) {
                estimate.add(sample.build().mean());
            }
        }
        return estimate.build();
    }

    /** The bins of every object of a sample; null for an absent one. */
    private boolean[][] members(float[][] objects) {
        boolean[][] members = new boolean[objects.length][];
        for (int o = 0; o < objects.length; o++) {
            float loudest = 0;
            for (float magnitude : objects[o]) {
                loudest = Math.max(loudest, magnitude);
            }
            if (loudest > 0) {
                members[o] = new boolean[objects[o].length];
                for (int bin = 0; bin < objects[o].length; bin++) {
                    members[o][bin] = objects[o][bin] >= threshold * loudest;
                }
            }
        }
        return members;
    }

    /** Average precision, objects x concepts; null for an absent object. */
    private static double[][] precisions(float[][] concepts, boolean[][] members) {
        double[][] precision = new double[members.length][];
        for (int k = 0; k < concepts.length; k++) {
            int[] ranking = AveragePrecision.ranking(concepts[k]);
            for (int o = 0; o < members.length; o++) {
                if (members[o] != null) {
                    precision[o] = precision[o] == null ? new double[concepts.length] : precision[o];
                    precision[o][k] = AveragePrecision.of(concepts[k], ranking, members[o]);
                }
            }
        }
        return precision;
    }

    private static double[][] meanOverSamples(double[][][] precision) {
        int objects = precision[0].length;
        double[][] means = new double[objects][];
        for (int o = 0; o < objects; o++) {
            int present = 0;
            for (double[][] sample : precision) {
                if (sample[o] != null) {
                    means[o] = means[o] == null ? new double[sample[o].length] : means[o];
                    for (int k = 0; k < sample[o].length; k++) {
                        means[o][k] += sample[o][k];
                    }
                    present++;
                }
            }
            if (present == 0) {
                throw new IllegalArgumentException(
                        "object " + (o + 1) + " sounds in none of the " + precision.length + " samples");
            }
            for (int k = 0; k < means[o].length; k++) {
                means[o][k] /= present;
            }
        }
        return means;
    }

    /** Absent objects score 0 with every concept, and so compete with no present one. */
    private static double[][] withoutAbsent(double[][] precision) {
        int concepts = Arrays.stream(precision)
                .filter(row -> row != null)
                .mapToInt(row -> row.length)
                .findFirst()
                .orElse(1);
        double[][] scores = new double[precision.length][];
        for (int o = 0; o < scores.length; o++) {
            scores[o] = precision[o] == null ? new double[concepts] : precision[o];
        }
        return scores;
    }

    private static Estimate elsewhere(boolean[][][] members, float[][] standard) {
        Estimate.Builder elsewhere = new Estimate.Builder();
        for (int s = 0; s < standard.length; s++) {
            boolean[] bins = new boolean[standard[s].length];
            Arrays.fill(bins, true);
            for (boolean[] object : members[s]) {
                for (int bin = 0; object != null && bin < bins.length; bin++) {
                    bins[bin] &= !object[bin];
                }
            }
            elsewhere.add(positiveShare(standard[s], bins));
        }
        return elsewhere.build();
    }

    private static double value(double[] precisionOfConcepts, int concept) {
        return concept == OneToOneAssignment.NONE ? 0 : precisionOfConcepts[concept];
    }

    /** The share of a map's positive relevance that lies in the given bins; 0 for a map without positive relevance. */
    private static double positiveShare(float[] relevance, boolean[] bins) {
        double inside = 0;
        double all = 0;
        for (int bin = 0; bin < bins.length; bin++) {
            double positive = Math.max(0, relevance[bin]);
            all += positive;
            inside += bins[bin] ? positive : 0;
        }
        return all == 0 ? 0 : inside / all;
    }

    private static int count(boolean[] bins) {
        int count = 0;
        for (boolean bin : bins) {
            count += bin ? 1 : 0;
        }
        return count;
    }

    private static void requireSameSizes(float[][][] concepts, float[][] standard, float[][][] objects) {
        if (concepts.length == 0 || concepts.length != standard.length || concepts.length != objects.length) {
            throw new IllegalArgumentException("object recovery needs the same number of samples, at least 1: "
                    + concepts.length + " with concept maps, " + standard.length + " with a standard map, "
                    + objects.length + " with objects");
        }
        int bins = standard[0].length;
        for (int s = 0; s < concepts.length; s++) {
            if (concepts[s].length != concepts[0].length
                    || concepts[s].length == 0
                    || objects[s].length != objects[0].length
                    || objects[s].length == 0) {
                throw new IllegalArgumentException("sample " + s + " has " + concepts[s].length + " concepts and "
                        + objects[s].length + " objects; every sample needs as many as the first, at least 1");
            }
            boolean sameBins = standard[s].length == bins
                    && Arrays.stream(concepts[s]).allMatch(map -> map.length == bins)
                    && Arrays.stream(objects[s]).allMatch(map -> map.length == bins);
            if (!sameBins) {
                throw new IllegalArgumentException(
                        "sample " + s + ": every map must have " + bins + " bins, as the first standard map has");
            }
        }
    }
}

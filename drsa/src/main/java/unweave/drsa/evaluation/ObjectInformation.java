package unweave.drsa.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import unweave.drsa.Estimate;
import unweave.drsa.OneToOneAssignment;

/**
 * Which concept answers to which object, from the effects D[o,k] of objects on concepts ({@link PartEffects}), means
 * over sounds:
 *
 * <pre>
 * P(o,k) = max(0, D[o,k]) / sum of all
 * information = I(O;K) / H(O)       0: concepts do not tell objects apart, 1: every object has concepts of its own
 * selectivity = mean over objects of share[o, k(o)],   share[o,k] = max(0, D[o,k]) / sum over k of max(0, D[o,k])
 * </pre>
 *
 * with k(o) the best one-to-one assignment of concepts to objects. In the information an object weighs as much as its
 * effect, so that one which the network ignores weighs little; in the selectivity all objects weigh alike. Scaling all
 * effects changes neither. Standard errors over the sounds are those of the jackknife.
 *
 * <p>A sound need not hold every object: each D[o,k] is the mean over the sounds that hold o.
 */
public final class ObjectInformation {
    private final double[][][] effects;
    private final double[][] mean;

    private ObjectInformation(double[][][] effects) {
        this.effects = effects;
        this.mean = mean(effects, -1);
    }

    /**
     * The information in some sounds of one class.
     *
     * @param effects sounds x objects x K, null instead of K values where a sound does not hold an object; not modified
     * @throws IllegalArgumentException if there is no sound, the sounds' sizes differ, or no sound holds an object
     */
    public static ObjectInformation of(double[][][] effects) {
        if (effects.length == 0 || effects[0].length == 0) {
            throw new IllegalArgumentException("object information needs a sound with at least one object");
        }
        int objects = effects[0].length;
        int concepts = 0;
        boolean[] held = new boolean[objects];
        for (double[][] sound : effects) {
            if (sound.length != objects) {
                throw new IllegalArgumentException("a sound has " + sound.length + " objects, the first " + objects);
            }
            for (int o = 0; o < objects; o++) {
                int size = sound[o] == null ? concepts : sound[o].length;
                concepts = concepts == 0 ? size : concepts;
                if (size != concepts) {
                    throw new IllegalArgumentException(
                            "an object has effects on " + size + " concepts, another on " + concepts);
                }
                held[o] |= sound[o] != null;
            }
        }
        for (int o = 0; o < objects; o++) {
            if (!held[o]) {
                throw new IllegalArgumentException("no sound holds object " + o);
            }
        }
        return new ObjectInformation(effects);
    }

    /** Number of sounds. */
    public int sounds() {
        return effects.length;
    }

    /** Number of sounds that hold an object. */
    public int sounds(int object) {
        return holding(object).length;
    }

    /** D, objects x K: the mean over sounds. */
    public double[][] effects() {
        return mean;
    }

    /** Objects x K, rows that add up to 1: how an object's effect is divided. NaN for an object without any. */
    public double[][] shares() {
        return shares(mean);
    }

    /** The standard errors of {@link #shares()}; 0 for an object in a single sound. */
    public double[][] shareErrors() {
        double[][] errors = new double[mean.length][mean[0].length];
        for (int o = 0; o < errors.length; o++) {
            for (int k = 0; k < errors[o].length; k++) {
                int object = o;
                int concept = k;
                errors[o][k] =
                        jackknife(d -> shares(d)[object][concept], holding(o)).standardError();
            }
        }
        return errors;
    }

    /**
     * How much more of an object's effect goes into a concept than a given share of it:
     *
     * <pre>
     * D[o,k] - share * sum over j of max(0, D[o,j]).
     * </pre>
     *
     * Whether it is above 0 is the same question as whether share[o,k] is above the given share, but this figure also
     * knows how uncertain the shares of an object with a weak effect are: where noise leaves one positive D[o,k], its
     * share is 1 in every sound.
     *
     * @param share 1/K, for example: an even split
     */
    public Estimate above(double share, int object, int concept) {
        return jackknife(
                d -> d[object][concept]
                        - share
                                * Arrays.stream(d[object])
                                        .map(value -> Math.max(0, value))
                                        .sum(),
                holding(object));
    }

    /** D[object,k] - D[other,k]: how much more one object adds to a concept than another. */
    public Estimate addsAbove(int object, int other, int concept) {
        return jackknife(d -> d[object][concept] - d[other][concept]);
    }

    /** I(O;K) / H(O); NaN if fewer than two objects have an effect. */
    public Estimate information() {
        return jackknife(ObjectInformation::information);
    }

    /** The mean share of an object in its own concept, over the objects with an effect; NaN if none has one. */
    public Estimate selectivity() {
        return jackknife(ObjectInformation::selectivity);
    }

    /** How much more information these concepts hold than others, measured on the same sounds. */
    public Estimate informationAbove(ObjectInformation other) {
        return informationAbove(List.of(other));
    }

    /** As {@link #informationAbove(ObjectInformation)}, than others in the mean. */
    public Estimate informationAbove(List<ObjectInformation> others) {
        return overSearches(
                others,
                effects.length,
                (other, left) -> information(mean(effects, left)) - information(mean(other.effects, left)));
    }

    /** The mean information of several searches, random ones for example, measured on the same sounds. */
    public static Estimate information(List<ObjectInformation> searches) {
        return overSearches(
                searches, searches.get(0).effects.length, (one, left) -> information(mean(one.effects, left)));
    }

    /** The mean selectivity of several searches, measured on the same sounds. */
    public static Estimate selectivity(List<ObjectInformation> searches) {
        return overSearches(
                searches, searches.get(0).effects.length, (one, left) -> selectivity(mean(one.effects, left)));
    }

    private static Estimate overSearches(
            List<ObjectInformation> searches, int sounds, ToDoubleBiFunction<ObjectInformation, Integer> figure) {
        for (ObjectInformation search : searches) {
            if (search.effects.length != sounds) {
                throw new IllegalArgumentException("effects in " + sounds + " and in " + search.effects.length
                        + " sounds are not those of the same");
            }
        }
        IntToDoubleFunction mean = left -> searches.stream()
                .mapToDouble(search -> figure.applyAsDouble(search, left))
                .average()
                .orElse(Double.NaN);
        double[] without =
                IntStream.range(0, sounds > 1 ? sounds : 0).mapToDouble(mean).toArray();
        return jackknife(mean.applyAsDouble(-1), sounds > 1 ? without : new double[sounds]);
    }

    /** For every object the concept of the best one-to-one assignment; {@link OneToOneAssignment#NONE} for none. */
    public int[] conceptOfObject() {
        return conceptOfObject(shares(mean));
    }

    /** Sum over k of D[o,k]: what an object adds to the logit; it shows whether the network uses the object at all. */
    public Estimate effectOnLogit(int object) {
        return Estimate.of(Arrays.stream(holding(object))
                .mapToDouble(s -> Arrays.stream(effects[s][object]).sum())
                .toArray());
    }

    /**
     * I(O;K) / H(O) of a table of objects x concepts, whose negative entries count as 0; NaN if fewer than two objects
     * have a positive entry.
     */
    public static double information(double[][] table) {
        double total = 0;
        double[] ofObject = new double[table.length];
        double[] ofConcept = new double[table[0].length];
        for (int o = 0; o < table.length; o++) {
            for (int k = 0; k < ofConcept.length; k++) {
                double value = Math.max(0, table[o][k]);
                total += value;
                ofObject[o] += value;
                ofConcept[k] += value;
            }
        }
        double information = 0;
        double entropy = 0;
        for (int o = 0; o < table.length; o++) {
            if (ofObject[o] > 0) {
                entropy -= ofObject[o] / total * Math.log(ofObject[o] / total);
            }
            for (int k = 0; k < ofConcept.length; k++) {
                double value = Math.max(0, table[o][k]);
                if (value > 0) {
                    information += value / total * Math.log(value / ofObject[o] / ofConcept[k] * total);
                }
            }
        }
        // No information may come out as a negative rounding error.
        return entropy > 0 ? Math.max(0, information) / entropy : Double.NaN;
    }

    private static double selectivity(double[][] effects) {
        double[][] shares = shares(effects);
        int[] concepts = conceptOfObject(shares);
        double sum = 0;
        int objects = 0;
        for (int o = 0; o < shares.length; o++) {
            if (!Double.isNaN(shares[o][0])) {
                objects++;
                sum += concepts[o] == OneToOneAssignment.NONE ? 0 : shares[o][concepts[o]];
            }
        }
        return objects == 0 ? Double.NaN : sum / objects;
    }

    private static int[] conceptOfObject(double[][] shares) {
        double[][] scores = new double[shares.length][];
        for (int o = 0; o < scores.length; o++) {
            scores[o] = Arrays.stream(shares[o])
                    .map(share -> Double.isNaN(share) ? 0 : share)
                    .toArray();
        }
        return OneToOneAssignment.best(scores);
    }

    private static double[][] shares(double[][] effects) {
        double[][] shares = new double[effects.length][];
        for (int o = 0; o < shares.length; o++) {
            double[] positive =
                    Arrays.stream(effects[o]).map(d -> Math.max(0, d)).toArray();
            double sum = Arrays.stream(positive).sum();
            shares[o] = Arrays.stream(positive)
                    .map(d -> sum > 0 ? d / sum : Double.NaN)
                    .toArray();
        }
        return shares;
    }

    /** The sounds that hold an object. */
    private int[] holding(int object) {
        return IntStream.range(0, effects.length)
                .filter(s -> effects[s][object] != null)
                .toArray();
    }

    /**
     * The mean over all sounds but one; -1 leaves none out. An object in no other sound keeps the effects in that one:
     * the error of its row is unknown, that of the others is not.
     */
    private static double[][] mean(double[][][] effects, int leftOut) {
        double[][] mean = new double[effects[0].length][];
        for (int o = 0; o < mean.length; o++) {
            int object = o;
            double[][] rows = IntStream.range(0, effects.length)
                    .filter(s -> effects[s][object] != null && s != leftOut)
                    .mapToObj(s -> effects[s][object])
                    .toArray(double[][]::new);
            rows = rows.length == 0 ? new double[][] {effects[leftOut][o]} : rows;
            mean[o] = new double[rows[0].length];
            for (double[] row : rows) {
                for (int k = 0; k < row.length; k++) {
                    mean[o][k] += row[k] / rows.length;
                }
            }
        }
        return mean;
    }

    private Estimate jackknife(ToDoubleFunction<double[][]> figure) {
        return jackknife(figure, IntStream.range(0, effects.length).toArray());
    }

    /** @param sounds to leave out, one at a time */
    private Estimate jackknife(ToDoubleFunction<double[][]> figure, int[] sounds) {
        double[] without = new double[sounds.length];
        for (int i = 0; i < sounds.length && sounds.length > 1; i++) {
            without[i] = figure.applyAsDouble(mean(effects, sounds[i]));
        }
        return jackknife(figure.applyAsDouble(mean), without);
    }

    /** The figure of all sounds; its error from the figures with one sound left out (Tukey 1958). */
    private static Estimate jackknife(double figure, double[] without) {
        int n = without.length;
        double centre = Arrays.stream(without).average().orElse(0);
        double squares = Arrays.stream(without)
                .map(value -> (value - centre) * (value - centre))
                .sum();
        return new Estimate(figure, n < 2 ? 0 : Math.sqrt(squares * (n - 1) / n), n);
    }
}

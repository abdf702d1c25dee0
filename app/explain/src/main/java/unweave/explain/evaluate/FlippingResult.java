package unweave.explain.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import unweave.drsa.Estimate;
import unweave.drsa.Method;
import unweave.drsa.evaluation.AboveChance;
import unweave.drsa.evaluation.Comparison;

/**
 * Patch flipping at one layer with one number of concepts: every method on the same inputs.
 *
 * @param classes names
 * @param flips patches of every map flipped in each step
 * @param methods the standard map first, then the methods, then flipping at random
 */
public record FlippingResult(String layer, int concepts, List<String> classes, int[] flips, List<Scores> methods) {
    /** The name of the standard map, K = 1. */
    public static final String STANDARD = "standard";
    /** The name of flipping that follows one random ranking instead of a map. */
    public static final String FLOOR = "random flipping";
    /** The name of flipping that follows K random rankings instead of K maps. */
    public static final String FLOOR_OF_CONCEPTS = "random flipping, K rankings";

    /**
     * One method.
     *
     * @param aupc classes x inputs, thesis Eq. 4.4
     * @param area classes x inputs, the area under the curve of the DRSA paper
     * @param curves classes x (steps + 1): the mean logit after each step
     */
    public record Scores(String name, float[][] aupc, float[][] area, double[][] curves) {
        /** The score of Table 4.4. */
        public Estimate meanAupc() {
            return ClassMean.of(aupc);
        }

        public Estimate meanArea() {
            return ClassMean.of(area);
        }

        public Estimate aupcOfClass(int number) {
            return Estimate.of(ClassMean.doubles(aupc[number]));
        }

        /** The mean over the classes of their curves. */
        public double[] meanCurve() {
            double[] mean = new double[curves[0].length];
            for (double[] curve : curves) {
                for (int t = 0; t < mean.length; t++) {
                    mean[t] += curve[t] / curves.length;
                }
            }
            return mean;
        }
    }

    /** How a method is called in results. */
    public static String name(Method method) {
        return method == Method.RANDOM ? "random" : method.name();
    }

    public boolean has(String method) {
        return methods.stream().anyMatch(scores -> scores.name().equals(method));
    }

    /**
     * The scores of a method.
     *
     * @throws java.util.NoSuchElementException if it was not evaluated
     */
    public Scores of(String method) {
        return methods.stream()
                .filter(scores -> scores.name().equals(method))
                .findFirst()
                .orElseThrow();
    }

    /** Delta-AUPC (thesis 4.5): AUPC of the standard map less that of the method; higher is better. */
    public Estimate deltaAupc(String method) {
        return ClassMean.ofDifferences(of(STANDARD).aupc(), of(method).aupc());
    }

    /**
     * What the number of masks alone does to the score: K masks united flip up to K patches where one map flips one,
     * which lowers the score of any K maps, also of random ones.
     */
    public String floorNote() {
        double one = of(FLOOR).meanAupc().mean();
        double several = of(FLOOR_OF_CONCEPTS).meanAupc().mean();
        return String.format(
                Locale.ROOT,
                "K masks united flip up to K patches where one map flips one. That alone brings the score of flipping"
                        + " at random from %.3f to %.3f with K = %d; the standard map has %.3f. How much better "
                        + "than the standard map a method is says less"
                        + " than how far it is below K random rankings, and below random"
                        + " subspaces.",
                one,
                several,
                concepts,
                of(STANDARD).meanAupc().mean());
    }

    /**
     * The numbers without those of single inputs, by name.
     *
     * @param network how well the network does, without which there is no verdict
     */
    public Map<String, Object> summary(AboveChance network) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("layer", layer);
        summary.put("concepts", concepts);
        for (Scores scores : methods) {
            Map<String, Object> numbers = new LinkedHashMap<>();
            numbers.put("aupc", scores.meanAupc());
            numbers.put("area", scores.meanArea());
            Map<String, Object> perClass = new LinkedHashMap<>();
            for (int c = 0; c < classes.size(); c++) {
                Map<String, Object> ofClass = new LinkedHashMap<>();
                ofClass.put("aupc", scores.aupcOfClass(c));
                ofClass.put("area", Estimate.of(ClassMean.doubles(scores.area()[c])));
                ofClass.put("curve", scores.curves()[c]);
                perClass.put(classes.get(c), ofClass);
            }
            numbers.put("classes", perClass);
            summary.put(scores.name(), numbers);
        }
        summary.put("ordered", ordering(network).verdict());
        summary.put("remarks", remarks());
        return summary;
    }

    /**
     * How the methods are ordered, against the order of Table 4.4.
     *
     * @param network how well the network does, without which there is no verdict
     */
    public Ordering ordering(AboveChance network) {
        return Ordering.of(this, network);
    }

    /**
     * Compares the AUPC of two methods input by input, over the classes that can be judged.
     *
     * @throws java.util.NoSuchElementException if one was not evaluated
     */
    public Comparison compare(String first, String second) {
        return Comparison.lowerIsBetter(first, judged(first), second, judged(second));
    }

    private double[][] judged(String method) {
        float[][] aupc = of(method).aupc();
        return flippable().stream().map(c -> ClassMean.doubles(aupc[c])).toArray(double[][]::new);
    }

    /** The method that the others are compared with: DRSA, or the first of subspaces that were searched. */
    Optional<String> subject() {
        return has("DRSA")
                ? Optional.of("DRSA")
                : methods.stream()
                        .map(Scores::name)
                        .filter(name -> !name.equals(STANDARD) && !name.equals("random") && !name.startsWith(FLOOR))
                        .findFirst();
    }

    /** The places of the classes with an input whose logit is above 0 before anything is flipped. */
    List<Integer> flippable() {
        return IntStream.range(0, classes.size())
                .filter(c -> methods.get(0).curves()[c][0] > 0)
                .boxed()
                .toList();
    }

    /** Sentences about what patch flipping cannot tell here; empty if there is no such thing. */
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        List<String> flat = new ArrayList<>(classes);
        flippable().forEach(c -> flat.remove(classes.get(c)));
        if (!flat.isEmpty()) {
            remarks.add("Patch flipping at " + layer + " says nothing about " + String.join(", ", flat)
                    + ": the logit, which is clamped at 0, is 0 on every input before anything is flipped.");
        }
        double[] means =
                methods.stream().mapToDouble(one -> one.meanAupc().mean()).toArray();
        if (flat.size() < classes.size() && Discrimination.none(means, Math.abs(means[0]))) {
            remarks.add("Patch flipping at " + layer
                    + " does not discriminate here: every map, random ones included, has the same score.");
        }
        return remarks;
    }
}

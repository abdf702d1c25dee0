package unweave.experiments.reproduce;

import java.util.List;
import java.util.Map;

/**
 * The numbers that the thesis (Harck 2024) prints, and where. Figures whose values are only drawn, not printed, are not
 * here.
 */
final class ThesisNumbers {
    /** Section 4.1.2: accuracy of the network on the synthetic data, in percent. */
    static final double SYNTHETIC_ACCURACY = 99.9;
    /** Section 4.2.1: accuracy of the network on GTZAN, in percent, over 10 folds. */
    static final double MUSIC_ACCURACY = 82.53;
    /** Table 4.2: tracks of GTZAN that are used, of 1000. */
    static final int TRACKS = 995;
    /** Section A.1: mean of the log-mel data of GTZAN. */
    static final double LOG_MEL_MEAN = -0.378;
    /** Section A.1: their standard deviation. */
    static final double LOG_MEL_DEVIATION = 0.326;
    /** Fig. B.1: the composite with the lowest score has a gamma that falls with depth from this one (Table 4.3). */
    static final double BEST_GAMMA = 0.4;
    /** Fig. B.3: number of concept maps in the histogram. */
    static final int HISTOGRAM_MAPS = 2400;

    private static final List<String> LAYERS = List.of("conv1", "conv2", "conv3", "conv4", "conv5");
    private static final Map<String, double[]> TABLE_4_4 = Map.of(
            "standard", new double[] {0.975, 0.975, 0.975, 0.975, 0.975},
            "random", new double[] {0.747, 0.702, 0.625, 0.561, 0.538},
            "DSA", new double[] {0.709, 0.613, 0.596, 0.540, 0.523},
            "DRSA", new double[] {0.696, 0.599, 0.583, 0.537, 0.534});
    private static final double[] TABLE_4_4_ERRORS = {0.099, 0.092, 0.079, 0.066, 0.062};

    /** The diagonal of Fig. A.2 in percent. */
    private static final Map<String, Double> CONFUSION_DIAGONAL = Map.of(
            "pop",
            82.6,
            "metal",
            89.5,
            "disco",
            79.4,
            "blues",
            82.3,
            "reggae",
            81.3,
            "classical",
            95.4,
            "rock",
            59.4,
            "hiphop",
            80.1,
            "country",
            83.4,
            "jazz",
            86.4);

    /** Table 4.2; the other genres of {@link #CONFUSION_DIAGONAL} have 100. */
    private static final Map<String, Integer> PRUNED = Map.of("pop", 99, "blues", 99, "hiphop", 97);

    private static final int TRACKS_OF_A_GENRE = 100;

    /** Table 4.3; conv1 has the w^2 rule. */
    private static final Map<String, String> MUSIC_GAMMAS =
            Map.of("conv2", "0.4", "conv3", "0.4", "conv4", "0.2", "conv5", "0.1");

    private ThesisNumbers() {}

    /** The rule of a layer in the synthetic network (4.1.2). */
    static String syntheticRule(String layer) {
        return rule(layer, "flat", "0.8");
    }

    /** The rule of a layer in the music network (Table 4.3, and the text before it). */
    static String musicRule(String layer) {
        return rule(layer, "w^2", MUSIC_GAMMAS.get(layer));
    }

    private static String rule(String layer, String first, String gamma) {
        if (layer.startsWith("dense")) {
            return "epsilon(1e-7)";
        }
        return !LAYERS.contains(layer) ? "" : layer.equals("conv1") ? first : "gamma(" + gamma + ")";
    }

    /** Tracks of a genre in Table 4.2; null for others. */
    static Integer genreTracks(String genre) {
        return CONFUSION_DIAGONAL.containsKey(genre) ? PRUNED.getOrDefault(genre, TRACKS_OF_A_GENRE) : null;
    }

    /** The methods of Table 4.4, in its order from the worst to the best. */
    static List<String> methods() {
        return List.of("standard", "random", "DSA", "DRSA");
    }

    /** AUPC in Table 4.4, which is of GTZAN; not-a-number for layers that are not in it. */
    static double aupc(String method, String layer) {
        int column = LAYERS.indexOf(layer);
        return column < 0 ? Double.NaN : TABLE_4_4.get(method)[column];
    }

    /** The largest standard error of a layer in Table 4.4. */
    static double largestError(String layer) {
        int column = LAYERS.indexOf(layer);
        return column < 0 ? Double.NaN : TABLE_4_4_ERRORS[column];
    }

    /** Accuracy of one genre, in percent; not-a-number for others. */
    static double genreAccuracy(String genre) {
        return CONFUSION_DIAGONAL.getOrDefault(genre, Double.NaN);
    }
}

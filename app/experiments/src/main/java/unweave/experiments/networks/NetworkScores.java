package unweave.experiments.networks;

import java.util.List;
import java.util.Map;

/**
 * What one network gave at one place.
 *
 * @param place the name of the {@link NetworksPlan.Place}
 * @param methods by name; means over the classes
 */
record NetworkScores(String place, Map<String, Scores> methods) {
    /** With K concepts. */
    static final List<String> METHODS = List.of("DRSA", "DSA", "PRCA", "random", "oracle");
    /** The standard map, which has no concepts: AUPC alone. */
    static final String STANDARD = "standard";
    /** With one concept for each channel. */
    static final List<String> CHANNELWISE = List.of("channels", "random, K = D");

    /**
     * One method; not-a-number for what it was not scored by.
     *
     * @param information I(O;K) / H(O)
     * @param selectivity mean share of an object in its own concept
     * @param aupc thesis Eq. 4.4
     */
    record Scores(double information, double selectivity, double aupc) {}

    /**
     * What a training gave.
     *
     * @param confusion test sounds of class [row] that the network takes for class [column]
     */
    record Trained(int[][] confusion) {}
}

package unweave.explain;

/**
 * A part of a decision, to be seen and heard: the whole of it, or what one concept has in it.
 *
 * @param name "standard" for the whole, "concept-1" and so on for concepts; fit for the name of a file
 * @param share of the relevance of the whole: 1 for the whole, and the concepts' shares sum to 1; NaN where the whole
 *     sums to 0
 * @param map its relevance in time and frequency
 * @param sound the most relevant parts of the input, at the model's sample rate; all zero if nothing in the map is
 *     positive
 */
public record Part(String name, double share, RelevanceMap map, Sound sound) {
    /** The name of the whole decision. */
    public static final String STANDARD = "standard";

    /** The name of concept k, counted from 1. */
    static String conceptName(int number) {
        return "concept-" + number;
    }

    /** The name as a heading: "Standard explanation", "Concept 1". */
    public String title() {
        return name.equals(STANDARD) ? "Standard explanation" : "Concept " + name.substring(name.indexOf('-') + 1);
    }

    /** Whether the sound is silence, because nothing in the map is positive. */
    public boolean silent() {
        for (float value : sound.samples()) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }
}

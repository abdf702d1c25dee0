package unweave.explain;

/**
 * One relevance map and what it sounds like.
 *
 * @param name "standard", "concept-1" and so on; names of files begin with it
 * @param relevance [mels][frames], row after row, row 0 the lowest frequency: positive for, negative against the
 *     explained class
 * @param sound the most relevant parts of the input, at the model's sample rate; all zero if nothing in the map is
 *     positive
 */
public record RelevanceMap(String name, float[] relevance, float[] sound) {
    /** The name of the map of the whole decision. */
    public static final String STANDARD = "standard";

    /** The name of the map of concept k, counted from 1. */
    static String conceptName(int number) {
        return "concept-" + number;
    }

    /** The name as a heading: "Standard explanation", "Concept 1". */
    public String title() {
        return name.equals(STANDARD) ? "Standard explanation" : "Concept " + name.substring(name.indexOf('-') + 1);
    }

    /** The sum of all values, in units of the logit. */
    public double sum() {
        double sum = 0;
        for (float value : relevance) {
            sum += value;
        }
        return sum;
    }

    /** The sum of the values above zero. */
    public double positiveSum() {
        double sum = 0;
        for (float value : relevance) {
            sum += Math.max(0, value);
        }
        return sum;
    }

    /** Whether the sound is silence, because nothing in the map is positive. */
    public boolean silent() {
        for (float value : sound) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }
}

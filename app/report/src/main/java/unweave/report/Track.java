package unweave.report;

/**
 * One of the sounds that a {@link ListeningRoom} plays in step, with its relevance.
 *
 * @param name "input", "standard", "concept-1" and so on
 * @param title as a reader sees it
 * @param signal at the room's rate, at most 1 in size. Not modified
 * @param relevance [rows][frames], in units of the logit; null for the input, which has none. Not modified
 * @param share of the relevance of the whole; NaN where there is none
 * @param loudness factor that makes the sound as loud as its share is large, 0 to 1
 */
public record Track(String name, String title, float[] signal, float[][] relevance, double share, double loudness) {
    /** The same track with another title. */
    Track titled(String another) {
        return new Track(name, another, signal, relevance, share, loudness);
    }
}

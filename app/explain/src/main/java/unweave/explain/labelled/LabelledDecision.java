package unweave.explain.labelled;

import java.nio.file.Path;
import unweave.explain.Decision;

/**
 * A sound with its class and what a network decides about it.
 *
 * @param place of the sound in its collection
 * @param truth the class that it has there
 * @param start where the part that is explained begins, in seconds
 */
public record LabelledDecision(Path path, int place, String truth, double start, Decision decision) {
    /** Whether the network decides for the sound's own class. */
    public boolean right() {
        return truth.equals(decided());
    }

    /** The class that the network decides for. */
    public String decided() {
        return decision.decision().className();
    }

    /** Whether the concepts' shares mean something: it is split, and the relevance speaks for the explained class. */
    public boolean hasShares() {
        return decision.through() != null && decision.relevance() > 0;
    }
}

package unweave.explain;

/**
 * What to explain about a sound, where it is not the decision as it is: {@code new Question().withClass("jazz")}.
 *
 * @param className whose logit is explained; null for the class that the model decides for
 * @param against the class whose logit is subtracted ("why this and not that"); null for none
 * @param through the class whose subspaces split the explanation (thesis Fig. 4.8); null for those of the explained
 *     class
 * @param method how; only {@link AttributionMethod#LRP} without {@code against} is split into concepts
 */
public record Question(String className, String against, String through, AttributionMethod method) {
    /** Why does the model decide as it does? */
    public Question() {
        this(null, null, null, AttributionMethod.LRP);
    }

    /** The same about another class. */
    public Question withClass(String other) {
        return new Question(other, against, through, method);
    }

    /** Why this and not that? */
    public Question withAgainst(String other) {
        return new Question(className, other, through, method);
    }

    /** The same, split by the subspaces of another class: what both classes share. */
    public Question withThrough(String other) {
        return new Question(className, against, other, method);
    }

    /** The same by another method. */
    public Question withMethod(AttributionMethod other) {
        return new Question(className, against, through, other);
    }
}

package unweave.explain;

/**
 * What to explain about a sound, where it is not the decision as it is: {@code new Question().withClass("jazz")}.
 *
 * @param className whose logit is explained; null for the class that the model decides for
 * @param against the class whose logit is subtracted ("why this and not that"); null for none
 * @param method how; only {@link AttributionMethod#LRP} without {@code against} is split into concepts
 */
public record Question(String className, String against, AttributionMethod method) {
    /** Why does the model decide as it does? */
    public Question() {
        this(null, null, AttributionMethod.LRP);
    }

    /** The same about another class. */
    public Question withClass(String other) {
        return new Question(other, against, method);
    }

    /** Why this and not that? */
    public Question withAgainst(String other) {
        return new Question(className, other, method);
    }

    /** The same by another method. */
    public Question withMethod(AttributionMethod other) {
        return new Question(className, against, other);
    }
}
